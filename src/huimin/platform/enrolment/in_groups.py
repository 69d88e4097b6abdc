"""Orders for many people whom one payer pays for: made and issued by a worker, hundreds in a transaction.

Everything is asked once for all of them, and written in one round; each person has an order of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.enrolment.bureau.asking import ask_later, to_be_asked
from huimin.platform.enrolment.completing import complete_later
from huimin.platform.enrolment.eligibility import Eligibility, check_eligibility
from huimin.platform.enrolment.entries import order_entries
from huimin.platform.enrolment.funding import set_aside
from huimin.platform.enrolment.issuing import policy_number, policy_of, tell_each
from huimin.platform.enrolment.means import OtherMeans, means_rows
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, OrderStatus, Policy
from huimin.platform.enrolment.offers import Offer, counted_from, member_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.ledger.api import Entry, post
from huimin.platform.payments.api import MeansKind
from huimin.platform.people.api import PersonFacts, lock_persons
from huimin.platform.pool.api import Premium, premium_entries

__all__ = ["GroupOrder", "Payer", "Wanted", "order_in_group", "policies_by_order"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person to enrol. `fen`: what the payer was told to pay; `reference`: by which it knows this payment."""

    reference: str
    holder_id: int
    insured_id: int
    relation: Relation
    edition: str
    fen: int


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for all of them, by which means, and the channel by which they came."""

    kind: MeansKind
    party: str
    channel: str


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """What came of one: an order and its policy, an order that still waits, or why there is none."""

    reference: str = ""
    policy: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Made:
    """One order with everything that is written about it."""

    wanted: Wanted
    order: Order
    line: OrderLine
    means: list[LineMeans]
    offer: Offer
    waits: bool


def order_in_group(
    *, city: City, plan_year: PlanYearFacts, wanted: Sequence[Wanted], payer: Payer, moment: datetime
) -> dict[str, GroupOrder]:
    """What came of each, by reference. Call it in `writing_together`, once for each group of people.

    Nobody is named twice. Those of whom the bureau has to be asked first, and those for whom funds pay a part, get an
    order that is completed as every other. The payer's money is sure: it is used, or let go, through its collector.
    Raises SubsidyError (`fund_used_up`).
    """
    people = lock_persons(city, sorted({one.insured_id for one in wanted}))
    editions = {one.insured_id: one.edition for one in wanted}
    results = check_eligibility(city=city, plan_year=plan_year, residents=list(people.values()), editions=editions)
    found = {one.reference: GroupOrder(refused=_refusal(one, results[one.insured_id])) for one in wanted}
    offers = {one.insured_id: results[one.insured_id].offer for one in wanted if not found[one.reference].refused}
    known = {key: offer for key, offer in offers.items() if offer is not None}
    asked = set(to_be_asked(people[key] for key in known))
    of_funds = {key: offer for key, offer in known.items() if offer.by_funds}
    funds = set_aside(city, of_funds) if of_funds else []
    taken = [one for one in wanted if one.insured_id in known]
    orders = [
        _order(city, plan_year, payer, one, one.insured_id in asked, one.insured_id in of_funds, moment)
        for one in taken
    ]
    # Their keys are known once they are in the queue; lines and means name them.
    Order.objects.queue(orders, keyed=True)
    made = [_made(order, payer, one, known[one.insured_id], funds) for order, one in zip(orders, taken, strict=True)]
    OrderLine.objects.queue([one.line for one in made], keyed=True)
    for one in made:
        one.means.extend(means_rows(city, [one.line], _means(payer, one.wanted, funds), moment))
    LineMeans.objects.queue([row for one in made for row in one.means])
    policies = _issue(city, plan_year, people, [one for one in made if not one.waits], moment)
    for one in made:
        if one.waits:
            (ask_later if one.order.status == OrderStatus.ASKING else complete_later)(one.order)
        policy = policies.get(one.wanted.reference)
        found[one.wanted.reference] = GroupOrder(one.order.reference, policy.number if policy else "")
    return found


def _refusal(wanted: Wanted, result: Eligibility) -> str:
    if result.reasons:
        return result.reasons[0]
    if result.offer is None:
        return "price_unknown"
    return "" if result.offer.to_pay == wanted.fen else "price_changed"


def _order(
    city: City,
    plan_year: PlanYearFacts,
    payer: Payer,
    wanted: Wanted,
    asks: bool,
    has_funds: bool,
    moment: datetime,
) -> Order:
    waits = asks or has_funds
    return Order(
        city=city,
        reference=secrets.token_hex(12),
        applicant_id=wanted.holder_id,
        plan_year_id=plan_year.id,
        plan_digest=plan_year.plan_digest,
        payment_id=None,
        status=OrderStatus.ASKING if asks else OrderStatus.WAITING if waits else OrderStatus.ISSUED,
        channel=payer.channel,
        created_at=moment,
        issued_at=None if waits else moment,
    )


def _made(order: Order, payer: Payer, wanted: Wanted, offer: Offer, funds: Sequence[OtherMeans]) -> _Made:
    line = OrderLine(
        city=order.city,
        order=order,
        insured_id=wanted.insured_id,
        relation=wanted.relation,
        edition=wanted.edition,
        price=offer.price,
        paid_by=offer.paid_by,
        other_means=sum(one.amount for one in _means(payer, wanted, funds)),
    )
    return _Made(wanted, order, line, [], offer, order.status != OrderStatus.ISSUED)


def _means(payer: Payer, wanted: Wanted, funds: Sequence[OtherMeans]) -> list[OtherMeans]:
    """By what one person is paid for: funds, and the payer for the rest."""
    means = [one for one in funds if one.insured_id == wanted.insured_id]
    if wanted.fen:
        means.append(OtherMeans(wanted.insured_id, payer.kind, payer.party, wanted.fen, wanted.reference, sure=True))
    return means


def _issue(
    city: City,
    plan_year: PlanYearFacts,
    people: Mapping[int, PersonFacts],
    made: Sequence[_Made],
    moment: datetime,
) -> dict[str, Policy]:
    """Policies with their entries and messages: everything is paid, and the people are locked and uncovered."""
    plan = terms_of(plan_year).plan
    year, policies = plan.cover.first_day.year, {}
    entries, premiums = list[Entry](), list[Premium]()
    for one in made:
        person, number = people[one.wanted.insured_id], policy_number(year, one.order.pk, 0)
        begins = one.offer.cover_from
        member = member_of(plan, person, one.wanted.edition, counted_from(plan, plan_year.window, begins))
        policy = policy_of(one.order, one.line, person, number, replace(member, cover_from=begins), moment)
        policies[one.wanted.reference] = policy
        entries += order_entries(one.order, None, [one.line], one.means)
        cause = f"order:{one.order.reference}"
        premiums.append(Premium(f"policy:{number}", policy.price, policy.cover_from, cause))
    entries += premium_entries(city=city, plan_year_id=plan_year.id, cause="", premiums=premiums)
    Policy.objects.queue(policies.values())
    post(city=city, entries=entries, at=moment)
    tell_each(city, [one.order for one in made], "policies_issued", "issued")
    return policies


def policies_by_order(city: City, references: Collection[str]) -> dict[str, str]:
    """The number of the policy that came of each order of one person, by the order's reference. One statement."""
    rows = Policy.objects.of(city).filter(order_line__order__reference__in=list(references))
    return dict(rows.values_list("order_line__order__reference", "number"))
