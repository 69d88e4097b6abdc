"""What a policy says, held against its order, the terms, and the day on which it was paid."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from huimin.adjudication import cover_begins
from huimin.errors import InputError
from huimin.platform.catalogue.selectors import terms_by_digest
from huimin.platform.enrolment.models import Policy
from huimin.terms import Plan

__all__ = ["faults_of_policy"]


def faults_of_policy(policy: Policy) -> Iterator[str]:
    """A sentence for each thing that is not as the facts say. `policy` with its order line, order, payment and plan
    year, so that nothing is read here."""
    plan = terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest).plan
    if policy.cover_to < policy.cover_from:
        yield f"policy:{policy.number}: cover ends on {policy.cover_to}, before it begins on {policy.cover_from}"
    elif policy.cover_from < plan.cover.first_day or policy.cover_to != plan.cover.last_day:
        found = f"covered from {policy.cover_from} to {policy.cover_to}"
        yield f"policy:{policy.number}: {found}; the cover year is {plan.cover.first_day} to {plan.cover.last_day}"
    else:
        yield from _first_day(policy, plan)
    if policy.price != policy.order_line.price:
        yield f"policy:{policy.number}: the price is {policy.price} fen, the order's {policy.order_line.price}"


def _first_day(policy: Policy, plan: Plan) -> Iterator[str]:
    """Paid after the window, as policies once could be, has no day that the terms give: it is left alone."""
    paid_on = timezone.localdate(policy.order_line.order.payment.paid_at or policy.issued_at)
    try:
        begins = cover_begins(plan, policy.member(), paid_on, policy.plan_year.window)
    except InputError:
        return
    if begins != policy.cover_from:
        yield f"policy:{policy.number}: paid on {paid_on} cover begins on {begins}, not on {policy.cover_from}"
