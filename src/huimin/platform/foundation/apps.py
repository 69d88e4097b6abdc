from __future__ import annotations

from django.apps import AppConfig


class Foundation(AppConfig):
    name = "huimin.platform.foundation"
    label = "foundation"

    def ready(self) -> None:
        from huimin.platform.foundation import checks  # noqa: F401, PLC0415 - registers the system checks
