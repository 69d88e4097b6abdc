"""A policy that is issued costs more than was paid: an order for the difference, and who takes it once it is paid.

Why it costs more is known to a context above, which registers what is done when the money is there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from huimin.platform.enrolment.issuing import tell
from huimin.platform.enrolment.models import Order, OrderStatus, Policy, PolicyDifference
from huimin.platform.enrolment.order_facts import DIFFERENCE
from huimin.platform.enrolment.policy_facts import POLICY_COLUMNS, PolicyFacts, policy_facts
from huimin.platform.enrolment.refunding import owed_for_lines
from huimin.platform.foundation.actors import provider_actor
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, post
from huimin.platform.payments.api import PaymentFacts, open_payment, owe_refund, received_entry, usual_company

__all__ = [
    "DIFFERENCE",
    "DifferenceFacts",
    "ask_for_difference",
    "difference_entries",
    "differences_open",
    "differences_taken",
    "register_difference",
    "take_difference",
]


@dataclass(frozen=True, slots=True)
class DifferenceFacts:
    """`amount` in fen; `order`: the reference of the order that asks for it."""

    order: str
    policy_id: int
    amount: int
    cause: str
    asked_at: datetime


Taken = Callable[[PolicyFacts, DifferenceFacts, datetime], bool]
"""Called in the transaction of the payment's notice, with the policy locked. False: it is too late, and the money goes
back."""
_takers: dict[str, Taken] = {}


def register_difference(kind: str, taken: Taken) -> None:
    """Say what is done when a difference is paid whose cause begins with `kind` and a colon. Once, at start-up."""
    _takers[kind] = taken


def ask_for_difference(*, policy: PolicyFacts, fen: int, cause: str, at: datetime) -> DifferenceFacts:
    """Ask whoever bought the policy for `fen` more, by an order that they pay as any other.

    Call it in the transaction of what makes it cost more, with the policy locked.
    """
    city, reference = policy.city, secrets.token_hex(12)
    payment = open_payment(city=city, reference=reference, provider=usual_company(), amount=fen, at=at)
    order = Order(
        city=city,
        reference=reference,
        applicant_id=policy.holder_id,
        plan_year_id=policy.plan_year_id,
        plan_digest=policy.plan_digest,
        payment_id=payment.id,
        channel=DIFFERENCE,
        created_at=at,
    )
    Order.objects.queue([order], keyed=True)
    row = PolicyDifference(city=city, order_id=order.pk, policy_id=policy.id, amount=fen, cause=cause, created_at=at)
    PolicyDifference.objects.queue([row])
    tell(city, order, "difference_asked", f"difference-{order.pk}", at)
    return DifferenceFacts(reference, policy.id, fen, cause, at)


def take_difference(city: City, order: Order, payment: PaymentFacts, moment: datetime) -> None:
    """It is paid: premium of the policy from now on, or owed back where it is pointless by now.

    Call it inside the transaction of the notice, with the payment locked.
    """
    (row,) = PolicyDifference.objects.fetch(city, {"order": order})
    (values,) = Policy.objects.pick(city, POLICY_COLUMNS, {"id": row.policy_id}, lock=True)
    policy = policy_facts(city, values)
    facts = DifferenceFacts(order.reference, policy.id, row.amount, row.cause, row.created_at)
    row.taken = _takers[row.cause.partition(":")[0]](policy, facts, moment)
    post(city=city, entries=difference_entries(order, payment, row), at=moment)
    order.status, order.issued_at = OrderStatus.ISSUED if row.taken else OrderStatus.REFUND_DUE, moment
    Order.objects.rewrite(order, "status", "issued_at")
    PolicyDifference.objects.rewrite(row, "taken")
    if row.taken:
        tell(city, order, "difference_paid", f"difference-paid-{order.pk}", moment)
        return
    owed = owed_for_lines(order, payment, payment.amount)
    owe_refund(city=city, owed=owed, by=provider_actor(city, payment.provider).text, at=moment)
    tell(city, order, "premium_owed_back", f"owed-back-{order.pk}", moment)


def difference_entries(order: Order, payment: PaymentFacts, row: PolicyDifference) -> list[Entry]:
    """What the company received: premium, or owed back. Which insurer gets it is posted by whoever takes it."""
    source = f"order:{order.reference}"
    return [received_entry(payment, source=source, cause=source, premium=row.amount if row.taken else 0)]


def differences_taken(city: City) -> dict[int, PolicyDifference]:
    """Every difference that was asked for, by order: for verification."""
    return {row.order_id: row for row in PolicyDifference.objects.of(city)}


def differences_open(city: City, policy_ids: Collection[int]) -> list[DifferenceFacts]:
    """What was asked for these policies and is not paid, the oldest first."""
    rows = PolicyDifference.objects.of(city).filter(policy__in=policy_ids, order__status=OrderStatus.WAITING)
    return [
        DifferenceFacts(row.order.reference, row.policy_id, row.amount, row.cause, row.created_at)
        for row in rows.select_related("order").order_by("pk")
    ]
