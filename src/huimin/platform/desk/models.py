"""What was asked of the actuary's desk, how far it is, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["Kind", "Status", "Study"]


class Kind(models.TextChoices):
    PRICE = "price"
    RENEW = "renew"
    DESIGN = "design"
    CITY = "city"
    LOOKBACK = "lookback"
    RESERVE = "reserve"


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Study(CityRow):
    """One piece of work, under the terms of `plan_text`. It changes nothing that is on sale.

    Most are on a synthetic city of `people`; a reserve is of a triangle that was typed in, and of no city (0 people).
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    plan_digest = models.CharField(max_length=64)
    plan_text = models.TextField()
    sources_text = models.TextField()
    people = models.IntegerField()
    seed = models.IntegerField()
    triangle_text = models.TextField(blank=True)
    numbers = models.JSONField(default=dict)
    """What else the kind of work asks for, by name; shares are percentages."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.IntegerField(default=0)
    of = models.IntegerField(default=0)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    """How often a worker took it up. One that ended its worker each time is given up."""
    finished_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    """What went wrong, in English, for logs; a page makes its sentence from the code and its values."""
    fault_code = models.CharField(max_length=40, blank=True)
    fault_values = models.JSONField(default=dict)
    pages = models.JSONField(default=dict)
    """HTML by language."""
    document = models.JSONField(null=True)
    workbooks = models.JSONField(default=dict)
    """Excel by language, in base 64."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "-requested_at"], name="studies_by_time")]

    def __str__(self) -> str:
        return f"study {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.status in (Status.WAITING, Status.RUNNING)

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.of if self.of else 0
