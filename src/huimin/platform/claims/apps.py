from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Claims(AppConfig):
    name = "huimin.platform.claims"
    label = "claims"

    def ready(self) -> None:
        """Register what computes the context's journal entries again, and what a second person may agree to.

        Also register the nightly drawing of a sample, the nightly comparison of the queue of held bills with the bills'
        histories, and that the bills' last days are counted again when the city declares days off or a moratorium.
        """
        from huimin.platform.claims.reviews import held_bill  # noqa: PLC0415
        from huimin.platform.claims.verification import recompute_claims  # noqa: PLC0415
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.foundation.clocks.declaring import when_days_change  # noqa: PLC0415
        from huimin.platform.ledger.api import CLAIMS, register_verifier  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Nightly, enqueue, register_kinds  # noqa: PLC0415

        register_use_cases(held_bill())
        register_verifier("claims", groups=(CLAIMS,), recompute=recompute_claims)
        # A low lane: it reads every bill that was ever held, and nobody waits for it.
        function, silent = "huimin.platform.claims.tasks:check_cases", timedelta(hours=1)
        register_kinds(Kind("check_cases", function, Lane.JOBS, silent, priority=-10, schedule=Nightly(hour=3)))
        drawing = "huimin.platform.claims.sampling.drawing:draw_sample"
        register_kinds(Kind("draw_sample", drawing, Lane.JOBS, silent, priority=-10, schedule=Nightly(hour=6)))
        register_kinds(Kind("recount_deadlines", "huimin.platform.claims.tasks:recount_deadlines", Lane.JOBS, silent))
        when_days_change("held bills", lambda city: enqueue(city=city, kind="recount_deadlines"))
