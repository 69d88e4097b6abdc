"""A refund begins: money of one transaction is owed back, and is sent on its way."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.payments.payment_facts import PaymentFacts
from huimin.platform.payments.refunds.models import Refund, RefundReason, RefundStatus
from huimin.platform.tasks.api import enqueue

__all__ = ["SUBJECT", "TASK", "Owed", "Paid", "owe_refund", "send_soon", "subject_of"]

SUBJECT = "refund"
TASK = "pay_back"


@dataclass(frozen=True, slots=True)
class Paid:
    """One transaction that brought money for a payment of ours. `brought` in fen."""

    payment_id: int
    provider: str
    reference: str
    transaction: str
    brought: int

    @classmethod
    def of(cls, payment: PaymentFacts) -> Paid:
        """The transaction that paid a payment as it was asked for."""
        return cls(payment.id, payment.provider, payment.reference, payment.provider_transaction, payment.amount)


@dataclass(frozen=True, slots=True)
class Owed:
    """`amount` fen of a transaction are owed back to whoever paid. `source`: the fact whose journal owes it."""

    source: str
    reason: RefundReason
    paid: Paid
    amount: int
    payee_id: int


def owe_refund(*, city: City, owed: Owed, by: str, at: datetime) -> bool:
    """Send money back, or have two people look first where it is more than the city's amount.

    Call it in the transaction of what it is owed for, with the payment locked: never more goes back than came in.
    False where this fact has its refund already. Raises HuiminError `refund_too_high`.
    """
    if Refund.objects.pick(city, ("id",), {"source": owed.source}):
        return False
    _refuse_above(city, owed)
    large = owed.amount > city.second_person_above
    refund = Refund(
        city=city,
        key=secrets.token_hex(12),
        source=owed.source,
        reason=owed.reason,
        payment_id=owed.paid.payment_id,
        provider=owed.paid.provider,
        reference=owed.paid.reference,
        transaction=owed.paid.transaction,
        amount=owed.amount,
        payee_id=owed.payee_id,
        created_at=at,
        status=RefundStatus.FOR_SECOND_PERSON if large else RefundStatus.WAITING,
    )
    Refund.objects.insert([refund])
    data = {"amount": owed.amount, "reason": owed.reason.value, "source": owed.source}
    history_of(city, subject_of(refund.pk)).append("owed", actor=by, at=at, data=data)
    if not large:
        send_soon(refund)
    return True


def send_soon(refund: Refund) -> None:
    """Put the task that asks the company into the queue."""
    key = f"refund-{refund.pk}-{refund.tries}"
    enqueue(city=refund.city, kind=TASK, key=key, payload={"refund": refund.pk})


def subject_of(refund_id: int) -> Subject:
    return Subject(SUBJECT, str(refund_id))


def _refuse_above(city: City, owed: Owed) -> None:
    paid = owed.paid
    where = {"provider": paid.provider, "transaction": paid.transaction}
    gone = sum(amount for (amount,) in Refund.objects.pick(city, ("amount",), where))
    if not 0 < owed.amount <= paid.brought - gone:
        text = (
            f"{owed.amount} fen would go back of {paid.provider} {paid.transaction}, which brought {paid.brought} "
            f"fen and of which {gone} fen go back already"
        )
        raise HuiminError(text, code="refund_too_high")
