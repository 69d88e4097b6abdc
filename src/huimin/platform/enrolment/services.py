"""Joining: who may, the order, and the policies once it is paid."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stdnum import luhn

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import terms_by_digest, terms_of
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus, Policy, Relation, TermsOpened
from huimin.platform.enrolment.selectors import covered_already, payer_address, terms_opened
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import enqueue, writing_together
from huimin.platform.ledger.services import post
from huimin.platform.payments.providers import Notice, provider
from huimin.platform.payments.services import open_payment, received_entry, record_notice
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import lock_residents
from huimin.platform.pool.services import Premium, premium_entries
from huimin.terms import Cover

__all__ = ["EnrolmentError", "PlacedOrder", "ask_provider", "confirm_payment", "open_terms", "place_order"]

_MOST_PEOPLE = 10


class EnrolmentError(HuiminError):
    code = "enrolment"


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    order: Order
    total: int
    payer_address: str


def open_terms(*, city: City, resident: Resident, plan_year: PlanYear) -> None:
    """Record that the resident had the cover and its exclusions opened."""
    TermsOpened.objects.queue([TermsOpened(city=city, resident=resident, plan_year=plan_year, opened_at=now(city))])


@writing_together()
def place_order(
    *,
    city: City,
    plan_year: PlanYear,
    applicant: Resident,
    insured: Sequence[tuple[Resident, Relation]],
    channel: str,
    terms_opened_now: bool = False,
) -> PlacedOrder:
    """Order cover for people. Nothing is owed until it is paid.

    `terms_opened_now`: the channel showed the terms with this order; else they must have been opened before.

    Raises EnrolmentError: `terms_not_opened`, `nobody_insured`, `too_many_people`, `person_twice`, `not_eligible`
    with every reason for every person.
    """
    if terms_opened_now:
        open_terms(city=city, resident=applicant, plan_year=plan_year)
    elif not terms_opened(city=city, resident=applicant, plan_year=plan_year):
        raise EnrolmentError("what the plan covers and what not has not been opened yet", code="terms_not_opened")
    _refuse_order(city, plan_year, insured)
    moment = now(city)
    price = terms_of(plan_year).price
    total = price * len(insured)
    reference = secrets.token_hex(12)
    payment = open_payment(city=city, reference=reference, provider="sandbox", amount=total, at=moment)
    order = Order(
        city=city,
        reference=reference,
        applicant=applicant,
        plan_year=plan_year,
        plan_digest=plan_year.plan_digest,
        payment=payment,
        channel=channel,
        created_at=moment,
    )
    Order.objects.queue([order], keyed=True)
    OrderLine.objects.queue(
        OrderLine(city=city, order=order, insured=person, relation=relation, price=price)
        for person, relation in insured
    )
    return PlacedOrder(order, total, payer_address(order))


def _refuse_order(city: City, plan_year: PlanYear, insured: Sequence[tuple[Resident, Relation]]) -> None:
    if not insured:
        raise EnrolmentError("the order names nobody to insure", code="nobody_insured")
    if len(insured) > _MOST_PEOPLE:
        message = f"the order names {len(insured)} people; expected at most {_MOST_PEOPLE}"
        raise EnrolmentError(message, code="too_many_people")
    if len({person.pk for person, _ in insured}) < len(insured):
        raise EnrolmentError("the order names a person twice", code="person_twice")
    eligibility = check_eligibility(city=city, plan_year=plan_year, residents=[person for person, _ in insured])
    reasons = sorted({reason for result in eligibility.values() for reason in result.reasons})
    if reasons:
        raise EnrolmentError(f"not everybody named may join: {', '.join(reasons)}", code="not_eligible")


@writing_together()
def confirm_payment(*, city: City, provider_code: str, notice: Notice) -> Order:
    """What follows from a provider's notice: policies, their numbers, and the journal. Safe to run twice.

    Raises HuiminError (`unknown_payment`).
    """
    moment = now(city)
    outcome = record_notice(city=city, provider=provider_code, notice=notice, at=moment)
    order: Order = Order.objects.fetch(city, "payment_id = %s", outcome.payment.pk)[0]
    if outcome.newly_paid:
        _issue(city, order, outcome.payment, moment)
    return order


def ask_provider(*, city: City, order: Order) -> Order:
    """Ask the provider about an order that waits, for notices that got lost. Raises ProviderError."""
    notice = provider(order.payment.provider).ask(order.payment.reference)
    if notice is None:
        return order
    return confirm_payment(city=city, provider_code=order.payment.provider, notice=notice)


def _issue(city: City, order: Order, payment: object, moment: datetime) -> None:
    """Policies for every line whose person is not covered by then; money for the others is owed back."""
    lines = OrderLine.objects.fetch(city, "order_id = %s ORDER BY id", order.pk)
    # Locking the people in one order keeps two orders for one person from both seeing them uncovered.
    people = lock_residents(city, [line.insured_id for line in lines])
    covered = covered_already(city=city, plan_year_id=order.plan_year_id, resident_ids=list(people))
    given = [line for line in lines if line.insured_id not in covered]
    cover = terms_by_digest(city, order.plan_year_id, order.plan_digest).plan.cover
    policies = [
        _policy(
            cover, order, line, people[line.insured_id], policy_number(cover.first_day.year, order.pk, index), moment
        )
        for index, line in enumerate(given)
    ]
    Policy.objects.queue(policies)
    refund = sum(line.price for line in lines if line.insured_id in covered)
    if covered:
        OrderLine.objects.of(city).filter(order=order, insured_id__in=covered).update(refund_due=True)
    _post_premium(city, order, payment, policies, refund, moment)
    order.status, order.issued_at = OrderStatus.ISSUED, moment
    Order.objects.rewrite(order, "status", "issued_at")
    message = {"template": "policies_issued", "order": order.reference, "resident": order.applicant_id}
    enqueue(city=city, topic="notice", key=f"issued-{order.pk}", payload=message, at=moment)


def _post_premium(
    city: City, order: Order, payment: object, policies: Sequence[Policy], refund: int, moment: datetime
) -> None:
    received = sum(policy.price for policy in policies)
    source = f"order:{order.reference}"
    entries = [received_entry(payment, source=source, cause=source, amount=received, refund=refund)]  # type: ignore[arg-type]
    premiums = [Premium(f"policy:{policy.number}", policy.price, policy.cover_from) for policy in policies]
    entries += premium_entries(city=city, plan_year_id=order.plan_year_id, cause=source, premiums=premiums)
    post(city=city, entries=entries, at=moment)


def _policy(cover: Cover, order: Order, line: OrderLine, person: Resident, number: str, moment: datetime) -> Policy:
    return Policy(
        city=order.city,
        number=number,
        plan_year_id=order.plan_year_id,
        plan_digest=order.plan_digest,
        order_line=line,
        holder_id=order.applicant_id,
        insured=person,
        psn_no=person.psn_no,
        price=line.price,
        # Whoever joins after the cover year began is covered from the day after paying, never backwards.
        cover_from=max(cover.first_day, moment.date() + timedelta(days=1)),
        cover_to=cover.last_day,
        birth_date=person.birth_date,
        sex=person.sex,
        insutype=person.insutype,
        area_id=person.area_id,
        continuous_years=person.continuous_years,
        claim_free_years=person.claim_free_years,
        pre_existing=person.pre_existing,
        issued_at=moment,
    )


def policy_number(year: int, order_id: int, index: int) -> str:
    """Year, order, person of the order and a Luhn check digit: `HM2022` + 10 digits + 2 + 1."""
    digits = f"{year}{order_id:010d}{index:02d}"
    return f"HM{digits}{luhn.calc_check_digit(digits)}"
