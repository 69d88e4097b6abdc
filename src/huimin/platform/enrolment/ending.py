"""A policy that ends before its time, or differs from what was sold: who paid what for it, and the marks on its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from huimin.platform.enrolment.means import means_of
from huimin.platform.enrolment.models import Policy, PolicyDifference
from huimin.platform.enrolment.policy_facts import POLICY_COLUMNS, PolicyFacts, policy_facts
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind, PaymentFacts, payments_of

__all__ = [
    "PolicyMoney",
    "changed_policies",
    "end_policy",
    "mark_policy",
    "money_of_policies",
    "policy_by_number",
    "policy_money",
]


@dataclass(frozen=True, slots=True)
class MeansPaid:
    """What one account or fund paid of a policy, in fen."""

    kind: MeansKind
    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class PolicyMoney:
    """Who paid a policy's premium. Amounts in fen; together they are the price and what was added to it."""

    order_reference: str
    payment: PaymentFacts | None
    """The order's, at the payment company; None where it was asked for nothing."""
    company: int
    """What the payer paid for this policy through the company."""
    paid_by: Mapping[str, int]
    """What others bear by the terms, by payer."""
    means: tuple[MeansPaid, ...] = ()
    """What accounts and funds paid in the payer's place."""
    differences: tuple[tuple[PaymentFacts, int], ...] = ()
    """What was paid to the company afterwards, in the order in which it was asked for, and how much each."""

    @property
    def by_account(self) -> int:
        """What personal accounts paid of it."""
        return sum(one.amount for one in self.means if one.kind is MeansKind.PERSONAL_ACCOUNT)


def policy_by_number(city: City, number: str) -> PolicyFacts | None:
    found = Policy.objects.pick(city, POLICY_COLUMNS, {"number": number})
    return policy_facts(city, found[0]) if found else None


def policy_money(city: City, policy_id: int) -> PolicyMoney:
    return money_of_policies(city, [policy_id])[policy_id]


def money_of_policies(city: City, policy_ids: Collection[int]) -> dict[int, PolicyMoney]:
    """Who paid each of these policies, by policy."""
    rows = list(Policy.objects.of(city).filter(pk__in=policy_ids).select_related("order_line__order"))
    orders = {row.pk: row.order_line.order for row in rows}
    added = [row.pk for row in rows if row.added]
    differences = _differences(city, added) if added else {}
    wanted = [order.payment_id for order in orders.values() if order.payment_id is not None]
    wanted += [key for paid in differences.values() for key, _ in paid]
    payments = payments_of(city, wanted) if wanted else {}
    means: dict[int, list[MeansPaid]] = defaultdict(list)
    for one in means_of(city, [row.order_line for row in rows]):
        means[one.line_id].append(MeansPaid(MeansKind(one.kind), one.reference, one.amount))
    found = {}
    for row in rows:
        line, order = row.order_line, orders[row.pk]
        payment = payments[order.payment_id] if order.payment_id is not None else None
        later = tuple((payments[key], fen) for key, fen in differences.get(row.pk, ()))
        found[row.pk] = PolicyMoney(
            order.reference, payment, line.company_part, dict(line.paid_by), tuple(means[line.pk]), later
        )
    return found


def _differences(city: City, policy_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """(key of the payment, fen) of the differences that were taken, by policy."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = PolicyDifference.objects.of(city).filter(policy__in=policy_ids, taken=True).order_by("pk")
    for policy, payment, fen in rows.values_list("policy_id", "order__payment_id", "amount"):
        found[policy].append((payment, fen))
    return found


def end_policy(city: City, policy_id: int, ends_on: date | None, fen: int) -> None:
    """Mark the row: the first day without cover, if cover ends by it, and that `fen` of the premium came back.

    Call it in the transaction of what ends it, with the policy locked.
    """
    rows = Policy.objects.of(city).filter(pk=policy_id)
    rows.update(ended_on=ends_on, given_back=F("given_back") + fen)


def mark_policy(
    city: City, policy_id: int, *, endorsed: Sequence[Mapping[str, Any]] | None = None, back: int = 0, added: int = 0
) -> None:
    """Mark the row: what endorsements say of the facts, and fen that came back or were added. Call it as `end_policy`.

    `endorsed`: each of them as the row keeps it (`LearnedFacts`); None where they say nothing new.
    """
    changed: dict[str, Any] = {"given_back": F("given_back") + back, "added": F("added") + added}
    if endorsed is not None:
        changed["endorsed"] = [dict(one) for one in endorsed]
    Policy.objects.of(city).filter(pk=policy_id).update(**changed)


def changed_policies(city: City) -> list[PolicyFacts]:
    """Those that ended before their time, that were endorsed, or of which money came or went: for verification."""
    marked = Q(ended_on__isnull=False) | Q(given_back__gt=0) | Q(added__gt=0) | Q(endorsed__isnull=False)
    rows = Policy.objects.of(city).filter(marked).order_by("pk")
    return [policy_facts(city, values) for values in rows.values_list(*POLICY_COLUMNS)]
