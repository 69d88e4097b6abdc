"""What was asked to be decided again, how far it is, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import CityRow

__all__ = ["Recalculation", "Status"]


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Recalculation(CityRow):
    """A year's bills under the terms of `plan_text`, beside what they are paid under those that were sold.

    It decides nothing: no decision and no payment changes by it.
    """

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    plan_text = models.TextField()
    sources_text = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    step = models.CharField(max_length=20, blank=True)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    """When its worker last said something. One that was not heard of for a while is taken up by another."""
    attempts = models.PositiveIntegerField(default=0)
    """How often a worker took it up. One that ended its worker each time is given up."""
    finished_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    """What went wrong, in English, for logs; a page makes its sentence from the code and its values."""
    fault_code = models.CharField(max_length=40, blank=True)
    fault_values = models.JSONField(default=dict)
    summary = models.JSONField(null=True)
    """summary.json of the job."""
    changes = models.JSONField(default=list)
    """[by, value, members paid more, members paid less, fen as sold, fen under these terms, bills undecided as sold,
    bills undecided under these terms], as in comparison.csv. Older ones do not have the last two."""
    standing = models.JSONField(default=dict)
    """Fen that stood in the decisions when it ran, by benefit."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "-requested_at"], name="recalculations_by_time")]

    def __str__(self) -> str:
        return f"recalculation {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.status in (Status.WAITING, Status.RUNNING)

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.of if self.of else 0
