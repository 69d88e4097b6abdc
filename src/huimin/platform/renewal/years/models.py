"""Cover years that other insurers' lists tell of, and the lists as they were sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.masking import MaskedCharField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["EarlierFile", "EarlierYear"]


class EarlierFile(CityRow):
    """A list of earlier years that somebody sent, and what a worker found in it."""

    id = ReservedKey()
    sealed: ClassVar = ("name", "digest", "content", "source", "source_day", "received_from", "received_at")
    name = MaskedCharField(max_length=120)
    digest = models.CharField(max_length=64)
    content = EncryptedTextField()
    """Its bytes in base 64."""
    source = MaskedCharField(max_length=200)
    """Who says so: the insurer or authority, and by which paper."""
    source_day = models.DateField()
    """The date of that paper."""
    received_from = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    task = models.ForeignKey("tasks.Task", on_delete=models.PROTECT, related_name="+", null=True)
    faults = EncryptedTextField(null=True)
    """JSON: every fault, by row. None while nobody has read it, and where it was taken."""
    taken = models.PositiveIntegerField(null=True)
    """How many years came of it; null where none was taken."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "digest"], name="earlier_file_once")]

    def __str__(self) -> str:
        return f"earlier years {self.pk}"


class EarlierYear(AppendOnly):
    """One person's cover year with an earlier insurer or plan. The last row for the same days counts."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(EarlierFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    row = models.PositiveIntegerField()
    """Of the file."""
    plan = MaskedCharField(max_length=80)
    """What it was called: the plan, and its insurer."""
    first_day = models.DateField()
    last_day = models.DateField()
    without_claim = models.BooleanField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "file", "row"], name="earlier_year_once_a_row"),
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="earlier_year_ends"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="earlier_years_of")]

    def __str__(self) -> str:
        return f"earlier year {self.pk}"
