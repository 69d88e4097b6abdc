from __future__ import annotations

from django.apps import AppConfig


class Catalogue(AppConfig):
    name = "huimin.platform.catalogue"
    label = "catalogue"
