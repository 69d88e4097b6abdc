"""How people agreed at a counter, the cash they paid there, and the tills in which it lies until it is paid in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.masking import MaskedCharField, MaskedTextField
from huimin.platform.foundation.models import AppendOnly, CityRow

__all__ = [
    "CashBack",
    "CashPaidOut",
    "CashPart",
    "CashState",
    "CounterConsent",
    "How",
    "TillBanked",
    "TillClosing",
    "TillWriteOff",
]


class How(models.TextChoices):
    """How somebody agreed who stood at the counter."""

    PAPER = "paper", "纸质签名"
    FINGERPRINT = "fingerprint", "按指印"
    CODE = "code", "本人手机验证码"


class CounterConsent(AppendOnly):
    """Somebody agreed at a counter: how, to which words, and who of the staff wrote it down."""

    order = models.CharField(max_length=40)
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=How.choices)
    paper = MaskedCharField(max_length=60, blank=True)
    """The number of the paper that was signed, by which it is found again."""
    words_digest = models.CharField(max_length=64)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "order"], name="one_counter_consent_an_order"),
            models.CheckConstraint(condition=models.Q(how="code") | ~models.Q(paper=""), name="a_paper_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"consent for {self.order}"


class CashState(models.TextChoices):
    EXPECTED = "expected"
    TAKEN = "taken"
    """It is in the till; its order is about to be issued."""
    USED = "used"
    """It paid for a policy."""
    LET_GO = "let_go"
    """Nobody paid it, and nobody needs it."""
    OWED = "owed"
    """It was taken, and no cover came of it: the payer gets it back."""


class CashPart(CityRow):
    """What one person's premium is paid with in cash, and in whose till it lies."""

    sealed: ClassVar = ("key", "order", "insured_id", "till", "fen", "requested_at")
    key = models.CharField(max_length=40)
    """By which the order's means of payment names it."""
    order = models.CharField(max_length=40)
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    till = models.CharField(max_length=20)
    """The number of the person of the staff who takes it."""
    fen = FenField()
    state = models.CharField(max_length=10, choices=CashState.choices, default=CashState.EXPECTED)
    requested_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "key"], name="one_cash_part_a_key"),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="cash_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "order"], name="cash_of_order"),
            models.Index(fields=["city", "till", "-requested_at"], name="cash_of_till"),
        ]

    def __str__(self) -> str:
        return f"cash {self.key}"


class CashBack(AppendOnly):
    """Cash that is owed back: a policy ended, or no cover came of it."""

    part = models.ForeignKey(CashPart, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    cause = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "part", "cause"], name="cash_back_once_for_a_cause"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="cash_back_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} back of {self.part_id}"


class CashPaidOut(AppendOnly):
    """It was paid out of a till."""

    back = models.OneToOneField(CashBack, on_delete=models.PROTECT, related_name="paid_out")
    till = models.CharField(max_length=20)
    paid_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"paid out {self.back_id}"


class TillClosing(AppendOnly):
    """Somebody counted their till at the end of a day. What differs stays in the till's account, and is explained."""

    till = models.CharField(max_length=20)
    expected_fen = FenField()
    counted_fen = FenField()
    note = MaskedTextField(blank=True)
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(counted_fen__gt=0), name="counted_cash_is_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "till", "-id"], name="closings_of_till")]

    def __str__(self) -> str:
        return f"closing {self.pk}"


class TillBanked(AppendOnly):
    """Another person found the counted cash on the bank's statement."""

    closing = models.OneToOneField(TillClosing, on_delete=models.PROTECT, related_name="banked")
    bank = models.CharField(max_length=40)
    transfer = MaskedCharField(max_length=80)
    confirmed_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "bank", "transfer"], name="one_closing_a_bank_slip"),
        ]

    def __str__(self) -> str:
        return f"banked {self.closing_id}"


class TillWriteOff(AppendOnly):
    """Two people agreed that what a closing was short is looked for no more."""

    closing = models.OneToOneField(TillClosing, on_delete=models.PROTECT, related_name="written_off")
    amount = FenField()
    """Fen that are missing; below zero, too many."""
    written_off_by = models.CharField(max_length=80)
    """The second person."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="something_is_written_off"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of closing {self.closing_id}"
