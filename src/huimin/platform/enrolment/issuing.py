"""From a paid order to its policies: who is covered from when, and what is owed back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone
from stdnum import luhn

from huimin.errors import InputError
from huimin.platform.catalogue.api import terms_by_digest, window_of
from huimin.platform.enrolment.entries import order_entries
from huimin.platform.enrolment.means import not_secured, tell_collectors
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, OrderStatus, Policy
from huimin.platform.enrolment.offers import Joining, Window, counted_from, first_day, member_of
from huimin.platform.enrolment.refunding import owed_for_lines
from huimin.platform.enrolment.selectors import covered_already
from huimin.platform.foundation.actors import provider_actor
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.ledger.api import post
from huimin.platform.payments.api import CaseKind, PaymentFacts, open_case, owe_refund
from huimin.platform.people.api import PersonFacts, lock_persons
from huimin.platform.pool.api import Premium, premium_entries
from huimin.platform.tasks.api import enqueue, enqueue_each
from huimin.settlement import Member
from huimin.terms import Plan

__all__ = ["MEANS_FAILED", "issue", "joined", "policy_for", "policy_number", "policy_of", "tell", "tell_each"]

MEANS_FAILED = "means_failed"
"""Why a line got no cover: one who was to pay for it did not."""


def issue(
    city: City,
    order: Order,
    payment: PaymentFacts | None,
    moment: datetime,
    lines: Sequence[OrderLine],
    means: Sequence[LineMeans] = (),
    left_out: Mapping[int, str] | None = None,
) -> None:
    """Policies for every line whose person can be covered by the terms, from the day on which they paid.

    Money for the others is owed back, and a person looks after it. Call it inside the transaction of the notice.
    `payment` is None where the order's other `means` pay everything; `left_out`: lines that get no cover, by key, and
    why.
    """
    # Locking the people in one order keeps two orders for one person from both seeing them uncovered.
    people = lock_persons(city, [line.insured_id for line in lines])
    plan = terms_by_digest(city, order.plan_year_id, order.plan_digest).plan
    policies: list[Policy] = []
    refused: dict[int, str] = dict(left_out or {})
    covered = covered_already(city=city, plan_year_id=order.plan_year_id, resident_ids=list(people))
    window = window_of(city, order.plan_year_id)
    joining = joined(order, payment, moment)
    asking = {line.pk for line in lines if line.pk not in refused and line.insured_id not in covered}
    refused |= dict.fromkeys(not_secured(city, means, asking), MEANS_FAILED)
    for line in lines:
        if line.pk in refused:
            continue
        person = people[line.insured_id]
        try:
            if person.id in covered:
                raise InputError("covered by another order meanwhile", code="covered_already")
            policies.append(policy_for(order, line, person, plan, window, joining, len(policies), moment))
        except InputError as error:
            refused[line.pk] = error.code
    Policy.objects.queue(policies)
    _post_premium(city, order, payment, policies, lines, means, moment)
    order.status = _status(policies, payment)
    order.issued_at = moment
    Order.objects.rewrite(order, "status", "issued_at")
    if refused:
        back = _owe_back(city, order, payment, [line for line in lines if line.pk in refused], refused, moment)
        what = "premium_owed_back" if back else "order_failed"
        tell(city, order, what, f"owed-back-{order.pk}", moment)
    if means:
        tell_collectors(city, means, {policy.order_line_id for policy in policies}, moment)
    if policies:
        tell(city, order, "policies_issued", f"issued-{order.pk}", moment)


def policy_for(
    order: Order,
    line: OrderLine,
    person: PersonFacts,
    plan: Plan,
    window: Window,
    joining: Joining,
    place: int,
    moment: datetime,
) -> Policy:
    """The policy of one line, the order's `place`-th. Raises InputError where the terms give no cover."""
    begins = first_day(plan, member_of(plan, person, line.edition), joining, window)
    number = policy_number(plan.cover.first_day.year, order.pk, place)
    member = member_of(plan, person, line.edition, counted_from(plan, window, begins, joining.placed))
    return policy_of(order, line, person, number, replace(member, cover_from=begins), moment)


def day_of_paying(order: Order, payment: PaymentFacts | None, moment: datetime) -> date:
    """The day on which the payer did their part, from which cover is counted.

    Where an account or a fund pays everything that is the day of the order: how long an agency takes is not theirs.
    """
    return timezone.localdate((payment.paid_at if payment is not None else order.created_at) or moment)


