from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Disclosure(AppConfig):
    name = "huimin.platform.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Each night sessions go that were kept for as long as the law asks."""
        from huimin.platform.tasks.api import Kind, Lane, Nightly, register_kinds  # noqa: PLC0415

        function, silent = "huimin.platform.disclosure.sessions.retention:remove_old_sessions", timedelta(hours=1)
        register_kinds(Kind("remove_old_sessions", function, Lane.JOBS, silent, priority=-10, schedule=Nightly(hour=4)))
