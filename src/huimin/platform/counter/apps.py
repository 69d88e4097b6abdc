from __future__ import annotations

from django.apps import AppConfig


class Counter(AppConfig):
    name = "huimin.platform.counter"
    label = "counter"

    def ready(self) -> None:
        """Register who collects cash, what two people agree on, and what computes the entries again."""
        from huimin.platform.counter.cash import give_back, let_go, use  # noqa: PLC0415
        from huimin.platform.counter.verification import recompute_cash  # noqa: PLC0415
        from huimin.platform.counter.writing_off import write_off  # noqa: PLC0415
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.api import Collector, MeansKind, register_collector  # noqa: PLC0415

        register_collector(MeansKind.CASH, Collector(used=use, released=let_go, given_back=give_back))
        register_use_cases(write_off())
        register_verifier("cash", groups=(CLEARING, PREMIUM), recompute=recompute_cash)
