"""Reads payments and receipts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import Allocation, Payment, Purpose, Receipt
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts

__all__ = [
    "PaidBeside",
    "all_receipts",
    "allocated_receipts",
    "owed_back_beside",
    "paid_beside",
    "payments_of",
    "received",
]


def payments_of(city: City, payment_ids: Collection[int] | None = None) -> dict[int, PaymentFacts]:
    """These payments, or every one of the city, by id."""
    rows = Payment.objects.of(city) if payment_ids is None else Payment.objects.of(city).filter(pk__in=payment_ids)
    return {row.pk: payment_facts(row) for row in rows.select_related("city")}


def owed_back_beside(city: City, payment_id: int) -> int:
    """Fen received for this payment that paid for nothing, because the amount was wrong or it was paid twice."""
    rows = Receipt.objects.of(city).filter(payment=payment_id, purpose=Purpose.OWED_BACK)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


@dataclass(frozen=True, slots=True)
class PaidBeside:
    """A receipt for a payment of ours that paid for nothing. `amount` in fen."""

    source: str
    provider: str
    reference: str
    transaction: str
    amount: int
    payment_id: int
    paid_again: bool
    """Else it was of another amount."""


def paid_beside(city: City) -> list[PaidBeside]:
    """Every receipt that is owed back."""
    rows = Receipt.objects.of(city).filter(purpose=Purpose.OWED_BACK).select_related("payment")
    return [
        PaidBeside(
            row.source,
            row.provider,
            row.reference,
            row.transaction,
            row.amount,
            payment.pk,
            row.amount == payment.amount,
        )
        for row in rows.order_by("pk")
        if (payment := row.payment) is not None
    ]


def all_receipts(city: City) -> list[Receipt]:
    """For verification."""
    return list(Receipt.objects.of(city).order_by("pk"))


def received(city: City) -> dict[tuple[str, int | None], int]:
    """Fen received, by the receipt's name and the payment that it is for."""
    found = dict(Allocation.objects.of(city).values_list("receipt", "payment"))
    return {(one.source, one.payment_id or found.get(one.pk)): one.amount for one in all_receipts(city)}


def allocated_receipts(city: City) -> list[Receipt]:
    """Receipts that belonged to no order at first, and pay for one now."""
    return [row.receipt for row in Allocation.objects.of(city).select_related("receipt").order_by("pk")]
