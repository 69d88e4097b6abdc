"""The table of refunds: what is to go back, of which transaction, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.rows import CityRow

__all__ = ["Refund", "RefundReason", "RefundStatus"]


class RefundReason(models.TextChoices):
    OTHER_AMOUNT = "other_amount"
    PAID_AGAIN = "paid_again"
    NO_COVER = "no_cover"
    """Paid for, and no cover could be given."""
    WITHDRAWN = "withdrawn"
    """The policy was given up, and its terms give premium back."""
    CORRECTED = "corrected"
    """A correction of the policy's facts, or another edition, costs less."""
    ENDED = "ended"
    """Cover ended otherwise, as by death, and the terms give premium back."""


class RefundStatus(models.TextChoices):
    FOR_SECOND_PERSON = "second_person"
    """It is about more than the city's amount: one person proposes it, another agrees."""
    WAITING = "waiting"
    ASKED = "asked"
    """The company was asked, and it is not known to be done."""
    DONE = "done"
    REFUSED = "refused"
    """The company said no, or could not pay it out: a person looks."""


class Refund(CityRow):
    """Money of one transaction that goes back. `source` is the fact whose journal owes it: one fact, one refund.

    The status is for the queue. What happened stands in the history of the subject `refund`.
    """

    sealed: ClassVar = (
        *("key", "source", "reason", "payment_id", "provider", "reference", "transaction", "amount"),
        *("payee_id", "created_at"),
    )

    key = models.CharField(max_length=40)
    """Ours, under which the company knows it; it says nothing about the payer."""
    source = models.CharField(max_length=120)
    reason = models.CharField(max_length=20, choices=RefundReason.choices)
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=30)
    reference = models.CharField(max_length=80)
    transaction = models.CharField(max_length=80)
    """The company's, of what was paid: it goes back to whom it came from."""
    amount = FenField()
    payee = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    """Who ordered, and is told."""
    created_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=RefundStatus.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often the company refused it: each further try has a key of its own there."""
    fault = models.CharField(max_length=40, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="refund_key_in_city"),
            models.UniqueConstraint(fields=["city", "source"], name="one_refund_for_a_fact"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "provider", "transaction"], name="refunds_of_transaction"),
            models.Index(fields=["city", "created_at"], name="refunds_open", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def company_key(self) -> str:
        """Under which the company is asked: after a refusal it is another, since one key is one refund there."""
        return f"{self.key}-{self.tries}" if self.tries else self.key
