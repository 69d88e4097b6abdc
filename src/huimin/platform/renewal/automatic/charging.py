"""Renewing what was announced in time: the order is placed, and the payment company takes the premium."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import plan_on_sale, plan_year_by_id
from huimin.platform.enrolment.api import (
    OrderFacts,
    confirm_payment,
    order_by_reference,
    place_renewal_order,
    policies_of_order,
)
from huimin.platform.foundation.actors import provider_actor, queue_actor, resident_actor
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import Deduction, DoorError, Notice, Refused, Unreachable, ask_once
from huimin.platform.payments.api import agreement_of, payment_company
from huimin.platform.people.api import persons_by_id
from huimin.platform.renewal.automatic.announcing import NO_AGREEMENT
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.renewal.automatic.moving import locked, move, tell
from huimin.platform.renewal.automatic.roads import may_charge_on, roads_of, roads_of_each
from huimin.platform.renewal.automatic.undoing import give_up_cover
from huimin.platform.renewal.consents.agreeing import standing_consent
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, enqueue

__all__ = ["RENEW_ONE", "begin_renewals", "renew_due", "renew_one"]

RENEW_ONE = "renew_one"


def begin_renewals(attempt: Attempt) -> None:
    """A worker's, every day: put each renewal into the queue whose day has come. Safe to run twice.

    Where a payment came after somebody had undone the renewal, the policy is given up again.
    """
    city = attempt.task.city
    renew_due(city)
    undone = Renewal.objects.of(city).filter(status=RenewalStatus.UNDONE).exclude(order_reference="")
    for renewal in undone.order_by("pk"):
        renewal.city = city
        _give_back(renewal)


def _give_back(renewal: Renewal) -> None:
    """Somebody undid it while the money was being taken: it goes back as if they had asked a moment later."""
    give_up_cover(resident_actor(renewal.city, renewal.payer_id), renewal, "renewal undone")


def renew_due(city: City) -> int:
    """The same, for whoever has no task. Returns how many."""
    day = today(city)
    rows = list(Renewal.objects.of(city).filter(status=RenewalStatus.ANNOUNCED, charge_on__lte=day).order_by("pk"))
    roads, due = roads_of_each(city, rows), 0
    for row in rows:
        first = may_charge_on(city, row, roads[row.pk])
        if first is not None and first <= day:
            enqueue(city=city, kind=RENEW_ONE, key=str(row.pk), payload={"renewal": row.pk})
            due += 1
    return due


def renew_one(attempt: Attempt) -> None:
    """A worker's: order one person's cover and have it paid. Safe to run twice, and by two workers at once."""
    city = attempt.task.city
    renewal_id = int(json.loads(attempt.task.payload)["renewal"])
    reference = _order(city, renewal_id)
    if not reference:
        return
    order = order_by_reference(city, reference)
    assert order is not None  # noqa: S101 - placed above
    if order.status == "asking":
        raise TryAgainError("asking")
    if order.payment is not None and order.status == "waiting":
        _take(city, renewal_id, order)
        order = order_by_reference(city, reference)
        assert order is not None  # noqa: S101 - it was there
    _come_to_an_end(city, renewal_id, order)


@transaction.atomic
def _order(city: City, renewal_id: int) -> str:
    """The order's reference; "" where there is none, since the renewal was undone or may not go on."""
    renewal = locked(city, renewal_id)
    if renewal is None or renewal.status not in (RenewalStatus.ANNOUNCED, RenewalStatus.PAYING):
        return ""
    if renewal.status == RenewalStatus.PAYING:
        return str(renewal.order_reference)
    by = queue_actor(city).text
    fault = _fault(city, renewal)
    if not fault:
        try:
            with transaction.atomic():
                renewal.order_reference = _place(city, renewal)
        except HuiminError as error:
            fault = error.code
    if fault:
        move(renewal, RenewalStatus.REFUSED, by=by, reason=fault)
        tell(renewal, "renewal_stopped")
        return ""
    agreement = agreement_of(city, renewal.payer_id)
    data = {"order": renewal.order_reference, "agreement": agreement.key if agreement is not None else ""}
    move(renewal, RenewalStatus.PAYING, by=by, data=data)
    return str(renewal.order_reference)


