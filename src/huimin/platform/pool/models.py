"""The pool (共保体): insurers and their shares of a plan year, by period."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["ONE_ROUNDING_STATEMENT", "Insurer", "RoundingStatement", "Share"]

ONE_ROUNDING_STATEMENT = "one_rounding_statement"


class Insurer(CityRow):
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="insurer_code_in_city")]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


class Share(CityRow):
    """An insurer's share of premium and claims of a plan year, from a day on, in basis points."""

    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT, related_name="+")
    basis_points = models.PositiveIntegerField()
    is_lead = models.BooleanField(default=False)
    from_day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "plan_year", "insurer", "from_day"], name="one_share_a_period"),
            models.CheckConstraint(condition=models.Q(basis_points__gt=0), name="share_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.insurer_id} {self.basis_points}"


class RoundingStatement(AppendOnly):
    """What rounding left between insurers by the end of a month, and what was posted to even it out."""

    month = models.DateField()
    """Its first day."""
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=80)
    lines = models.JSONField()
    """For each table of shares and account: what each insurer had (fen, as posted), and how much more or less it
    got.
    """

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "month"], name=ONE_ROUNDING_STATEMENT)]

    def __str__(self) -> str:
        return f"rounding {self.month:%Y-%m}"
