"""The actuary's work as tasks: asked for on a page, done beside the server, kept with what it was asked on."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Desk(AppConfig):
    name = "huimin.platform.desk"
    label = "desk"

    def ready(self) -> None:
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        # A step of the largest city takes less than ten minutes: a worker that says nothing for so long is gone.
        function = "huimin.platform.desk.tasks:do_study"
        register_kinds(Kind("study", function, Lane.JOBS, silent=timedelta(minutes=10), seen_by_asker=True))
