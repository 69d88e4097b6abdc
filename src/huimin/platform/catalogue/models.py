"""A plan year on sale: the whole text of its terms, frozen, and the city's own dates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["PlanYear"]


class PlanYear(CityRow):
    """Frozen once published: corrected terms are another row. Old versions stay computable from `plan_text`."""

    sealed: ClassVar = ("plan_id", "plan_digest", "program_digest", "plan_text", "sources_text", "published_at")

    plan_id = models.CharField(max_length=120)
    plan_digest = models.CharField(max_length=64)
    program_digest = models.CharField(max_length=64)
    plan_text = models.TextField()
    sources_text = models.TextField()
    window_first_day = models.DateField()
    window_last_day = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "plan_id", "plan_digest"], name="plan_year_in_city"),
        ]

    def __str__(self) -> str:
        return self.plan_id
