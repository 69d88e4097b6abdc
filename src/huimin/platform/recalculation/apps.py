from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

from huimin.platform.tasks.kinds import Kind, Lane, register


class Recalculation(AppConfig):
    name = "huimin.platform.recalculation"
    label = "recalculation"

    def ready(self) -> None:
        function = "huimin.platform.recalculation.tasks:recalculate"
        register(Kind("recalculation", function, Lane.JOBS, silent=timedelta(minutes=2), seen_by_asker=True))