def joined(order: Order, payment: PaymentFacts | None, moment: datetime) -> Joining:
    paid = day_of_paying(order, payment, moment)
    if order.answered_at is None:
        return Joining(paid)
    return Joining(paid, timezone.localdate(order.created_at), timezone.localdate(order.answered_at))


def _status(policies: Sequence[Policy], payment: PaymentFacts | None) -> OrderStatus:
    if policies:
        return OrderStatus.ISSUED
    return OrderStatus.FAILED if payment is None else OrderStatus.REFUND_DUE


def tell(city: City, order: Order, template: str, key: str, moment: datetime) -> None:
    """A message to whoever ordered."""
    message = {"template": template, "order": order.reference, "resident": order.applicant_id}
    enqueue(city=city, kind="notice", key=key, payload=message)


def tell_each(city: City, orders: Sequence[Order], template: str, key: str) -> None:
    """The same message to whoever placed each of these orders, in one statement."""
    payloads = {
        f"{key}-{order.pk}": {"template": template, "order": order.reference, "resident": order.applicant_id}
        for order in orders
    }
    enqueue_each(city=city, kind="notice", payloads=payloads)


def _post_premium(
    city: City,
    order: Order,
    payment: PaymentFacts | None,
    policies: Sequence[Policy],
    lines: Sequence[OrderLine],
    means: Sequence[LineMeans],
    moment: datetime,
) -> None:
    by_line = {line.pk: line for line in lines}
    covered = [by_line[policy.order_line_id] for policy in policies]
    entries = order_entries(order, payment, covered, means)
    premiums = [Premium(f"policy:{policy.number}", policy.price, policy.cover_from) for policy in policies]
    cause = f"order:{order.reference}"
    entries += premium_entries(city=city, plan_year_id=order.plan_year_id, cause=cause, premiums=premiums)
    post(city=city, entries=entries, at=moment)


def _owe_back(
    city: City,
    order: Order,
    payment: PaymentFacts | None,
    lines: Sequence[OrderLine],
    refused: Mapping[int, str],
    moment: datetime,
) -> int:
    """Mark the lines, open a case, and write it into the audit: what a person has to pay back, and why.

    Returns how many fen. What other means would have paid is let go instead, and nobody has to pay it back.
    """
    for line in lines:
        line.refund_due, line.refund_reason = True, refused[line.pk]
        OrderLine.objects.rewrite(line, "refund_due", "refund_reason")
    amount = sum(line.company_part for line in lines)
    if payment is None or not amount:
        return 0
    counts = Counter(refused.values())
    source = f"order:{order.reference}"
    by = provider_actor(city, payment.provider).text
    owe_refund(city=city, owed=owed_for_lines(order, payment, amount), by=by, at=moment)
    record_audit(
        city=city,
        actor=by,
        action="premium_owed_back",
        subject=source,
        at=moment,
        detail={"amount": amount, **counts},
    )
    open_case(
        city=city,
        kind=CaseKind.NO_COVER,
        key=source,
        payment_id=payment.id,
        reference=order.reference,
        amount=amount,
        detail={"paid_on": str(day_of_paying(order, payment, moment)), "refused": dict(counts)},
        at=moment,
    )
    return amount


def policy_of(
    order: Order, line: OrderLine, person: PersonFacts, number: str, member: Member, moment: datetime
) -> Policy:
    """With the facts of the `member`, frozen."""
    return Policy(
        city=order.city,
        number=number,
        plan_year_id=order.plan_year_id,
        plan_digest=order.plan_digest,
        order_line=line,
        holder_id=order.applicant_id,
        insured_id=person.id,
        psn_no=person.psn_no,
        edition=line.edition,
        price=line.price,
        cover_from=member.cover_from,
        cover_to=member.cover_to,
        birth_date=person.birth_date,
        sex=person.sex,
        insutype=person.insutype,
        area_id=person.area_id,
        continuous_years=member.continuous_years,
        claim_free_years=member.claim_free_years,
        pre_existing=person.pre_existing,
        issued_at=moment,
    )


def policy_number(year: int, order_id: int, index: int) -> str:
    """Year, order, person of the order and a Luhn check digit: `HM2022` + 10 digits + 2 + 1."""
    digits = f"{year}{order_id:010d}{index:02d}"
    return f"HM{digits}{luhn.calc_check_digit(digits)}"
