from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_MOST_ATTEMPTS = 40
"""A day and a half of asking, an hour apart at last: then a person looks."""
_ACCOUNTS = "huimin.platform.payments.personal_account"


class Payments(AppConfig):
    name = "huimin.platform.payments"
    label = "payments"

    def ready(self) -> None:
        """Say what computes the context's journal entries again, what workers do, what two people agree on, and who
        collects which means."""
        _register_verifiers()
        _register_collector()
        _register_refunds()
        _register_agreements()
        _register_kinds()


def _register_verifiers() -> None:
    from huimin.platform.ledger.api import CLEARING, PREMIUM, register_verifier  # noqa: PLC0415
    from huimin.platform.payments.personal_account.verification import recompute_personal_accounts  # noqa: PLC0415
    from huimin.platform.payments.verification import recompute_receipts, recompute_refunds  # noqa: PLC0415

    groups = (CLEARING, PREMIUM)
    register_verifier("receipts", groups=groups, recompute=recompute_receipts)
    register_verifier("refunds", groups=groups, recompute=recompute_refunds)
    register_verifier("personal accounts", groups=groups, recompute=recompute_personal_accounts)


def _register_collector() -> None:
    from huimin.platform.payments.means import Collector, MeansKind, register_collector  # noqa: PLC0415
    from huimin.platform.payments.personal_account.opening import released, used  # noqa: PLC0415
    from huimin.platform.payments.personal_account.returning import give_back  # noqa: PLC0415

    register_collector(MeansKind.PERSONAL_ACCOUNT, Collector(used, released, given_back=give_back))


def _register_refunds() -> None:
    from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
    from huimin.platform.payments.refunds.deciding import large_refund  # noqa: PLC0415
    from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

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
    register_use_cases(large_refund())


def _register_agreements() -> None:
    """A payer may take hours to sign; that an agreement is over must get to the company."""
    from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

    for name, most in (("ask_agreement", 20), ("end_agreement", _MOST_ATTEMPTS)):
        function = f"huimin.platform.payments.agreements.company_tasks:{name}"
        register_kinds(Kind(name, function, Lane.JOBS, timedelta(seconds=90), most_attempts=most))


def _register_kinds() -> None:
    """A resident waits for a balance or a hold; nobody waits for the rest."""
    from huimin.platform.tasks.api import Kind, Lane, Monthly, Nightly, register_kinds  # noqa: PLC0415

    silent = timedelta(minutes=5)
    for name, function, priority in (
        ("account_balance", "account_balances:answer_balance", 20),
        ("account_hold", "bureau_tasks:hold", 10),
        ("account_charge", "bureau_tasks:charge", 5),
        ("account_release", "bureau_tasks:release", 5),
    ):
        most = 5 if name == "account_balance" else 20
        register_kinds(
            Kind(name, f"{_ACCOUNTS}.{function}", Lane.ORDERS, silent, priority=priority, most_attempts=most, batch=5)
        )
    fetch = "huimin.platform.payments.reconciliation.tasks:fetch_and_compare"
    morning = Nightly(hour=10)
    register_kinds(Kind("reconcile", fetch, Lane.JOBS, timedelta(minutes=30), most_attempts=12, schedule=morning))
    monthly = Monthly(day=1, hour=4)
    register_kinds(Kind("account_lists", f"{_ACCOUNTS}.monthly:make_lists", Lane.JOBS, silent, schedule=monthly))
