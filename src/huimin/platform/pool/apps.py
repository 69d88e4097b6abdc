from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Pool(AppConfig):
    name = "huimin.platform.pool"
    label = "pool"

    def ready(self) -> None:
        """Register what computes the context's journal entries again, and the monthly task."""
        from huimin.platform.ledger.api import CLAIMS, PREMIUM, register_verifier  # noqa: PLC0415
        from huimin.platform.pool.verification import recompute_roundings  # noqa: PLC0415
        from huimin.platform.tasks.api import Kind, Lane, Monthly, register_kinds  # noqa: PLC0415

        register_verifier(
            "rounding statements",
            groups=(PREMIUM, CLAIMS),
            recompute=recompute_roundings,
        )
        # A month may be closed a day after its end, so the first worker that is free on the second day does it.
        function, when = "huimin.platform.pool.tasks:even_out", Monthly(day=2, hour=3)
        register_kinds(Kind("even_out", function, Lane.JOBS, silent=timedelta(hours=1), schedule=when))
