"""Reads orders and policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from huimin.errors import InputError
from huimin.platform.catalogue.api import PlanYearFacts, terms_by_digest, window_of
from huimin.platform.enrolment.means import LineMeansFacts
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, OrderStatus, Policy, TermsOpened
from huimin.platform.enrolment.offers import cover_begins_for
from huimin.platform.enrolment.order_facts import OrderFacts, order_facts
from huimin.platform.enrolment.policy_facts import POLICY_COLUMNS, PolicyFacts, policy_facts
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import MeansKind, address_to_pay, owed_back_beside, payments_of
from huimin.platform.people.api import PersonFacts, persons_by_id
from huimin.platform.subsidies.api import FUND_KEY
from huimin.terms import Plan

__all__ = [
    "OrderedCover",
    "all_policies",
    "covered_already",
    "insured_people",
    "issued_orders",
    "lock_policies_of_members",
    "means_of_order",
    "means_of_orders",
    "order_by_reference",
    "order_of_policy",
    "ordered_cover",
    "owed_back",
    "payer_address",
    "policies_by_id",
    "policies_of",
    "policies_of_city",
    "policies_of_member",
    "policies_of_order",
    "policies_of_people",
    "policies_with_lines",
    "refused_people",
    "terms_opened",
]


def all_policies(city: City, plan_year: PlanYearFacts, chunk: int) -> Iterator[PolicyFacts]:
    """Every policy of the year that was ever in force, read `chunk` at a time."""
    ever = Policy.objects.of(city).filter(plan_year=plan_year.id).exclude(ended_on__lte=F("cover_from"))
    rows = ever.order_by("pk").values_list(*POLICY_COLUMNS)
    return (policy_facts(city, values) for values in rows.iterator(chunk_size=chunk))


def policies_of_city(city: City) -> list[PolicyFacts]:
    """Every policy of every year: for verification."""
    rows = Policy.objects.of(city).order_by("pk").values_list(*POLICY_COLUMNS)
    return [policy_facts(city, values) for values in rows]


def policies_by_id(city: City, policy_ids: Iterable[int]) -> dict[int, PolicyFacts]:
    """One statement."""
    rows = Policy.objects.pick(city, POLICY_COLUMNS, {"id": list(policy_ids)})
    found = [policy_facts(city, values) for values in rows]
    return {policy.id: policy for policy in found}


def covered_already(*, city: City, plan_year_id: int, resident_ids: Sequence[int]) -> set[int]:
    """Those of the residents who have a policy for this plan year, and have not given it up."""
    where = {"plan_year": plan_year_id, "insured": list(resident_ids), "ended_on": None}
    return {insured for (insured,) in Policy.objects.pick(city, ("insured",), where)}


def order_by_reference(city: City, reference: str) -> OrderFacts | None:
    found: Order | None = Order.objects.of(city).filter(reference=reference).first()
    if found is None:
        return None
    found.city = city
    payment = payments_of(city, [found.payment_id])[found.payment_id] if found.payment_id else None
    return order_facts(found, payment)


def order_of_policy(city: City, number: str) -> str | None:
    """The reference of the order by which the policy of this number came; None where there is no such policy."""
    rows = Policy.objects.of(city).filter(number=number).values_list("order_line__order__reference", flat=True)
    found: str | None = rows.first()
    return found


def payer_address(order: OrderFacts) -> str:
    """Where the payer pays this order: a signed address at the provider. Empty where nothing is paid there."""
    city, payment = order.city, order.payment
    if payment is None:
        return ""
    return address_to_pay(payment, back=f"{city.code}/orders/{order.reference}/")


def policies_of_order(order: OrderFacts) -> list[PolicyFacts]:
    rows = Policy.objects.of(order.city).filter(order_line__order=order.id).order_by("pk")
    return [policy_facts(order.city, values) for values in rows.values_list(*POLICY_COLUMNS)]


def policies_of(city: City, resident: PersonFacts) -> list[PolicyFacts]:
    """Policies that the resident has or bought."""
    policies = Policy.objects.of(city)
    rows = policies.filter(insured=resident.id) | policies.filter(holder=resident.id)
    return [policy_facts(city, values) for values in rows.order_by("pk").values_list(*POLICY_COLUMNS)]


def policies_of_people(city: City, resident_ids: Iterable[int]) -> list[PolicyFacts]:
    """Every policy that insures one of these people, whoever bought it. One statement."""
    rows = Policy.objects.pick(city, POLICY_COLUMNS, {"insured": list(resident_ids)}, ("id",))
    return [policy_facts(city, values) for values in rows]


def insured_people(city: City) -> list[int]:
    """The key of everybody who has or had a policy, in order."""
    return list(Policy.objects.of(city).order_by("insured_id").values_list("insured_id", flat=True).distinct())


def policies_with_lines(city: City) -> list[Policy]:
    """Every policy, with its order line and order: for verification."""
    rows = list(Policy.objects.of(city).select_related("order_line__order").order_by("pk"))
    for policy in rows:
        policy.city = city
    return rows


def issued_orders(city: City) -> list[Order]:
    """Every order that was paid, whether or not somebody could be covered."""
    rows = Order.objects.of(city).filter(status__in=(OrderStatus.ISSUED, OrderStatus.REFUND_DUE))
    return list(rows)


def means_of_order(order: OrderFacts) -> list[LineMeansFacts]:
    """What is paid beside the payment company, in the order in which it was named."""
    rows = LineMeans.objects.of(order.city).filter(line__order=order.id).select_related("line").order_by("pk")
    return [
        LineMeansFacts(row.line.insured_id, MeansKind(row.kind), row.party, row.amount, row.status, row.reason)
        for row in rows
    ]


def means_of_orders(city: City) -> dict[int, list[LineMeans]]:
    """What other means paid for, by order: for verification."""
    found: dict[int, list[LineMeans]] = defaultdict(list)
    for means in LineMeans.objects.of(city).select_related("line").order_by("pk"):
        found[means.line.order_id].append(means)
    return found


@dataclass(frozen=True, slots=True)
class OrderedCover:
    """One person of an order. `cover_from` and `cover_to` are the policy's; before that, as if it were paid today.

    `refused`: why there is no cover, as a code.
    """

    relation: str
    edition: str
    price: int
    own_part: int
    """What the order's payer pays, by whatever means."""
    to_company: int
    """What of the own part is paid through the payment company."""
    paid_by: dict[str, int]
    """What others pay: payers of the terms, and funds as `fund:CODE`."""
    cover_from: date | None
    cover_to: date | None
    refused: str = ""


