from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "huimin.platform.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register that groups for which no context has facts yet must be empty, and the nightly check of the books."""
        from huimin.platform.ledger import accounts  # noqa: PLC0415
        from huimin.platform.ledger.books_check import CHECK_BOOKS  # noqa: PLC0415
        from huimin.platform.ledger.verification import nothing_yet, register_verifier  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        unused = (accounts.FEES, accounts.MAKERS, accounts.INSURERS)
        register_verifier("not in use yet", groups=unused, recompute=nothing_yet)
        # It reports no progress while it recomputes a whole city, and nobody waits for it, so other jobs go first.
        function, silent = "huimin.platform.ledger.tasks:check_books", timedelta(hours=6)
        register_kinds(Kind(CHECK_BOOKS, function, Lane.JOBS, silent, priority=-10, schedule=Nightly(hour=2)))
