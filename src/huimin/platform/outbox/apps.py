from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

from huimin.platform.tasks.kinds import Kind, Lane, register

_MOST_ATTEMPTS = 24
"""Half a day after it was due."""
_SILENT = timedelta(seconds=90)
"""One attempt, with all its tries and the question for its receipt, takes half a minute at most."""


class Outbox(AppConfig):
    name = "huimin.platform.outbox"
    label = "outbox"

    def ready(self) -> None:
        # One-time codes before notices: a code is of no use after ten minutes.
        for name, priority in (("message", 10), ("notice", 0)):
            register(
                Kind(
                    name,
                    "huimin.platform.outbox.tasks:deliver_message",
                    Lane.MESSAGES,
                    silent=_SILENT,
                    priority=priority,
                    most_attempts=_MOST_ATTEMPTS,
                    batch=10,
                )
            )
