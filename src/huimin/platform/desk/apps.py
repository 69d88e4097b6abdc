"""The actuary's studies as tasks: asked for on a page, done by a worker, and stored with their terms and numbers."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Desk(AppConfig):
    name = "huimin.platform.desk"
    label = "desk"

    def ready(self) -> None:
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        # A step of the largest city takes less than ten minutes, so a worker that is silent for longer is lost.
        function = "huimin.platform.desk.tasks:do_study"
        register_kinds(Kind("study", function, Lane.JOBS, silent=timedelta(minutes=10), seen_by_asker=True))
