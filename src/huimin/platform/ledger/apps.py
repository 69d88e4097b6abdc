from __future__ import annotations

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "huimin.platform.ledger"
    label = "ledger"
