from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_SILENT = timedelta(seconds=60)
_SOON = timedelta(seconds=20)
"""A group takes less than a second. If its worker is killed, payers wait so long."""
_GROUP = 100


class Enrolment(AppConfig):
    name = "huimin.platform.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        """Register what computes the context's journal entries again, and what workers do for orders."""
        from huimin.platform.enrolment.verification import recompute_premium  # noqa: PLC0415
        from huimin.platform.ledger.api import CLEARING, PREMIUM, SUBSIDIES, register_verifier  # noqa: PLC0415
        from huimin.platform.payments.api import MEANS_MOVED, NOTICE_TAKEN  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        register_verifier(
            "premium",
            groups=(CLEARING, PREMIUM, SUBSIDIES),
            recompute=recompute_premium,
        )
        # Asked in order of arrival; an answer that never comes is looked after by a person after some days.
        asking = "huimin.platform.enrolment.bureau.asking:ask_bureau"
        register_kinds(Kind("ask_bureau", asking, Lane.ORDERS, _SILENT, most_attempts=100, batch=10))
        granting, long = "huimin.platform.enrolment.granting", timedelta(minutes=10)
        register_kinds(
            Kind("grant_cover", f"{granting}:make_granted_orders", Lane.JOBS, long),
            Kind("finish_grants", f"{granting}:finish_grants", Lane.JOBS, long, schedule=Nightly(hour=1)),
        )
        paid = "huimin.platform.enrolment.paid"
        register_kinds(
            Kind(
                NOTICE_TAKEN,
                f"{paid}:hear",
                Lane.ISSUING,
                _SOON,
                batch=_GROUP,
                together=f"{paid}:hear_together",
                kept=True,
            )
        )
        for name, function in ((MEANS_MOVED, "move_means"), ("complete_order", "complete")):
            place = f"huimin.platform.enrolment.completing:{function}"
            register_kinds(Kind(name, place, Lane.ORDERS, silent=_SILENT, batch=20))
