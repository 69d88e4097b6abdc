from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_MOST_ATTEMPTS = 110
"""Four days of asking, an hour apart at last: a buyer has 72 hours to confirm a red invoice."""


class Invoicing(AppConfig):
    name = "huimin.platform.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        """Say what asks the invoice platform, and what takes invoices back."""
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        ours, silent = "huimin.platform.invoicing", timedelta(minutes=2)
        issue = f"{ours}.sending:issue_invoice"
        register_kinds(
            Kind("issue_invoice", issue, Lane.JOBS, silent, priority=5, most_attempts=_MOST_ATTEMPTS),
            Kind("after_refund", f"{ours}.reds:after_refund", Lane.JOBS, timedelta(minutes=1)),
            Kind("sweep_invoices", f"{ours}.reds:sweep", Lane.JOBS, timedelta(minutes=30), schedule=Nightly(hour=5)),
        )
