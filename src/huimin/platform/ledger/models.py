"""Journal entries and their postings. Debits are positive, credits negative; an entry's postings add up to zero."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.models import AppendOnly

__all__ = ["JournalEntry", "Posting"]


class JournalEntry(AppendOnly):
    """One balanced set of postings. `source` is the fact that it belongs to, `cause` the fact that led to it."""

    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=120)
    cause = models.CharField(max_length=120)
    posted_at = models.DateTimeField()
    sharing = models.CharField(max_length=60, null=True)  # noqa: DJ001 - an entry that shares nothing has none
    """For an entry that shares money out: the plan year and the first day of the shares, `3:2022-01-01`; otherwise
    null.
    """

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "source"], name="entries_of_source")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class Posting(AppendOnly):
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=30)
    """The code of an account of `ledger/accounts`."""
    party = models.CharField(max_length=60, blank=True)
    """`KIND:CODE`; empty if the account has no parties."""
    amount = FenField()
    """In fen; a debit is positive, a credit negative."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_moves_money"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "account", "party"], name="postings_of_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.party} {self.amount}"