def _fault(city: City, renewal: Renewal) -> str:
    """Why nothing may be taken today: consent, agreement, the two roads and the terms must be what they were."""
    consent = standing_consent(city, renewal.payer_id, renewal.insured_id)
    if consent is None or consent.id != renewal.consent_id:
        return "no_consent"
    agreement = agreement_of(city, renewal.payer_id)
    if agreement is None or not agreement.in_force:
        return NO_AGREEMENT
    first = may_charge_on(city, renewal, roads_of(city, renewal))
    if first is None or first > today(city):
        return "not_announced"
    on_sale = plan_on_sale(city)
    if on_sale is None or on_sale.id != renewal.plan_year_id or on_sale.plan_digest != renewal.plan_digest:
        return "terms_of_renewal_differ"
    return ""


def _place(city: City, renewal: Renewal) -> str:
    people = persons_by_id(city, {renewal.payer_id, renewal.insured_id})
    consent = standing_consent(city, renewal.payer_id, renewal.insured_id)
    assert consent is not None  # noqa: S101 - asked above
    placed = place_renewal_order(
        actor=queue_actor(city),
        plan_year=plan_year_by_id(city, renewal.plan_year_id),
        applicant=people[renewal.payer_id],
        insured=people[renewal.insured_id],
        relation=consent.relation,
        edition=renewal.edition,
    )
    if placed.total > renewal.price:
        text = f"the premium is {placed.total} fen; {renewal.price} fen were announced"
        raise HuiminError(text, code="renewal_price_differs")
    return placed.order.reference


def _take(city: City, renewal_id: int, order: OrderFacts) -> None:
    """Ask the company, outside a transaction; what it says is treated as its notice."""
    assert order.payment is not None  # noqa: S101 - asked by the caller
    renewal: Renewal = Renewal.objects.of(city).get(pk=renewal_id)
    agreement = agreement_of(city, renewal.payer_id)
    if agreement is None or not agreement.in_force:
        _not_paid(city, renewal_id, NO_AGREEMENT)
        return
    company = payment_company(order.payment.provider, city)
    request = Deduction(
        reference=order.payment.reference,
        amount=order.payment.amount,
        subject=city.name_zh,
        notify=f"{settings.PUBLIC_ADDRESS}/api/v1/payments/{city.code}/{order.payment.provider}/notices",
        agreement=agreement.number,
        day=city.demonstration_day,
    )
    key = order.payment.reference
    try:
        known = ask_once(lambda: company.deduct(request), lambda: company.query_order(key), asked_before=False)
    except Unreachable as failure:
        raise NotNowError(failure.reason, failure.retry_after) from failure
    except Refused as failure:
        _not_paid(city, renewal_id, failure.reason)
        return
    except DoorError as failure:
        raise TryAgainError(f"{failure.code.removeprefix('door_')}_{failure.reason}") from failure
    if known.notice is None:
        raise TryAgainError("waiting")
    _heard(city, order.payment.provider, known.notice)


def _heard(city: City, provider: str, notice: Notice) -> None:
    confirm_payment(actor=provider_actor(city, provider), notice=notice)


@transaction.atomic
def _not_paid(city: City, renewal_id: int, reason: str) -> None:
    renewal = locked(city, renewal_id)
    if renewal is not None and renewal.status == RenewalStatus.PAYING:
        move(renewal, RenewalStatus.FAILED, by=queue_actor(city).text, reason=reason[:40])
        tell(renewal, "renewal_not_paid")


@transaction.atomic
def _come_to_an_end(city: City, renewal_id: int, order: OrderFacts) -> None:
    """What came of the order is what came of the renewal."""
    renewal = locked(city, renewal_id)
    if renewal is not None and renewal.status == RenewalStatus.UNDONE:
        _give_back(renewal)
    if renewal is None or renewal.status != RenewalStatus.PAYING:
        return
    by = queue_actor(city).text
    if policies_of_order(order):
        move(renewal, RenewalStatus.RENEWED, by=by, data={"policy": policies_of_order(order)[0].number})
    elif order.status in ("failed", "refused", "refund_due"):
        move(renewal, RenewalStatus.FAILED, by=by, reason=order.status)
        tell(renewal, "renewal_not_paid")
    else:
        raise TryAgainError("waiting")
