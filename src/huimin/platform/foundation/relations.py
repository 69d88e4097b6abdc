"""How an insured person is related to the applicant or payer."""

from __future__ import annotations

from django.db import models

__all__ = ["Relation"]


class Relation(models.TextChoices):
    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
