"""Files of payment companies and of the bank as they came, and how each day stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["CompanyFile", "DayState", "ReconciledDay"]


class CompanyFile(AppendOnly):
    """A file of a company, or of the bank, for one day. One that says something else for the same day is another."""

    provider = models.CharField(max_length=30)
    day = models.DateField()
    digest = models.CharField(max_length=64)
    content = models.TextField()
    """As it came. It names payments by our references, and no person."""
    rows = models.PositiveIntegerField()
    paid = FenField()
    refunded = FenField()
    fees = FenField()
    read_by = models.CharField(max_length=80)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "provider", "day", "digest"], name="one_file_of_a_content"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class DayState(models.TextChoices):
    OPEN = "open"
    """Something differs, and somebody has still to say why."""
    AGREES = "agrees"
    """Nothing differs, or everything is explained; a person has not closed it yet."""
    CLOSED = "closed"


class ReconciledDay(CityRow):
    """How a day stands by the newest file. It is compared again with each new file, until it is closed."""

    provider = models.CharField(max_length=30)
    day = models.DateField()
    file = models.ForeignKey(CompanyFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=DayState.choices)
    matched = models.PositiveIntegerField()
    matched_amount = FenField()
    stated = FenField()
    """What the file has of what is compared, in fen."""
    booked = FenField()
    """What we have booked of it, in fen."""
    differences = models.PositiveIntegerField()
    compared_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    note = MaskedTextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "provider", "day"], name="one_row_for_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day} {self.state}"
