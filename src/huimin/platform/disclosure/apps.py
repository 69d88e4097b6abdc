from __future__ import annotations

from django.apps import AppConfig


class Disclosure(AppConfig):
    name = "huimin.platform.disclosure"
    label = "disclosure"
