"""Accounts to which claims are paid, and payouts with the bills that they are for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = ["ClaimPayout", "PayeeAccount", "PayoutPart", "PayoutStatus"]


class PayeeAccount(AppendOnly):
    """A resident's bank account, in their own name. The last row of a resident counts."""

    key = models.CharField(max_length=32)
    """Drawn; it names the row before the database does, which its number is bound to."""
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = EncryptedTextField(bound_to=("key",))
    last_four = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=40)
    usable_from = models.DateField()
    """A changed account waits a day, so that whoever it was taken from can say so."""
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "key"], name="payee_account_key_in_city")]
        indexes: ClassVar = [models.Index(fields=["city", "resident"], name="payee_accounts_of_resident")]

    def __str__(self) -> str:
        return f"…{self.last_four}"


class PayoutStatus(models.TextChoices):
    FOR_SECOND_PERSON = "second_person"
    """It is above the city's amount: one person proposes it, another agrees."""
    WAITING = "waiting"
    """For the day on which its account may be used, or for the worker that asks the bank."""
    ASKED = "asked"
    """The bank was asked, and it is not known to be paid."""
    PAID = "paid"
    RETURNED = "returned"
    """It did not get there, or came back: what it was for is owed as before."""


class ClaimPayout(CityRow):
    """Money to one account for bills of one policy. What happened stands in the history of the subject `payout`.

    From the moment it is made its bills are being paid: nobody pays them a second time.
    """

    sealed: ClassVar = ("key", "policy_number", "payee_id", "account_id", "amount", "created_at")

    key = models.CharField(max_length=40)
    """Ours, under which the bank knows it; it says nothing about the payee."""
    policy_number = models.CharField(max_length=24)
    payee = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    """Whose account it is: the insured, or the holder of a minor's policy."""
    account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    created_at = models.DateTimeField()
    due_on = models.DateField()
    status = models.CharField(max_length=20, choices=PayoutStatus.choices)
    fault = models.CharField(max_length=40, blank=True, default="")
    paid_at = models.DateTimeField(null=True)
    """When the bank said that it is paid; kept where it came back afterwards."""
    ended_at = models.DateTimeField(null=True)
    """When it was paid or returned for the last time."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="claim_payout_key_in_city"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="claim_payout_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "payee"], name="claim_payouts_of_payee"),
            models.Index(fields=["city", "policy_number"], name="claim_payouts_of_policy"),
            models.Index(
                fields=["city", "created_at"], name="claim_payouts_open", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PayoutPart(AppendOnly):
    """What of a payout is for one bill. `source`: the fact whose journal owes it."""

    payout = models.ForeignKey(ClaimPayout, on_delete=models.PROTECT, related_name="parts")
    source = models.CharField(max_length=120)
    amount = FenField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "payout", "source"], name="one_part_for_a_bill"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_part_is_positive"),
        ]

    def __str__(self) -> str:
        return self.source
