from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig

_MOST_ATTEMPTS = 24
"""So many attempts end about half a day after the message was due."""
_SILENT = timedelta(seconds=90)
"""One attempt, with all its tries and the query for its receipt, takes at most half a minute."""


class Outbox(AppConfig):
    name = "huimin.platform.outbox"
    label = "outbox"

    def ready(self) -> None:
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        # One-time codes before notices, since a code is useless after ten minutes.
        for name, priority in (("message", 10), ("notice", 0)):
            register_kinds(
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
