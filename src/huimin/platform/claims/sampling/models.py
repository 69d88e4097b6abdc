"""Bills that were drawn for a person to look at, and how far the drawing has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.rows import AppendOnly, CityRow

__all__ = ["SampleAnswer", "SampleDrawn", "SampledBill"]


class SampleAnswer(models.TextChoices):
    RIGHT = "right"
    WRONG = "wrong"


class SampledBill(CityRow):
    """A bill that chance drew. Its finding (subject `sampled_bill` and its key) has who looked, and why."""

    sealed: ClassVar = ("settlement_id", "recorded_at")

    settlement = models.OneToOneField("claims.SettlementFact", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=SampleAnswer.choices, blank=True, default="")
    note = MaskedTextField(blank=True, default="")
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["city", "id"], name="sampled_open", condition=models.Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"sampled {self.settlement_id}"


class SampleDrawn(AppendOnly):
    """Every fact up to this key was drawn from, in the order of arrival."""

    through = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "through"], name="drawn_through_once"),
        ]

    def __str__(self) -> str:
        return f"drawn through {self.through}"
