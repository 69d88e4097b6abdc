"""Workers hear notices of payments: policies are issued in groups, up to a hundred orders in one transaction (ADR 41).

In a group are orders that only the payment company is paid for, that are paid just as was asked, and whose people can
all be covered. Every other one is completed alone, as are all where a group fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from huimin.errors import InputError
from huimin.platform.catalogue.api import terms_by_digest, window_of
from huimin.platform.enrolment.entries import order_entries
from huimin.platform.enrolment.issuing import joined, policy_for, tell_each
from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus, Policy
from huimin.platform.enrolment.order_facts import DIFFERENCE
from huimin.platform.enrolment.selectors import covered_already
from huimin.platform.enrolment.services import confirm_payment
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import writing_together
from huimin.platform.ledger.api import Entry, post
from huimin.platform.payments.api import PaymentFacts, TakenNotice, pay_together, taken_notice
from huimin.platform.people.api import PersonFacts, lock_persons
from huimin.platform.pool.api import Premium, premium_entries
from huimin.platform.tasks.api import Attempt, Write

__all__ = ["hear", "hear_together"]


@dataclass(frozen=True, slots=True)
class _Issued:
    """A paid order whose people are all covered, with what is written of it."""

    order: Order
    payment: PaymentFacts
    lines: Sequence[OrderLine]
    policies: Sequence[Policy]


def hear(attempt: Attempt) -> Write:
    """A worker's: one notice, with everything that may follow from it. It is heard in the transaction that ends the
    task, so that it is recorded once."""
    taken = taken_notice(attempt.task.city, attempt.task.payload)
    return lambda: confirm_payment(actor=taken.actor, notice=taken.notice, came=taken.came)


def hear_together(attempts: Sequence[Attempt], finished: Callable[[Sequence[Attempt]], None]) -> None:
    """A worker's: many notices, in a transaction for each city. What is odd is left for `hear`."""
    of_cities: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        of_cities[attempt.task.city_id].append(attempt)
    for of_city in of_cities.values():
        taken = [taken_notice(attempt.task.city, attempt.task.payload) for attempt in of_city]
        with writing_together():
            places = _hear_city(taken)
            if places:
                finished([of_city[place] for place in places])


def _hear_city(taken: Sequence[TakenNotice]) -> list[int]:
    city = taken[0].city
    return pay_together(city=city, taken=taken, complete=partial(_issue_together, city, now(city)))


def _issue_together(city: City, moment: datetime, payments: Sequence[PaymentFacts]) -> Collection[int]:
    """Issue the policies of the orders that these payments paid, where nothing hinders. Returns the payments' keys.

    Orders are locked in the order of their keys, and after them people, as everywhere.
    """
    paid = {payment.id: payment for payment in payments}
    found = Order.objects.fetch(city, {"payment": list(paid)}, order_by=("id",), lock=True)
    orders = [order for order in found if order.status == OrderStatus.WAITING and order.channel != DIFFERENCE]
    lines = _lines(city, orders)
    # What other means pay for is completed as they come in, under locks of their own.
    orders = [order for order in orders if not any(line.other_means for line in lines[order.pk])]
    people = lock_persons(city, sorted({line.insured_id for order in orders for line in lines[order.pk]}))
    issued = [one for year in _by_year(orders).items() for one in _of_year(city, *year, lines, people, paid, moment)]
    if issued:
        _write(city, issued, moment)
    return [one.payment.id for one in issued]


def _lines(city: City, orders: Sequence[Order]) -> dict[int, list[OrderLine]]:
    """By the key of their order."""
    found: dict[int, list[OrderLine]] = defaultdict(list)
    if orders:
        for line in OrderLine.objects.fetch(city, {"order": orders}, order_by=("id",)):
            found[line.order_id].append(line)
    return found


def _by_year(orders: Sequence[Order]) -> dict[int, list[Order]]:
    found: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        found[order.plan_year_id].append(order)
    return found


def _of_year(
    city: City,
    plan_year_id: int,
    orders: Sequence[Order],
    lines: Mapping[int, Sequence[OrderLine]],
    people: Mapping[int, PersonFacts],
    paid: Mapping[int, PaymentFacts],
    moment: datetime,
) -> Iterator[_Issued]:
    """Those of a plan year's orders of which every person can be covered. Of two for one person it is the first."""
    insured = [line.insured_id for order in orders for line in lines[order.pk]]
    covered = covered_already(city=city, plan_year_id=plan_year_id, resident_ids=insured)
    window = window_of(city, plan_year_id)
    for order in orders:
        payment, of_order = paid[order.payment_id or 0], lines[order.pk]
        if any(line.insured_id in covered for line in of_order):
            continue
        plan, joining = terms_by_digest(city, plan_year_id, order.plan_digest).plan, joined(order, payment, moment)
        try:
            policies = [
                policy_for(order, line, people[line.insured_id], plan, window, joining, place, moment)
                for place, line in enumerate(of_order)
            ]
        except InputError:
            continue  # somebody gets no cover: their money goes back, when the order is completed alone
        covered |= {line.insured_id for line in of_order}
        yield _Issued(order, payment, of_order, policies)


def _write(city: City, issued: Sequence[_Issued], moment: datetime) -> None:
    entries: list[Entry] = []
    premiums: dict[int, list[Premium]] = defaultdict(list)
    for one in issued:
        one.order.status, one.order.issued_at = OrderStatus.ISSUED, moment
        entries += order_entries(one.order, one.payment, one.lines, ())
        cause = f"order:{one.order.reference}"
        for policy in one.policies:
            premium = Premium(f"policy:{policy.number}", policy.price, policy.cover_from, cause)
            premiums[policy.plan_year_id].append(premium)
    for plan_year_id, of_year in premiums.items():
        entries += premium_entries(city=city, plan_year_id=plan_year_id, cause="", premiums=of_year)
    Policy.objects.queue(policy for one in issued for policy in one.policies)
    post(city=city, entries=entries, at=moment)
    Order.objects.rewrite_each([one.order for one in issued], "status", "issued_at")
    tell_each(city, [one.order for one in issued], "policies_issued", "issued")
