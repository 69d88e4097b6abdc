from __future__ import annotations

from django.apps import AppConfig


class Claims(AppConfig):
    name = "huimin.platform.claims"
    label = "claims"
