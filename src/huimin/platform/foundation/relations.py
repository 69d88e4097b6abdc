"""Whom an insured person is to the one who applies or pays."""

from __future__ import annotations

from django.db import models

__all__ = ["Relation"]


class Relation(models.TextChoices):
    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
