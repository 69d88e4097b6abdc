from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Subsidies(AppConfig):
    name = "huimin.platform.subsidies"
    label = "subsidies"

    def ready(self) -> None:
        """Register what computes the context's journal entries again, what takes two people, and what a worker does."""
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, SUBSIDIES, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.api import Collector, MeansKind, register_collector  # noqa: PLC0415
        from huimin.platform.subsidies.drawing import let_go, secure, use  # noqa: PLC0415
        from huimin.platform.subsidies.giving_back import give_back  # noqa: PLC0415
        from huimin.platform.subsidies.rosters import READ_ROSTER, roster_version  # noqa: PLC0415
        from huimin.platform.subsidies.verification import recompute_funds  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        register_use_cases(roster_version())
        # Reading a large file says nothing for some minutes.
        function, silent = "huimin.platform.subsidies.roster_tasks:read_roster", timedelta(minutes=15)
        register_kinds(Kind(READ_ROSTER, function, Lane.JOBS, silent))
        register_collector(
            MeansKind.SUBSIDY, Collector(used=use, released=let_go, secured=secure, given_back=give_back)
        )
        register_verifier("funds", groups=(CLEARING, PREMIUM, SUBSIDIES), recompute=recompute_funds)
