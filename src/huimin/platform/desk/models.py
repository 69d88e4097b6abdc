"""Studies that were asked of the actuary's desk, with their results."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["Kind", "Study"]


class Kind(models.TextChoices):
    PRICE = "price"
    RENEW = "renew"
    DESIGN = "design"
    CITY = "city"
    LOOKBACK = "lookback"
    RESERVE = "reserve"


class Study(CityRow):
    """One piece of work, under the terms of `plan_text`. It changes nothing that is on sale.

    Most use a synthetic city of `people`. A reserve uses a triangle that was typed in, and no city (0 people).
    """

    task = models.OneToOneField("tasks.Task", on_delete=models.PROTECT, related_name="+")
    """The task has its progress and why it failed."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    plan_digest = models.CharField(max_length=64)
    plan_text = models.TextField()
    sources_text = models.TextField()
    people = models.IntegerField()
    seed = models.IntegerField()
    triangle_text = models.TextField(blank=True)
    numbers = models.JSONField(default=dict)
    """Further numbers that the kind of study needs, by name; shares are percentages."""
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    pages = models.JSONField(default=dict)
    """HTML by language."""
    document = models.JSONField(null=True)
    workbooks = models.JSONField(default=dict)
    """Excel by language, in base 64."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "-requested_at"], name="studies_by_time")]

    def __str__(self) -> str:
        return f"study {self.pk}"
