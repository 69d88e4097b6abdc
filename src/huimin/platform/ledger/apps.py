from __future__ import annotations

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "huimin.platform.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Groups that no context has facts of yet are verified to be empty."""
        from huimin.platform.ledger import accounts  # noqa: PLC0415
        from huimin.platform.ledger.verification import nothing_yet, register_verifier  # noqa: PLC0415

        unused = (accounts.FEES, accounts.MAKERS, accounts.INSURERS)
        register_verifier("not in use yet", groups=unused, recompute=nothing_yet)
