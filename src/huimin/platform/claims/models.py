"""Settlements as facts, decisions as versions, and bills that need a human look."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.models import ApiClient, AppendOnly, CityRow

__all__ = ["BenefitDecisionVersion", "ReviewItem", "SettlementFact"]


_AS_SENT = ("client_id", "setl_id", "content_digest")
"""What names a fact before its key is known: the key is drawn last, so that facts are numbered by arrival."""


class SettlementFact(AppendOnly):
    """A bill or a reversal that was accepted as a fact of a member's year."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="settlements")
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    setl_id = models.CharField(max_length=60)
    psn_no = models.CharField(max_length=30)
    setl_time = models.DateTimeField()
    med_type = models.CharField(max_length=10)
    amounts = models.JSONField()
    """Fen by national field name; what was not reported is absent."""
    admission = models.DateField(null=True)
    discharge = models.DateField(null=True)
    reverses = models.CharField(max_length=60, null=True)  # noqa: DJ001 - unknown and empty differ
    care = EncryptedTextField(null=True, bound_to=_AS_SENT)
    """Place, ward, diagnoses, items and the like, as JSON by column; null where nothing was reported."""
    body = EncryptedTextField(bound_to=_AS_SENT)
    """The message as it came."""
    content_digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    payee = models.CharField(max_length=40)
    """The code of the client that sent the bill, and to which the plan's payment is owed."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "setl_id"], name="settlement_in_city")]
        indexes: ClassVar = [models.Index(fields=["city", "policy"], name="settlements_of_policy")]

    def __str__(self) -> str:
        return self.setl_id


class BenefitDecisionVersion(AppendOnly):
    """What a benefit pays on a settlement, as of one version. The highest version stands.

    `change` is the payment less that of the version before, so that the sum of `change` over any set of rows is what
    the plan pays on it now.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    settlement = models.ForeignKey(SettlementFact, on_delete=models.PROTECT, related_name="decisions")
    cause = models.ForeignKey(SettlementFact, on_delete=models.PROTECT, related_name="+")
    """The fact that brought this version about."""
    benefit = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    base = FenField()
    deductible_applied = FenField()
    excess = FenField()
    payable = FenField()
    change = FenField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "settlement", "benefit", "version"], name="one_decision_a_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "policy"], name="decisions_of_policy")]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.benefit} v{self.version}"


class ReviewItem(CityRow):
    """A bill that was not adjudicated by itself. Kept whole until a person has dealt with it."""

    id = ReservedKey()
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    setl_id = models.CharField(max_length=60)
    psn_no = models.CharField(max_length=30)
    body = EncryptedTextField()
    content_digest = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    reason = models.TextField()
    values = models.JSONField(default=dict)
    """What the reason names, as `Refusal.values`: pages word the code with them."""
    amount = FenField(default=0)
    """The bill's total, for the queue's order; 0 where it is not known."""
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "setl_id", "content_digest"], name="one_review_a_message"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["city", "received_at"], name="reviews_open", condition=models.Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.setl_id} {self.code}"
