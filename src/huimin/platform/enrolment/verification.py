"""Paid orders and policies, held against the terms and the day of paying; and their entries, computed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from huimin.errors import InputError
from huimin.platform.catalogue.api import terms_by_digest, window_of
from huimin.platform.enrolment.differences import difference_entries, differences_taken
from huimin.platform.enrolment.entries import order_entries
from huimin.platform.enrolment.issuing import joined
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, Policy
from huimin.platform.enrolment.offers import Window, first_day
from huimin.platform.enrolment.selectors import issued_orders, means_of_orders, policies_with_lines
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.payments.api import MeansKind, PaymentFacts, payments_of, received
from huimin.platform.pool.api import Premium, premium_entries
from huimin.platform.subsidies.api import drawn_by_claim
from huimin.terms import Plan

__all__ = ["faults_of_policy", "recompute_premium"]


def recompute_premium(city: City, result: Verification) -> Iterator[Entry]:
    """The entry of each paid order, and the sharing of each policy's premium."""
    lines_of_order: dict[int, list[OrderLine]] = defaultdict(list)
    premiums: dict[int, list[Premium]] = defaultdict(list)
    windows: dict[int, Window] = {}
    payments = payments_of(city)
    for policy in policies_with_lines(city):
        result.counts["policies"] += 1
        if policy.plan_year_id not in windows:
            windows[policy.plan_year_id] = window_of(city, policy.plan_year_id)
        order = policy.order_line.order
        payment = payments[order.payment_id] if order.payment_id else None
        result.faults += faults_of_policy(policy, windows[policy.plan_year_id], payment)
        lines_of_order[policy.order_line.order_id].append(policy.order_line)
        premiums[policy.plan_year_id].append(Premium(f"policy:{policy.number}", policy.price, policy.cover_from))
    for plan_year_id, rows in premiums.items():
        yield from premium_entries(city=city, plan_year_id=plan_year_id, cause="", premiums=rows)
    paid, means = received(city), means_of_orders(city)
    covered = {line.pk for lines in lines_of_order.values() for line in lines}
    result.faults += _faults_of_funds(city, [one for of_order in means.values() for one in of_order], covered)
    differences = differences_taken(city)
    for order in issued_orders(city):
        result.counts["orders"] += 1
        payment = payments[order.payment_id] if order.payment_id else None
        if payment is not None:
            result.faults += _faults_of_receipt(order, payment, paid)
        if payment is not None and order.pk in differences:
            yield from difference_entries(order, payment, differences[order.pk])
            continue
        yield from order_entries(order, payment, lines_of_order[order.pk], means[order.pk])


def _faults_of_funds(city: City, means: Iterable[LineMeans], covered: Collection[int]) -> Iterator[str]:
    """Every policy that a fund pays for has its draw, and nothing else was drawn. `covered`: lines with a policy."""
    drawn = drawn_by_claim(city)
    expected = {
        one.reference: (one.party, one.amount)
        for one in means
        if one.kind == MeansKind.SUBSIDY and one.line_id in covered
    }
    for reference in sorted(expected.keys() | drawn.keys()):
        if expected.get(reference) != drawn.get(reference):
            found, given = drawn.get(reference) or "nothing", expected.get(reference) or "nothing"
            yield f"draw {reference}: a fund paid {found}; the policies were issued for {given}"


def _faults_of_receipt(order: Order, payment: PaymentFacts, paid: dict[tuple[str, int | None], int]) -> Iterator[str]:
    """`paid`: fen received, by the receipt's name and the payment that it is for."""
    told = f"receipt:{payment.provider}:{payment.provider_transaction}"
    if paid.get((told, payment.id)) != payment.amount:
        yield f"order:{order.reference}: {told} of {payment.amount} fen, that paid it, is not there"


def faults_of_policy(policy: Policy, window: Window, payment: PaymentFacts | None) -> Iterator[str]:
    """A sentence for each thing that is not as the facts say. `policy` with its order line, so that it is not read
    here; `payment` is that of its order."""
    plan = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    if policy.cover_to < policy.cover_from:
        yield f"policy:{policy.number}: cover ends on {policy.cover_to}, before it begins on {policy.cover_from}"
    elif policy.cover_from < plan.cover.first_day or policy.cover_to != plan.cover.last_day:
        found = f"covered from {policy.cover_from} to {policy.cover_to}"
        yield f"policy:{policy.number}: {found}; the cover year is {plan.cover.first_day} to {plan.cover.last_day}"
    else:
        yield from _first_day(policy, plan, window, payment)
    if policy.price != policy.order_line.price:
        yield f"policy:{policy.number}: the price is {policy.price} fen, the order's {policy.order_line.price}"


def _first_day(policy: Policy, plan: Plan, window: Window, payment: PaymentFacts | None) -> Iterator[str]:
    """Paid after the window, as policies once could be, has no day that the terms give: it is left alone."""
    joining = joined(policy.order_line.order, payment, policy.issued_at)
    try:
        begins = first_day(plan, policy.member(), joining, window)
    except InputError:
        return
    if begins != policy.cover_from:
        yield f"policy:{policy.number}: paid on {joining.paid} cover begins on {begins}, not on {policy.cover_from}"
