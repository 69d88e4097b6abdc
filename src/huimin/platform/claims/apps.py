from __future__ import annotations

from django.apps import AppConfig


class Claims(AppConfig):
    name = "huimin.platform.claims"
    label = "claims"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.claims.verification import recompute_claims  # noqa: PLC0415
        from huimin.platform.ledger.api import CLAIMS, register_verifier  # noqa: PLC0415

        register_verifier("claims", groups=(CLAIMS,), recompute=recompute_claims)
