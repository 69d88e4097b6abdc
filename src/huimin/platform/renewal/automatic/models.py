"""A renewal that was announced, and the roads by which it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.renewal.consents.models import KeptWords, RenewalConsent

__all__ = ["Renewal", "RenewalNotice", "RenewalStatus", "ToldBy"]


class RenewalStatus(models.TextChoices):
    ANNOUNCED = "announced"
    PAYING = "paying"
    """The order is placed, and the payment company is asked to take the premium."""
    RENEWED = "renewed"
    UNDONE = "undone"
    """Somebody did not want it, before or after it was paid."""
    REFUSED = "refused"
    """The person may not be renewed; nothing was taken."""
    FAILED = "failed"
    """The account did not pay, or cover could not be given."""
    GIVEN_BACK = "given_back"
    """There was no proof of consent: the money goes back."""


class Renewal(CityRow):
    """One person's cover that is to be renewed for one plan year. What happened stands in its history."""

    sealed: ClassVar = (
        *("policy_number", "insured_id", "payer_id", "consent_id", "plan_year_id", "plan_digest", "edition"),
        *("price", "last_price", "worse", "sheet_id", "created_at"),
    )

    policy_number = models.CharField(max_length=24)
    """Of the year before."""
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    payer = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    consent = models.ForeignKey(RenewalConsent, on_delete=models.PROTECT, related_name="+", db_index=False)
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+", db_index=False)
    plan_digest = models.CharField(max_length=64)
    edition = models.CharField(max_length=40, blank=True)
    price = FenField()
    """What would be taken: the person's own part, in fen. 0 where they may not be renewed."""
    last_price = FenField()
    """What the payer paid for the year before."""
    worse = models.BooleanField()
    """Whether the price, or a term, is worse than the year before: the announcement says so."""
    sheet = models.ForeignKey(KeptWords, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """The sheet of changes as it was announced."""
    created_at = models.DateTimeField()
    charge_on = models.DateField()
    """The first day on which money may be taken; later if a road took longer."""
    status = models.CharField(max_length=10, choices=RenewalStatus.choices)
    reason = models.CharField(max_length=40, blank=True, default="")
    """Why it was refused or failed, as a code."""
    order_reference = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "plan_year", "insured"], name="one_renewal_a_plan_year")
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "status", "charge_on"], name="renewals_by_day"),
            models.Index(fields=["city", "order_reference"], name="renewals_by_order"),
            models.Index(fields=["city", "payer"], name="renewals_of_payer"),
            models.Index(fields=["city", "policy_number"], name="renewals_of_policy"),
        ]

    def __str__(self) -> str:
        return f"renewal {self.pk}"


class ToldBy(models.TextChoices):
    TEXT = "text"
    CENTRE = "centre"
    """The message centre on the resident's own pages."""
    TELEPHONE = "telephone"
    LETTER = "letter"


class RenewalNotice(AppendOnly):
    """A renewal was announced by one road. Text and message centre are known from the message itself."""

    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, related_name="+", db_index=False)
    road = models.CharField(max_length=10, choices=ToldBy.choices)
    by = models.CharField(max_length=80)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "renewal", "road"], name="told_once_by_a_road")
        ]

    def __str__(self) -> str:
        return f"told {self.renewal_id} by {self.road}"
