"""Asks for payments."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import Payment
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts
from huimin.platform.payments.unanswered import FIRST_QUERY_AFTER

__all__ = ["lock_payment", "open_payment"]


def open_payment(*, city: City, reference: str, provider: str, amount: int, at: datetime) -> PaymentFacts:
    """Ask for `amount` fen. Call it inside the transaction of the order that it pays."""
    payment = Payment(
        city=city,
        reference=reference,
        provider=provider,
        amount=amount,
        created_at=at,
        query_at=timezone.now() + FIRST_QUERY_AFTER,
    )
    Payment.objects.queue([payment], keyed=True)
    return payment_facts(payment)


def lock_payment(city: City, payment_id: int) -> None:
    """Let nobody else pay back of this payment, or hear of it, until the transaction ends."""
    Payment.objects.fetch(city, {"id": payment_id}, lock=True)
