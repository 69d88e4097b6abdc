from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Bulk(AppConfig):
    name = "huimin.platform.bulk"
    label = "bulk"

    def ready(self) -> None:
        """Register what takes two people, what workers do, who collects, and what computes the entries again."""
        from huimin.platform.bulk.checking import CHECK_BULK  # noqa: PLC0415
        from huimin.platform.bulk.guard import give_back, let_go, use  # noqa: PLC0415
        from huimin.platform.bulk.organisations import ENROL_BULK, money_use_cases  # noqa: PLC0415
        from huimin.platform.bulk.sending import ASK_PEOPLE  # noqa: PLC0415
        from huimin.platform.bulk.verification import recompute_organisations  # noqa: PLC0415
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.api import Collector, MeansKind, register_collector  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        register_use_cases(*money_use_cases())
        place, silent = "huimin.platform.bulk", timedelta(minutes=5)
        register_kinds(
            Kind(CHECK_BULK, f"{place}.checking:check_file", Lane.JOBS, silent),
            Kind(ENROL_BULK, f"{place}.enrolling:enrol_rows", Lane.JOBS, silent),
            Kind(ASK_PEOPLE, f"{place}.consents:ask_people", Lane.JOBS, silent),
            Kind("remind_people", f"{place}.reminding:remind_people", Lane.JOBS, silent, schedule=Nightly(hour=8)),
        )
        register_collector(MeansKind.ORGANISATION, Collector(used=use, released=let_go, given_back=give_back))
        register_verifier("organisations", groups=(CLEARING, PREMIUM), recompute=recompute_organisations)
