from __future__ import annotations

from django.apps import AppConfig


class Payments(AppConfig):
    name = "huimin.platform.payments"
    label = "payments"

    def ready(self) -> None:
        """Say what computes the context's journal entries again."""
        from huimin.platform.ledger.api import CLEARING, PREMIUM, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.verification import recompute_receipts  # noqa: PLC0415

        register_verifier(
            "receipts",
            groups=(CLEARING, PREMIUM),
            recompute=recompute_receipts,
        )
