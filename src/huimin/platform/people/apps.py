from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    name = "huimin.platform.people"
    label = "people"
