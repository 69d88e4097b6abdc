from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_MOST_ATTEMPTS = 40
"""A day and a half of asking, an hour apart at last: then a person looks."""


class Payments(AppConfig):
    name = "huimin.platform.payments"
    label = "payments"

    def ready(self) -> None:
        """Say what computes the context's journal entries again, how refunds are sent, and what two people agree on."""
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.verification import recompute_receipts, recompute_refunds  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        register_verifier(
            "receipts",
            groups=(CLEARING, PREMIUM),
            recompute=recompute_receipts,
        )
        register_verifier("refunds", groups=(CLEARING, PREMIUM), recompute=recompute_refunds)
        register_kinds(
            Kind(
                "pay_back",
                "huimin.platform.payments.refunds.sending:pay_back",
                Lane.JOBS,
                silent=timedelta(seconds=90),
                priority=5,
                most_attempts=_MOST_ATTEMPTS,
            )
        )
        from huimin.platform.payments.refunds.deciding import large_refund  # noqa: PLC0415

        register_use_cases(large_refund())
