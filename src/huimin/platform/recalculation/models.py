"""What was asked to be decided again, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["Recalculation"]


class Recalculation(CityRow):
    """A year's bills under the terms of `plan_text`, beside what they are paid under those that were sold.

    It decides nothing: no decision and no payment changes by it.
    """

    task = models.OneToOneField("tasks.Task", on_delete=models.PROTECT, related_name="+")
    """How far it is, and why it failed, stands with its task."""
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    plan_text = models.TextField()
    sources_text = models.TextField()
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
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
