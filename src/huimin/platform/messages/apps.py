from __future__ import annotations

from django.apps import AppConfig


class Messages(AppConfig):
    name = "huimin.platform.messages"
    label = "resident_messages"
