from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_HOME = "huimin.platform.payouts"
_MOST_ATTEMPTS = 60
"""Two days of asking the bank, an hour apart at last: then a person looks."""


class Payouts(AppConfig):
    name = _HOME
    label = "payouts"

    def ready(self) -> None:
        """Say what workers do, what two people agree on, whose statements are compared, and what computes the journal
        entries again."""
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLAIMS, CLEARING, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.api import register_counterpart  # noqa: PLC0415
        from huimin.platform.payouts.deciding import large_payout  # noqa: PLC0415
        from huimin.platform.payouts.hospital_accounts import hospital_account_use_case  # noqa: PLC0415
        from huimin.platform.payouts.overpayments.waiving import waiver  # noqa: PLC0415
        from huimin.platform.payouts.statements.booked import bank_counterpart  # noqa: PLC0415
        from huimin.platform.payouts.verification import recompute_payouts  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        silent = timedelta(seconds=90)
        register_kinds(
            Kind("pay_claims", f"{_HOME}.making:pay_claims", Lane.JOBS, silent, priority=6, most_attempts=5),
            Kind(
                "send_payout",
                f"{_HOME}.sending:send_payout",
                Lane.JOBS,
                silent,
                priority=6,
                most_attempts=_MOST_ATTEMPTS,
            ),
            Kind("due_payouts", f"{_HOME}.making:due_payouts", Lane.JOBS, silent, schedule=Nightly(hour=8)),
            Kind(
                "settle_overpayments", f"{_HOME}.overpayments.tasks:settle_overpayments", Lane.JOBS, silent, priority=6
            ),
            Kind(
                "remind_of_overpayments",
                f"{_HOME}.overpayments.letters:remind",
                Lane.JOBS,
                timedelta(minutes=10),
                schedule=Nightly(hour=8),
            ),
        )
        register_kinds(
            Kind(
                "bank_statement",
                f"{_HOME}.statements.tasks:fetch_statement",
                Lane.JOBS,
                timedelta(minutes=30),
                most_attempts=12,
                schedule=Nightly(hour=9),
            )
        )
        register_counterpart(bank_counterpart())
        register_use_cases(large_payout(), waiver(), hospital_account_use_case())
        register_verifier("payouts", groups=(CLAIMS, CLEARING), recompute=recompute_payouts)
