"""A policy that ends before its time: who paid what for it, and the mark on its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from huimin.platform.enrolment.means import means_of
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.policy_facts import POLICY_COLUMNS, PolicyFacts, policy_facts
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind, PaymentFacts, payments_of

__all__ = ["PolicyMoney", "end_policy", "ended_policies", "money_of_policies", "policy_by_number", "policy_money"]


@dataclass(frozen=True, slots=True)
class MeansPaid:
    """What one account or fund paid of a policy, in fen."""

    kind: MeansKind
    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class PolicyMoney:
    """Who paid a policy's price. Amounts in fen; together they are the price."""

    order_reference: str
    payment: PaymentFacts | None
    """The order's, at the payment company; None where it was asked for nothing."""
    company: int
    """What the payer paid for this policy through the company."""
    paid_by: Mapping[str, int]
    """What others bear by the terms, by payer."""
    means: tuple[MeansPaid, ...] = ()
    """What accounts and funds paid in the payer's place."""


def policy_by_number(city: City, number: str) -> PolicyFacts | None:
    found = Policy.objects.pick(city, POLICY_COLUMNS, {"number": number})
    return policy_facts(city, found[0]) if found else None


def policy_money(city: City, policy_id: int) -> PolicyMoney:
    return money_of_policies(city, [policy_id])[policy_id]


def money_of_policies(city: City, policy_ids: Collection[int]) -> dict[int, PolicyMoney]:
    """Who paid each of these policies, by policy."""
    rows = list(Policy.objects.of(city).filter(pk__in=policy_ids).select_related("order_line__order"))
    orders = {row.pk: row.order_line.order for row in rows}
    wanted = [order.payment_id for order in orders.values() if order.payment_id is not None]
    payments = payments_of(city, wanted) if wanted else {}
    means: dict[int, list[MeansPaid]] = defaultdict(list)
    for one in means_of(city, [row.order_line for row in rows]):
        means[one.line_id].append(MeansPaid(MeansKind(one.kind), one.reference, one.amount))
    found = {}
    for row in rows:
        line, order = row.order_line, orders[row.pk]
        payment = payments[order.payment_id] if order.payment_id is not None else None
        found[row.pk] = PolicyMoney(
            order.reference, payment, line.company_part, dict(line.paid_by), tuple(means[line.pk])
        )
    return found


def end_policy(city: City, policy_id: int, ends_on: date | None, fen: int) -> None:
    """Mark the row: the first day without cover, if cover ends by it, and what came back of the price.

    Call it in the transaction of what ends it, with the policy locked.
    """
    Policy.objects.of(city).filter(pk=policy_id).update(ended_on=ends_on, given_back=fen)


def ended_policies(city: City) -> list[PolicyFacts]:
    """Those that were given up, or of which something came back: for verification."""
    rows = Policy.objects.of(city).filter(Q(ended_on__isnull=False) | Q(given_back__gt=0)).order_by("pk")
    return [policy_facts(city, values) for values in rows.values_list(*POLICY_COLUMNS)]
