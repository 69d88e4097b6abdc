"""Asking for money and recording what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Account
from huimin.platform.ledger.services import Entry, Line
from huimin.platform.payments.models import Payment, PaymentNotice, PaymentStatus
from huimin.platform.payments.providers import Notice

__all__ = ["PaymentOutcome", "open_payment", "received_entry", "record_notice"]


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """`newly_paid` is true for exactly one notice of a payment."""

    payment: Payment
    newly_paid: bool


def open_payment(*, city: City, reference: str, provider: str, amount: int, at: datetime) -> Payment:
    """Ask for `amount` fen. Call it inside the transaction of the order that it pays."""
    payment = Payment(city=city, reference=reference, provider=provider, amount=amount, created_at=at)
    Payment.objects.queue([payment], keyed=True)
    return payment


def record_notice(*, city: City, provider: str, notice: Notice, at: datetime) -> PaymentOutcome:
    """Record a notice and move the payment on. Call it inside the transaction of what follows from being paid.

    Locks the payment. Safe to run twice: a repeat is recorded and changes nothing. A notice of another amount is
    recorded and pays nothing. Raises HuiminError (`unknown_payment`).
    """
    found = Payment.objects.fetch(city, "reference = %s AND provider = %s", notice.reference, provider, lock=True)
    if not found:
        raise HuiminError(f"no payment has the reference {notice.reference}", code="unknown_payment")
    payment: Payment = found[0]
    verdict = _verdict(payment, notice)
    row = PaymentNotice(
        city=city,
        payment=payment,
        notice_id=notice.notice_id,
        status=notice.status,
        amount=notice.amount,
        received_at=at,
        verdict=verdict,
    )
    PaymentNotice.objects.queue([row])
    if verdict in ("paid", "failed"):
        payment.status = PaymentStatus(verdict)
        payment.provider_transaction = notice.transaction
        payment.paid_at = at if verdict == "paid" else None
        Payment.objects.rewrite(payment, "status", "provider_transaction", "paid_at")
    return PaymentOutcome(payment, verdict == "paid")


def _verdict(payment: Payment, notice: Notice) -> str:
    if payment.status == PaymentStatus.PAID:
        return "repeat"
    if notice.status == "paid" and notice.amount != payment.amount:
        return "other_amount"
    # A failed attempt may be followed by a good one: the payer tries again on the provider's page.
    return notice.status


def received_entry(payment: Payment, *, source: str, cause: str, amount: int, refund: int = 0) -> Entry:
    """Money that came in: for cover, and, where cover could not be given, to be refunded."""
    return Entry(
        "premium_received",
        source,
        cause,
        [
            Line(Account.PROVIDER_CLEARING, amount + refund, payment.provider),
            Line(Account.PREMIUM_UNSHARED, -amount),
            Line(Account.REFUND_PAYABLE, -refund),
        ],
    )
