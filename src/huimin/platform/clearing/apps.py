from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_HOME = "huimin.platform.clearing"


class Clearing(AppConfig):
    name = _HOME
    label = "clearing"

    def ready(self) -> None:
        """Register what workers do each month and night, what two people agree on, and what verifies statements."""
        from huimin.platform.clearing.deciding import disputed_line  # noqa: PLC0415
        from huimin.platform.clearing.rules import MADE_ON_DAY  # noqa: PLC0415
        from huimin.platform.clearing.verification import recompute_statements  # noqa: PLC0415
        from huimin.platform.foundation.approvals.use_cases import register_use_cases  # noqa: PLC0415
        from huimin.platform.ledger.api import CLAIMS, register_verifier  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Monthly, Nightly, register_kinds  # noqa: PLC0415

        silent = timedelta(minutes=30)
        monthly = Monthly(day=MADE_ON_DAY, hour=5)
        nightly = Nightly(hour=7)
        register_kinds(
            Kind("hospital_statements", f"{_HOME}.making:make_statements", Lane.JOBS, silent, schedule=monthly),
            Kind("pay_hospitals", f"{_HOME}.paying:pay_hospitals", Lane.JOBS, silent, schedule=nightly),
        )
        register_use_cases(disputed_line())
        register_verifier("hospital statements", groups=(CLAIMS,), recompute=recompute_statements)
