from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Renewal(AppConfig):
    name = "huimin.platform.renewal"
    label = "renewal"

    def ready(self) -> None:
        """Say what is done every night: people's years are counted again, from policies, bills and lists."""
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        function, silent = "huimin.platform.renewal.years.counting:count_years", timedelta(minutes=30)
        register_kinds(Kind("count_years", function, Lane.JOBS, silent, priority=-5, schedule=Nightly(hour=2)))
