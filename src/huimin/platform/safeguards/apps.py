from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class Safeguards(AppConfig):
    name = "huimin.platform.safeguards"
    label = "safeguards"

    def ready(self) -> None:
        """Say what asks, once policies were issued, whether it was meant."""
        from huimin.platform.tasks.api import Kind, Lane, register_kinds  # noqa: PLC0415

        function, silent = "huimin.platform.safeguards.was_it_you:ask_was_it_you", timedelta(minutes=1)
        register_kinds(Kind("ask_was_it_you", function, Lane.MESSAGES, silent, priority=-1, batch=10))
        undo = "huimin.platform.safeguards.undoing:undo_enrolment"
        register_kinds(Kind("undo_enrolment", undo, Lane.JOBS, timedelta(minutes=5), priority=10))
