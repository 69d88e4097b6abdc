"""The actuary's work as tasks: asked for on a page, done beside the server, kept with what it was asked on."""

from __future__ import annotations

from django.apps import AppConfig


class Desk(AppConfig):
    name = "huimin.platform.desk"
    label = "desk"
