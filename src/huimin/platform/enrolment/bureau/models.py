"""What the bureau said of a person, kept as evidence: with its source, and when we were told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.models import AppendOnly

__all__ = ["BureauFact", "HealthRecord"]


class BureauFact(AppendOnly):
    """One answer about who somebody is and how they are insured."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("enrolment.Order", on_delete=models.PROTECT, related_name="+")
    """For which it was asked."""
    match = models.CharField(max_length=20)
    insutype = models.CharField(max_length=3, blank=True)
    """On the day of the order; empty where they had no basic insurance."""
    area = models.CharField(max_length=60, blank=True)
    history_asked = models.BooleanField()
    """Whether somebody had agreed that the records are asked for."""
    told_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="bureau_facts_of_person")]

    def __str__(self) -> str:
        return f"{self.match} {self.pk}"


class HealthRecord(AppendOnly):
    """One diagnosis that the bureau's records show. It is evidence: the person may contest it, and a person decides."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    record_index = models.CharField(max_length=64)
    """A keyed digest of whose, what, when and where: told again it is the same record."""
    diagnosis = EncryptedTextField(bound_to=("record_index",))
    group = EncryptedTextField(bound_to=("record_index",))
    """The bureau's own group of pre-existing conditions; empty where it named none."""
    day = models.DateField()
    institution = models.CharField(max_length=60)
    source = models.CharField(max_length=20, default="bureau")
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "record_index"], name="one_health_record_in_city")
        ]
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="health_records_of_person")]

    def __str__(self) -> str:
        return f"record {self.pk}"
