from __future__ import annotations

from django.apps import AppConfig


class Recalculation(AppConfig):
    name = "huimin.platform.recalculation"
    label = "recalculation"
