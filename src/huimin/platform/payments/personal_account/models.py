"""Payments from personal accounts: what each stands at, the lists that agencies work on, and what they transferred."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.foundation.relations import Relation

__all__ = [
    "AccountArea",
    "AccountDebt",
    "AccountLine",
    "AccountList",
    "AccountListRow",
    "AccountReturn",
    "AccountTransfer",
    "AreaSettlement",
    "AskState",
    "BalanceAsked",
    "LineState",
    "ReturnRoad",
    "TransferState",
]


class LineState(models.TextChoices):
    """Where a payment from an account stands. It follows from the line's events (life.py); the column is for queues."""

    REQUESTED = "requested"
    UNCLEAR = "unclear"
    """The bureau was asked to hold the money, and nobody knows whether it does: it is asked again."""
    HELD = "held"
    REFUSED = "refused"
    RELEASING = "releasing"
    """It is not needed after all; the bureau is being told."""
    RELEASED = "released"
    LISTED = "listed"
    APPROVED = "approved"
    STRUCK_OUT = "struck_out"
    TRANSFERRED = "transferred"
    RECEIVED = "received"
    RETURNED = "returned"
    """The bank sent the transfer back: it is owed as before, and can be transferred again."""


class AccountArea(AppendOnly):
    """From `since` on, accounts of this area may pay, by the rules of this place. The last row for a day counts."""

    area = models.CharField(max_length=6)
    place = models.CharField(max_length=30)
    """As rules.toml names it."""
    since = models.DateField()
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "area", "since"], name="account_areas_by_day")]

    def __str__(self) -> str:
        return f"{self.area} {self.place}"


class AskState(models.TextChoices):
    ASKED = "asked"
    ANSWERED = "answered"
    NO_ACCOUNT = "no_account"
    FAILED = "failed"


class BalanceAsked(CityRow):
    """A resident had the bureau asked for their balance, and what it answered. It is used for half an hour."""

    id = ReservedKey()
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AskState.choices, default=AskState.ASKED)
    answer = EncryptedTextField(null=True)
    """JSON of a `Balance`."""
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "-asked_at"], name="balances_asked_by")]

    def __str__(self) -> str:
        return f"balance {self.pk}"


