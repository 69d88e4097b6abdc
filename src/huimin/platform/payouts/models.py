"""Accounts to which claims are paid, payouts with the bills that they are for, and what became of overpayments.

A payout goes to an insured person for the bills of one policy, or to a hospital for what it credited at its counter.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = [
    "ClaimPayout",
    "HospitalAccount",
    "OverpaymentKind",
    "OverpaymentMove",
    "PayeeAccount",
    "PayoutPart",
    "PayoutStatus",
]


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


class HospitalAccount(CityRow):
    """A bank account of a hospital or pharmacy: one person gives it, another confirms it. The last confirmed counts."""

    sealed: ClassVar = ("key", "party", "holder", "number", "last_four", "bank_name", "given_by", "given_at")

    key = models.CharField(max_length=32)
    """Drawn; it names the row before the database does, which its number is bound to."""
    party = models.CharField(max_length=60)
    """Whose it is, as the journal names them: `hospital:hospital-1`."""
    holder = models.CharField(max_length=80)
    """The name that the account is held in: the bank compares it."""
    number = EncryptedTextField(bound_to=("key",))
    last_four = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=40)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    usable_from = models.DateField(null=True)
    """Set when it is confirmed: one that takes another's place waits a day."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="hospital_account_key_in_city"),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, usable_from__isnull=True, confirmed_by="")
                | (models.Q(confirmed_at__isnull=False, usable_from__isnull=False) & ~models.Q(confirmed_by="")),
                name="hospital_account_confirmed_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "party"], name="hospital_accounts_of_party")]

    def __str__(self) -> str:
        return f"{self.party} …{self.last_four}"


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
    WITHDRAWN = "withdrawn"
    """Less is due by now, and the bank was not asked yet: what is still due is paid anew."""


class ClaimPayout(CityRow):
    """Money to one account for bills of one policy, or for bills that one hospital credited at its counter.

    What happened stands in the history of the subject `payout`. From the moment it is made its bills are being
    paid: nobody pays them a second time.
    """

    sealed: ClassVar = (
        *("key", "policy_number", "payee_id", "account_id", "hospital", "hospital_account_id", "amount", "created_at"),
    )

    key = models.CharField(max_length=40)
    """Ours, under which the bank knows it; it says nothing about the payee."""
    policy_number = models.CharField(max_length=24, blank=True, default="")
    """Empty where a hospital is paid."""
    payee = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    """Whose account it is: the insured, or the holder of a minor's policy."""
    account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+", null=True)
    hospital = models.CharField(max_length=60, blank=True, default="")
    """The hospital or pharmacy that is paid, as the journal names it; empty where the insured are."""
    hospital_account = models.ForeignKey(HospitalAccount, on_delete=models.PROTECT, related_name="+", null=True)
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
            models.CheckConstraint(
                condition=(
                    models.Q(account__isnull=False, payee__isnull=False, hospital="", hospital_account__isnull=True)
                    & ~models.Q(policy_number="")
                )
                | (
                    models.Q(account__isnull=True, payee__isnull=True, hospital_account__isnull=False, policy_number="")
                    & ~models.Q(hospital="")
                ),
                name="claim_payout_has_one_payee",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["city", "hospital"], name="claim_payouts_of_hospital", condition=~models.Q(hospital="")
            ),
            models.Index(fields=["city", "payee"], name="claim_payouts_of_payee"),
            models.Index(fields=["city", "policy_number"], name="claim_payouts_of_policy"),
            models.Index(
                fields=["city", "created_at"], name="claim_payouts_open", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PayoutPart(AppendOnly):
    """What of a payout is for one bill. `source`: the fact whose journal owes it. Below zero where a hospital owes it
    back, as after a reversal: what it is paid for other bills is so much less.
    """

    payout = models.ForeignKey(ClaimPayout, on_delete=models.PROTECT, related_name="parts")
    source = models.CharField(max_length=120)
    amount = FenField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "payout", "source"], name="one_part_for_a_bill"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="payout_part_moves_money"),
        ]

    def __str__(self) -> str:
        return self.source


class OverpaymentKind(models.TextChoices):
    FOUND = "found"
    """More was paid to the insured for a bill than is due by now."""
    NOT_OWED = "not_owed"
    """What was paid back, or set off, was due after all: it is paid again."""
    SET_OFF = "set_off"
    """It was kept of what is owed for another bill of the policy."""
    REPAID = "repaid"
    WAIVED = "waived"
    """The insured need not pay it back: the insurers bear it."""
    WAIVER_BACK = "waiver_back"
    """It was waived, and was due after all: the insurers do not bear it twice."""


class OverpaymentMove(AppendOnly):
    """A step of what was paid too much for one bill of a policy. The bill's balance in the journal says what is open.

    What a hospital credited and the year no longer pays is posted with the decision itself, and is no step.
    """

    key = models.CharField(max_length=40)
    """Drawn; the cause of its journal entries."""
    policy_number = models.CharField(max_length=24)
    kind = models.CharField(max_length=20, choices=OverpaymentKind.choices)
    source = models.CharField(max_length=120)
    """The bill, by its name in the journal."""
    kept_of = models.CharField(max_length=120, blank=True, default="")
    """For what was set off: the bill of whose claim it was kept."""
    amount = FenField()
    by_rule = models.BooleanField(default=False)
    """Of a waiver: because it was small. What is waived so counts for the policy, and a policy is of one year."""
    shares_day = models.DateField(null=True)
    """For a waiver: the bill's day, which selects the pool's shares."""
    transaction = models.CharField(max_length=100, blank=True, default="")
    """For what was repaid: the bank's name of the movement, which may pay for several bills."""
    happened_at = models.DateTimeField()
    """When it was recorded, or for what was repaid when the bank booked it."""
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="overpayment_move_key_in_city"),
            models.UniqueConstraint(
                fields=["city", "transaction", "source"],
                name="a_movement_pays_a_bill_once",
                condition=~models.Q(transaction=""),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="overpayment_move_is_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "policy_number"], name="overpayment_moves_of_policy")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source} {self.amount}"
