"""A payment as other contexts see it: what was asked for, and its state when it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import Payment

__all__ = ["PaymentFacts", "payment_facts"]


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    city: City
    id: int
    reference: str
    """Our number, which goes to the payment company. It reveals nothing about the payer."""
    provider: str
    amount: int
    """Fen."""
    status: str
    provider_transaction: str
    paid_at: datetime | None
    """When the payer paid, according to the company; the time of its notice if it does not say, or says what cannot be
    right.
    """


def payment_facts(row: Payment) -> PaymentFacts:
    return PaymentFacts(
        city=row.city,
        id=row.pk,
        reference=row.reference,
        provider=row.provider,
        amount=row.amount,
        status=row.status,
        provider_transaction=row.provider_transaction,
        paid_at=row.paid_at,
    )
