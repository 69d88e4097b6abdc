from __future__ import annotations

from django.apps import AppConfig


class Oversight(AppConfig):
    name = "huimin.platform.oversight"
    label = "oversight"
