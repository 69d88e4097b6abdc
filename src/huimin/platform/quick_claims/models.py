"""Consents to fetch settlements, claims that rest on them, and the bills that the bureau told of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["FetchConsent", "FetchConsentEnd", "QuickClaim", "QuickClaimBill", "QuickClaimState"]


class FetchConsent(AppendOnly):
    """Somebody lets the bureau be asked for data of one class, of one person and period, for one purpose."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    """Whose data they are."""
    given_by = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    """The person themself, or their guardian."""
    purpose = models.CharField(max_length=40)
    data_class = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    """Both included."""
    text_version = models.CharField(max_length=20)
    key = models.CharField(max_length=32)
    """Drawn; it names the row before the database does, which its text is bound to."""
    text = EncryptedTextField(bound_to=("key",))
    """The words as they were shown, with the person's name."""
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "key"], name="fetch_consent_key_in_city")]
        indexes: ClassVar = [
            models.Index(fields=["city", "resident"], name="fetch_consents_of_resident"),
            models.Index(fields=["city", "given_by"], name="fetch_consents_by_giver"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class FetchConsentEnd(AppendOnly):
    """A consent that was taken back: from then on the bureau is not asked by it."""

    consent = models.ForeignKey(FetchConsent, on_delete=models.PROTECT, related_name="ends")
    at = models.DateTimeField()
    ended_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "consent"], name="a_consent_ends_once")]

    def __str__(self) -> str:
        return f"end of {self.consent_id}"


class QuickClaimState(models.TextChoices):
    ASKING = "asking"
    """The bureau is about to be asked."""
    WAITING = "waiting"
    """The bureau was asked, and has given no answer that can be used. It is asked again by itself."""
    ANSWERED = "answered"
    """Its bills are decided, or with a person. What is owed for them is paid by `payouts`."""
    WITHDRAWN = "withdrawn"


class QuickClaim(CityRow):
    """One tap: the settlements of one policy's period. What happened stands in the history of the subject
    `quick_claim`.
    """

    sealed: ClassVar = ("key", "policy_id", "claimed_by_id", "consent_id", "created_at")

    key = models.CharField(max_length=32)
    """Drawn by the page on which it was tapped, so that two taps are one claim. It names the claim in addresses."""
    policy = models.ForeignKey("enrolment.Policy", on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_by = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    consent = models.ForeignKey(FetchConsent, on_delete=models.PROTECT, related_name="claims")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=QuickClaimState.choices, default=QuickClaimState.ASKING)
    fault = models.CharField(max_length=60, blank=True, default="")
    """Why there is no answer yet, as a code."""
    ended_at = models.DateTimeField(null=True)
    """When the bureau had answered, or the claim was withdrawn."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="quick_claim_key_in_city"),
            models.UniqueConstraint(
                fields=["city", "policy"], name="one_open_quick_claim", condition=models.Q(ended_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "policy"], name="quick_claims_of_policy"),
            models.Index(fields=["city", "claimed_by"], name="quick_claims_by_claimer"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class QuickClaimBill(AppendOnly):
    """A bill that the bureau told of for a claim, and what became of it then."""

    claim = models.ForeignKey(QuickClaim, on_delete=models.PROTECT, related_name="bills")
    institution = models.CharField(max_length=40)
    institution_name = models.CharField(max_length=80)
    setl_id = models.CharField(max_length=60)
    settled_on = models.DateField()
    total = FenField()
    became = models.CharField(max_length=20)
    """`Became` of `claims`."""
    settlement = models.ForeignKey(
        "claims.SettlementFact", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    review = models.ForeignKey(
        "claims.ReviewItem", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "claim", "institution", "setl_id"], name="one_bill_in_a_quick_claim"
            )
        ]

    def __str__(self) -> str:
        return self.setl_id
