"""A payer's agreement with the payment company, as the company told us of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.models import CityRow

__all__ = ["AgreementStatus", "DeductionAgreement"]


class AgreementStatus(models.TextChoices):
    ASKED = "asked"
    """The payer was sent to the company's page; nobody told us yet what they did there."""
    IN_FORCE = "in_force"
    ENDING = "ending"
    """The payer does not want it any more, and the company is being told. Nothing is taken by it."""
    ENDED = "ended"


class DeductionAgreement(CityRow):
    """One agreement. What happened to it stands in its history."""

    sealed: ClassVar = ("key", "provider", "resident_id", "created_at")

    key = models.CharField(max_length=40)
    """Ours, which goes to the company; it reveals nothing about the payer."""
    provider = models.CharField(max_length=30)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=AgreementStatus.choices, default=AgreementStatus.ASKED)
    number = models.CharField(max_length=80, blank=True, default="")
    """The company's; empty until it is signed."""
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "key"], name="one_agreement_a_key")]
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="agreements_of_resident")]

    def __str__(self) -> str:
        return self.key
