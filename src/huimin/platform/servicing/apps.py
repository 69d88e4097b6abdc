from __future__ import annotations

from django.apps import AppConfig


class Servicing(AppConfig):
    name = "huimin.platform.servicing"
    label = "servicing"

    def ready(self) -> None:
        """Say what computes the entries of premium that came back again."""
        from huimin.platform.ledger.api import PREMIUM, SUBSIDIES, register_verifier  # noqa: PLC0415
        from huimin.platform.servicing.verification import recompute_reversals  # noqa: PLC0415

        register_verifier("premium that came back", groups=(PREMIUM, SUBSIDIES), recompute=recompute_reversals)