class AccountList(AppendOnly):
    """What the agency of an area is asked to approve, as it was sent. Later lines of a month are in a later version."""

    area = models.CharField(max_length=6)
    """Of the accounts."""
    month = models.DateField()
    """Its first day."""
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of its rows: whoever has the list outside sees whether it is this one."""
    rows = models.PositiveIntegerField()
    amount = FenField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "area", "month", "version"], name="one_version_of_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.month:%Y-%m} {self.version}"


class AccountTransfer(CityRow):
    """Money that an agency says it sent to the pool, and whether the bank has it."""

    sealed: ClassVar = ("area", "reference", "amount", "rows", "sent_on", "recorded_by", "recorded_at")
    area = models.CharField(max_length=6)
    """Of the insured: its agency pays."""
    reference = models.CharField(max_length=40)
    """The agency's number of the transfer, which the bank's statement shows."""
    amount = FenField()
    rows = models.PositiveIntegerField()
    sent_on = models.DateField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="sent")
    bank_day = models.DateField(null=True)
    matched_by = models.CharField(max_length=80, blank=True)
    matched_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "area", "reference"], name="one_transfer_for_a_reference"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.reference}"


class TransferState(models.TextChoices):
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"


class AccountLine(CityRow):
    """One person's premium, or a part of it, to be paid from one account."""

    sealed: ClassVar = (
        *("key", "order_reference", "payer_id", "insured_id", "relation", "payer_area", "insured_area", "amount"),
        *("place", "rule_since", "mode", "plan_year_id", "requested_at"),
    )
    key = models.CharField(max_length=40)
    """Ours: the bureau knows the hold by it, and the list the line."""
    order_reference = models.CharField(max_length=40)
    order_line = models.BigIntegerField(null=True)
    """The number of the person's line of that order; null while the order has not said it."""
    payer = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    """Of the insured to the payer, as in an order."""
    payer_area = models.CharField(max_length=6)
    insured_area = models.CharField(max_length=6)
    amount = FenField()
    place = models.CharField(max_length=30)
    rule_since = models.DateField()
    """With `place`: which rule of rules.toml it was asked for under."""
    mode = models.CharField(max_length=20)
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=LineState.choices, default=LineState.REQUESTED)
    reason = models.CharField(max_length=40, blank=True)
    """Why it was refused or struck out, as a code."""
    used_at = models.DateTimeField(null=True)
    """When the policy was issued that it pays for."""
    listed = models.ForeignKey(AccountList, on_delete=models.PROTECT, related_name="+", null=True)
    approved_in = models.DateField(null=True)
    """The first day of the month to which the approval belongs: areas settle by it."""
    transfer = models.ForeignKey(AccountTransfer, on_delete=models.PROTECT, related_name="+", null=True)
    """The last one that it was in."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="account_line_key_in_city"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="account_line_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "payer_area", "state"], name="account_lines_charged"),
            models.Index(fields=["city", "insured_area", "state"], name="account_lines_paid"),
            models.Index(fields=["city", "order_reference"], name="account_lines_of_order"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def source(self) -> str:
        """What its journal entries belong to."""
        return f"account:{self.key}"


class ReturnRoad(models.TextChoices):
    """How premium goes back to an account whose policy ended."""

    LET_GO = "let_go"
    """The bureau only holds it, and lets it go."""
    AGENCY = "agency"
    """Through the agency that took it out of the account, or may do so yet."""
    DEBT = "debt"
    """The agency struck the line out: the payer owes so much less."""
    PAYER = "payer"
    """The agency struck the line out, and the payer has paid: it goes back to them."""


class AccountReturn(CityRow):
    """A policy ended for which a line had paid: so much of it goes back."""

    sealed: ClassVar = ("line_id", "amount", "road", "cause", "month", "recorded_at")
    line = models.ForeignKey(AccountLine, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    road = models.CharField(max_length=10, choices=ReturnRoad.choices)
    cause = models.CharField(max_length=120)
    """What ended the policy, as the journal names it."""
    month = models.DateField()
    """Its first day: areas settle what goes back by it."""
    recorded_at = models.DateTimeField()
    struck_out_at = models.DateTimeField(null=True)
    """The agency struck the line out afterwards: nothing goes back through it."""
    sent_on = models.DateField(null=True)
    """When the pool sent it to the agency."""
    sent_reference = models.CharField(max_length=40, blank=True)
    sent_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="account_return_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.line_id}"


class AccountDebt(CityRow):
    """The payer of a line that was struck out was asked for what they owe, through the payment company."""

    sealed: ClassVar = ("line_id", "payment_id", "requested_at")
    line = models.ForeignKey(AccountLine, on_delete=models.PROTECT, related_name="+")
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    paid = FenField(default=0)
    """Fen of the debt that it paid: less than the payment where the debt had become less."""
    paid_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"debt {self.line_id}"


class AccountListRow(AppendOnly):
    """A row of a list as it was sent."""

    account_list = models.ForeignKey(AccountList, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    line = models.ForeignKey(AccountLine, on_delete=models.PROTECT, related_name="+")
    amount = FenField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "account_list", "number"], name="one_row_of_a_number"),
            models.UniqueConstraint(fields=["city", "account_list", "line"], name="line_once_a_list"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class AreaSettlement(AppendOnly):
    """The areas have paid each other what a month had left between them."""

    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    """1, 2 … within the month: what is approved later is settled later."""
    positions = models.JSONField()
    """Fen by area: what it owed positive, what it was owed negative. They add up to zero."""
    note = models.CharField(max_length=200)
    settled_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "month", "number"], name="one_settlement_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.number}"
