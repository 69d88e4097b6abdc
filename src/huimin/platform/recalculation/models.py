"""Recalculations that were asked for, with their results."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["Recalculation"]


class Recalculation(CityRow):
    """A comparison of what a year's bills are paid under the terms of `plan_text` and under the terms as sold.

    It only informs: it changes no decision and no payment.
    """

    task = models.OneToOneField("tasks.Task", on_delete=models.PROTECT, related_name="+")
    """The task has its progress and why it failed."""
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
    bills undecided under these terms], as in comparison.csv."""
    standing = models.JSONField(default=dict)
    """Fen paid by the stored decisions when it ran, by benefit."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "-requested_at"], name="recalculations_by_time")]

    def __str__(self) -> str:
        return f"recalculation {self.pk}"
