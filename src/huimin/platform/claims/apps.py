from __future__ import annotations

from django.apps import AppConfig


class Claims(AppConfig):
    name = "huimin.platform.claims"
    label = "claims"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.claims.verification import recompute_claims  # noqa: PLC0415
        from huimin.platform.ledger import accounts  # noqa: PLC0415
        from huimin.platform.ledger.verification import register_verifier  # noqa: PLC0415

        register_verifier("claims", groups=(accounts.CLAIMS,), recompute=recompute_claims)
