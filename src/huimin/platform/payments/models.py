"""The tables of payments: what is to be paid, what the provider said, the money that came in, and cases for a
person.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField, FenField
from huimin.platform.foundation.masking import MaskedTextField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.payments.agreements.models import AgreementStatus, DeductionAgreement
from huimin.platform.payments.personal_account.models import (
    AccountArea,
    AccountDebt,
    AccountLine,
    AccountList,
    AccountListRow,
    AccountReturn,
    AccountTransfer,
    AreaSettlement,
    BalanceAsked,
)
from huimin.platform.payments.reconciliation.models import CompanyFile, ReconciledDay
from huimin.platform.payments.refunds.models import Refund

__all__ = [
    "FOUND_ALONE",
    "AccountArea",
    "AccountDebt",
    "AccountLine",
    "AccountList",
    "AccountListRow",
    "AccountReturn",
    "AccountTransfer",
    "AgreementStatus",
    "Allocation",
    "AreaSettlement",
    "BalanceAsked",
    "CaseKind",
    "CompanyFile",
    "DeductionAgreement",
    "Payment",
    "PaymentCase",
    "PaymentNotice",
    "PaymentStatus",
    "Purpose",
    "Receipt",
    "ReconciledDay",
    "Refund",
    "Verdict",
]


class PaymentStatus(models.TextChoices):
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"


class Verdict(models.TextChoices):
    """What a notice meant, given what was known when it came."""

    PAID = "paid"
    FAILED = "failed"
    REPEAT = "repeat"
    """It repeats a receipt that is already recorded. Nothing follows."""
    LATE_FAILURE = "late_failure"
    """An attempt failed, but another has paid in the meantime. Nothing follows."""
    OTHER_AMOUNT = "other_amount"
    PAID_AGAIN = "paid_again"
    """Another transaction paid what was already paid."""
    UNKNOWN_PAYMENT = "unknown_payment"
    CONTRADICTION = "contradiction"
    """It gives a recorded receipt another amount or another payment, or says that it failed."""


class Payment(CityRow):
    """A payment that was asked for. `reference` is our number, which goes to the provider; it reveals nothing about the
    payer.
    """

    reference = models.CharField(max_length=40)
    provider = models.CharField(max_length=30)
    amount = FenField()
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.WAITING)
    provider_transaction = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    """When the payer paid, according to the provider; the time of the notice if it does not say, or says what cannot be
    right.
    """
    query_at = models.DateTimeField(null=True)
    """When the provider is asked next, by the real clock, if no notice has come by then; null for never."""
    queries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "reference"], name="payment_reference_in_city"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["query_at"], name="payments_to_query", condition=~models.Q(status="paid")),
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentNotice(AppendOnly):
    """Every notice with a right signature, repeats too, as it came. `payment` is null if we asked for no such
    payment.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True)
    provider = models.CharField(max_length=30)
    reference = models.CharField(max_length=80)
    notice_id = models.CharField(max_length=80)
    status = models.CharField(max_length=10)
    amount = FenField()
    transaction = models.CharField(max_length=80, blank=True, default="")
    paid_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=30, choices=Verdict.choices)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "payment"], name="notices_of_payment")]

    def __str__(self) -> str:
        return self.notice_id


class Purpose(models.TextChoices):
    """What received money is for. The first has its order's journal entry; the others have entries of their own."""

    COVER = "cover"
    OWED_BACK = "owed_back"
    UNALLOCATED = "unallocated"


class Receipt(AppendOnly):
    """Money that a provider says it has for us. One transaction of a provider is one receipt, however often told."""

    provider = models.CharField(max_length=30)
    transaction = models.CharField(max_length=80)
    reference = models.CharField(max_length=80)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True)
    amount = FenField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    paid_at = models.DateTimeField(null=True)
    """When the payer paid, as the company says; null where it does not say, cannot be right, or was not kept then."""
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "provider", "transaction"], name="one_receipt_a_transaction"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_is_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "payment"], name="receipts_of_payment")]

    def __str__(self) -> str:
        return self.source

    @property
    def source(self) -> str:
        """The source of its journal entry, if it has one of its own."""
        return f"receipt:{self.provider}:{self.transaction}"


class Allocation(AppendOnly):
    """A receipt that belonged to no order of ours pays for one after all: it came before the order was there."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.receipt_id} pays {self.payment_id}"


class CaseKind(models.TextChoices):
    OTHER_AMOUNT = "other_amount"
    PAID_AGAIN = "paid_again"
    UNKNOWN_PAYMENT = "unknown_payment"
    CONTRADICTION = "contradiction"
    UNREADABLE = "unreadable"
    """Signed by the provider, but not readable as a notice."""
    NO_COVER = "no_cover"
    """Paid for, but no cover could be given: `detail` says to how many people and why."""
    ACCOUNT_STRUCK_OUT = "account_struck_out"
    """An agency struck out what a policy was issued on: the payer is to be asked for the premium."""
    ACCOUNT_OFFSET = "account_offset"
    """An account has paid what the payer had paid in another way: that money goes back."""
    MISSING_WITH_US = "missing_with_us"
    """In a payment company's file, and no receipt of ours: here and below, see payments/reconciliation."""
    MISSING_WITH_THEM = "missing_with_them"
    FILE_OTHER_AMOUNT = "file_other_amount"
    FILE_TWICE = "file_twice"
    BANK_NOT_BOOKED = "bank_not_booked"
    """On the bank's statement, and not in our books: here and below, see payments/reconciliation/kinds.py."""
    BANK_LACKS = "bank_lacks"
    BANK_OTHER_AMOUNT = "bank_amount_differs"
    BANK_TWICE = "bank_twice"
    BANK_NO_STATEMENT = "bank_no_statement"
    """The bank gave no statement of the day that could be used."""


FOUND_ALONE = (
    CaseKind.BANK_NOT_BOOKED,
    CaseKind.BANK_LACKS,
    CaseKind.BANK_OTHER_AMOUNT,
    CaseKind.BANK_TWICE,
    CaseKind.BANK_NO_STATEMENT,
)
"""Cases of these kinds are closed by a finding alone: a note does not."""


class PaymentCase(CityRow):
    """Something about money that came in which a person has to look at. Opened by what was found, closed by a person.

    `key` identifies what it is about: the same thing found twice is one case.
    """

    sealed: ClassVar = ("kind", "key", "payment_id", "reference", "amount", "detail", "content", "opened_at")
    kind = models.CharField(max_length=20, choices=CaseKind.choices)
    key = models.CharField(max_length=200)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True)
    reference = models.CharField(max_length=80, blank=True)
    amount = FenField(default=0)
    """Fen in question: what is owed back or belongs to nothing; 0 where no money is."""
    detail = models.JSONField(default=dict)
    """What was found, by name: values from which a page makes a sentence. No personal data."""
    content = EncryptedTextField(null=True, bound_to=("kind", "key"))
    """The message, if it could not be read."""
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    note = MaskedTextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "kind", "key"], name="one_case_for_a_thing")]
        indexes: ClassVar = [
            models.Index(
                fields=["city", "opened_at"], name="payment_cases_open", condition=models.Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
