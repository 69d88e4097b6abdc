from __future__ import annotations

from django.apps import AppConfig


class Subsidies(AppConfig):
    name = "huimin.platform.subsidies"
    label = "subsidies"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.ledger.api import CLEARING, SUBSIDIES, register_verifier  # noqa: PLC0415
        from huimin.platform.subsidies.verification import recompute_funds  # noqa: PLC0415

        register_verifier("funds", groups=(CLEARING, SUBSIDIES), recompute=recompute_funds)
