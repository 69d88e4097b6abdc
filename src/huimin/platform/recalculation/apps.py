from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Recalculation(AppConfig):
    name = "huimin.platform.recalculation"
    label = "recalculation"

    def ready(self) -> None:
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        function = "huimin.platform.recalculation.tasks:recalculate"
        register_kinds(Kind("recalculation", function, Lane.JOBS, silent=timedelta(minutes=2), seen_by_asker=True))
