from __future__ import annotations

from django.apps import AppConfig


class Seals(AppConfig):
    name = "huimin.platform.seals"
    label = "seals"
