"""Trials as they were answered, and what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, ReservedKey
from huimin.platform.foundation.rows import AppendOnly

__all__ = ["ONE_END_A_TRIAL", "ONE_TRIAL_A_KEY", "ONE_TRIAL_A_PLACE", "End", "SettlementTrial", "TrialEnd"]

ONE_TRIAL_A_KEY, ONE_TRIAL_A_PLACE, ONE_END_A_TRIAL = "one_trial_a_key", "one_trial_a_place", "one_end_a_trial"


class SettlementTrial(AppendOnly):
    """A statement of what a bill or a reversal would be paid if it was settled at that moment. It promises nothing."""

    id = ReservedKey()
    client = models.ForeignKey("foundation.ApiClient", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=36)
    """The trial's id, as its sender knows it."""
    key = models.CharField(max_length=120, null=True)  # noqa: DJ001 - many have none, and one key has one trial
    """The Idempotency-Key of the request; null where a confirmation made the trial, in place of an earlier one."""
    setl_id = models.CharField(max_length=60)
    content_digest = models.CharField(max_length=64)
    policy = models.ForeignKey(
        "enrolment.Policy", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    """Null for a reversal whose bill has not come: it is in no year."""
    member = models.CharField(max_length=64)
    """Whom it is about, as a keyed index of `psn_no` (limits.py)."""
    tried_on = models.DateField()
    place = models.PositiveSmallIntegerField(null=True)
    """Its number among those of this client for this member on this day; null where a confirmation made the trial."""
    facts_through = models.BigIntegerField()
    """The highest key of the facts of that year which the trial knew: those above it came later. 0 for none."""
    body = EncryptedTextField()
    """The message as it came."""
    figures = EncryptedTextField()
    """What a confirmation must find again (figures.py), as JSON."""
    said = EncryptedTextField()
    """The statement word for word, as JSON."""
    computed_at = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "client", "reference"], name="one_trial_a_reference"),
            models.UniqueConstraint(fields=["city", "client", "key"], name=ONE_TRIAL_A_KEY),
            models.UniqueConstraint(fields=["city", "client", "member", "tried_on", "place"], name=ONE_TRIAL_A_PLACE),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "member"], name="trials_of_member"),
            models.Index(fields=["city", "tried_on"], name="trials_of_day"),
        ]

    def __str__(self) -> str:
        return self.reference


class End(models.TextChoices):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    """The year had changed when it was confirmed, so that another trial took its place."""


class TrialEnd(AppendOnly):
    """What became of a trial. It ends once: of a confirmation and a cancellation at one moment one is too late."""

    trial = models.ForeignKey(SettlementTrial, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=20, choices=End.choices)
    settlement = models.ForeignKey(
        "claims.SettlementFact", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    """The fact that a confirmation made, or found made already."""
    replaced_by = models.ForeignKey(
        SettlementTrial, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    changes = EncryptedTextField(null=True, bound_to=("trial_id",))
    """Of a replaced trial: what differs and why, as JSON; what its sender was told."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "trial"], name=ONE_END_A_TRIAL)]

    def __str__(self) -> str:
        return f"{self.trial_id} {self.how}"
