"""Statements of hospitals, as they were made, and their lines with what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = [
    "ONE_LINE_FOR_A_DECISION",
    "ONE_STATEMENT_A_MONTH",
    "DisputeReason",
    "HospitalStatement",
    "LineKind",
    "LineState",
    "StatementLine",
]

ONE_STATEMENT_A_MONTH, ONE_LINE_FOR_A_DECISION = "one_hospital_statement_a_month", "one_line_for_a_decision"


class HospitalStatement(AppendOnly):
    """What is owed to one hospital or pharmacy for a month, as it was stated. It never changes: what comes later stands
    in a later month's.
    """

    client = models.ForeignKey("foundation.ApiClient", on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.CharField(max_length=60)
    """The client as the journal names it: `hospital:hospital-1`."""
    month = models.DateField()
    """Its first day."""
    rows = models.PositiveIntegerField()
    amount = FenField()
    """The sum of its lines; below zero where the hospital owes."""
    digest = models.CharField(max_length=64)
    """SHA-256 of its lines: whoever has the statement outside sees whether it is this one."""
    answer_until = models.DateField()
    """The last day on which an answer is in time. Silence is no answer: what nobody answered stays open."""
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "party", "month"], name=ONE_STATEMENT_A_MONTH),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "month"], name="hospital_statements_of_month")]

    def __str__(self) -> str:
        return f"{self.party} {self.month:%Y-%m}"


class LineKind(models.TextChoices):
    SETTLEMENT = "settlement"
    """A bill, with what its sender was answered."""
    REVERSAL = "reversal"
    """The bill was reversed: what was owed for it no longer is."""
    CORRECTION = "correction"
    """Another amount is owed for the bill than was, because it was corrected."""


class LineState(models.TextChoices):
    OPEN = "open"
    """The hospital has not answered."""
    AGREED = "agreed"
    DISPUTED = "disputed"
    STANDS = "stands"
    """It was disputed, and was found to be right: it is paid."""
    TO_CORRECT = "to_correct"
    """It was disputed, and the bill is wrong: nothing is paid for it until the hospital has corrected or reversed it,
    and that line is settled too.
    """


class DisputeReason(models.TextChoices):
    """Why a hospital disputes a line."""

    OTHER_AMOUNT = "other_amount"
    NOT_OURS = "not_ours"
    NOT_CREDITED = "not_credited"
    REVERSED = "reversed"
    OTHER = "other"
    """The note says which."""


class StatementLine(CityRow):
    """One decision by which another amount is owed to the hospital for a bill."""

    sealed: ClassVar = (
        *("statement_id", "number", "party", "entry", "source", "cause", "setl_id", "kind"),
        *("discharged_on", "settled_on", "amount"),
    )

    statement = models.ForeignKey(HospitalStatement, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    party = models.CharField(max_length=60)
    entry = models.BigIntegerField()
    """The number of the decision's first journal entry."""
    source = models.CharField(max_length=120)
    """The bill, as the journal names it."""
    cause = models.CharField(max_length=120)
    """The message that led to it, as the journal names it."""
    setl_id = models.CharField(max_length=60)
    """The bill's own number."""
    kind = models.CharField(max_length=12, choices=LineKind.choices)
    discharged_on = models.DateField(null=True)
    settled_on = models.DateField()
    """The day of the message that led to it; never before that of the bill's line before."""
    amount = FenField()
    state = models.CharField(max_length=12, choices=LineState.choices, default=LineState.OPEN)
    reason = models.CharField(max_length=20, choices=DisputeReason.choices, blank=True, default="")
    note = MaskedTextField(blank=True, default="")
    """The hospital's words, where it disputes the line."""
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    payout = models.ForeignKey("payouts.ClaimPayout", on_delete=models.PROTECT, related_name="+", null=True)
    """The last payout that it was in: it may have come back."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "statement", "number"], name="one_line_of_a_number"),
            models.UniqueConstraint(fields=["city", "entry"], name=ONE_LINE_FOR_A_DECISION),
            models.CheckConstraint(condition=~models.Q(amount=0), name="statement_line_moves_money"),
            models.CheckConstraint(
                condition=models.Q(state=LineState.OPEN, reason="", answered_at__isnull=True)
                | models.Q(state=LineState.AGREED, answered_at__isnull=False)
                | (
                    models.Q(answered_at__isnull=False) & ~models.Q(state__in=["open", "agreed"]) & ~models.Q(reason="")
                ),
                name="statement_line_answered_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "party", "payout"], name="statement_lines_unpaid"),
            models.Index(fields=["city", "statement", "state"], name="statement_lines_by_state"),
            models.Index(fields=["city", "source"], name="statement_lines_of_bill"),
        ]

    def __str__(self) -> str:
        return f"{self.setl_id} {self.amount}"
