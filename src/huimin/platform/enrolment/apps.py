from __future__ import annotations

from django.apps import AppConfig


class Enrolment(AppConfig):
    name = "huimin.platform.enrolment"
    label = "enrolment"
