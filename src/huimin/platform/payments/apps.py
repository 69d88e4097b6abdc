from __future__ import annotations

from django.apps import AppConfig


class Payments(AppConfig):
    name = "huimin.platform.payments"
    label = "payments"