def ordered_cover(order: OrderFacts) -> list[OrderedCover]:
    """Everybody whom the order names, in the order in which they were named."""
    lines = OrderLine.objects.of(order.city).filter(order=order.id).select_related("policy").order_by("pk")
    people = persons_by_id(order.city, [line.insured_id for line in lines])
    plan, day = terms_by_digest(order.city, order.plan_year_id, order.plan_digest).plan, today(order.city)
    window = window_of(order.city, order.plan_year_id)
    by_funds = _by_funds(order.city, [line for line in lines if line.other_means])
    return [_ordered(line, people[line.insured_id], plan, window, day, by_funds[line.pk]) for line in lines]


def _by_funds(city: City, lines: Sequence[OrderLine]) -> dict[int, dict[str, int]]:
    """What funds pay for each of these lines, by its key; no statement where there are none."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if lines:
        rows = LineMeans.objects.of(city).filter(line__in=lines, kind=MeansKind.SUBSIDY)
        for line, party, fen in rows.values_list("line_id", "party", "amount"):
            found[line][FUND_KEY + party] = fen
    return found


def _ordered(
    line: OrderLine,
    person: PersonFacts,
    plan: Plan,
    window: tuple[date, date],
    day: date,
    by_funds: Mapping[str, int],
) -> OrderedCover:
    policy: Policy | None = getattr(line, "policy", None)
    begins, ends, refused = None, None, line.refund_reason or ("covered_already" if line.refund_due else "")
    if policy is not None:
        begins, ends = policy.cover_from, policy.cover_to
    elif not refused:
        try:
            begins = cover_begins_for(plan, window, person, day, line.edition)
            ends = plan.cover.last_day
        except InputError as error:
            refused = error.code
    return OrderedCover(
        relation=line.relation,
        edition=line.edition,
        price=line.price,
        own_part=line.own_part - sum(by_funds.values()),
        to_company=line.company_part,
        paid_by={**line.paid_by, **by_funds},
        cover_from=begins,
        cover_to=ends,
        refused=refused,
    )


def refused_people(order: OrderFacts) -> dict[int, str]:
    """Who gets no cover by this order, and why, as a code: by resident id."""
    rows = OrderLine.objects.of(order.city).filter(order=order.id).exclude(refund_reason="").order_by("pk")
    return dict(rows.values_list("insured_id", "refund_reason"))


def owed_back(order: OrderFacts) -> int:
    """Fen that the payment company has for this order and owes back: for people without cover, and what was paid
    beside it. What an account or a fund would have paid is let go and stands here not."""
    lines = OrderLine.objects.of(order.city).filter(order=order.id, refund_due=True)
    beside = owed_back_beside(order.city, order.payment.id) if order.payment is not None else 0
    return sum(line.company_part for line in lines) + beside


def lock_policies_of_members(city: City, *psn_nos: str) -> list[PolicyFacts]:
    """All policies of these members, locked, so that only one transaction at a time decides a member-year."""
    rows = Policy.objects.pick(city, POLICY_COLUMNS, {"psn_no": psn_nos}, ("id",), lock=True)
    return [policy_facts(city, values) for values in rows]


def policies_of_member(city: City, psn_no: str) -> list[PolicyFacts]:
    """All policies of a member as they stand, not locked: for what decides nothing."""
    rows = Policy.objects.pick(city, POLICY_COLUMNS, {"psn_no": (psn_no,)}, ("id",))
    return [policy_facts(city, values) for values in rows]


def terms_opened(*, city: City, resident: PersonFacts, plan_year: PlanYearFacts) -> bool:
    """Whether the resident has opened the page of what the plan covers and what it does not."""
    return TermsOpened.objects.of(city).filter(resident=resident.id, plan_year=plan_year.id).exists()
