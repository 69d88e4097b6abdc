from __future__ import annotations

from django.apps import AppConfig


class Pool(AppConfig):
    name = "huimin.platform.pool"
    label = "pool"
