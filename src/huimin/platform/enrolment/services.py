"""Joining: the order, and what a provider says of its payment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.disclosure.api import key_terms_confirmed
from huimin.platform.enrolment.bureau.asking import ask_later, to_be_asked
from huimin.platform.enrolment.completing import complete_later, complete_paid
from huimin.platform.enrolment.eligibility import check_eligibility
from huimin.platform.enrolment.elsewhere import keep_told
from huimin.platform.enrolment.family import refuse_impossible
from huimin.platform.enrolment.funding import set_aside
from huimin.platform.enrolment.issuing import tell
from huimin.platform.enrolment.means import OtherMeans, fen_of_means, means_rows
from huimin.platform.enrolment.models import LineMeans, Order, OrderLine, OrderStatus, TermsOpened
from huimin.platform.enrolment.offers import Offer
from huimin.platform.enrolment.order_facts import OrderFacts, order_facts
from huimin.platform.enrolment.selectors import OrderedCover, payer_address, terms_opened
from huimin.platform.foundation.actors import Actor, ActorKind
from huimin.platform.foundation.authorising import authorise_enrolling
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import writing_together
from huimin.platform.gateways.api import Notice
from huimin.platform.payments.api import (
    Owed,
    Paid,
    PaymentFacts,
    PaymentStatus,
    RefundReason,
    debt_told,
    open_payment,
    owe_refund,
    record_notice,
    usual_company,
)
from huimin.platform.people.api import PersonFacts
from huimin.platform.subsidies.api import FUND_KEY

__all__ = ["EnrolmentError", "PlacedOrder", "confirm_payment", "open_terms", "order_cover", "place_order"]

_MOST_PEOPLE = 10
_OUR_PAGES, _COUNTER = "web", "counter"
"""The channel of an order that came by no client of the API; of one that staff placed it is the counter."""


class EnrolmentError(HuiminError):
    code = "enrolment"


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """`covers` are in the order in which people were named; `total` fen is what the payer pays the company.

    `payer_address` is empty where that is nothing.
    """

    order: OrderFacts
    covers: tuple[OrderedCover, ...]
    total: int
    payer_address: str


def open_terms(*, actor: Actor, resident: PersonFacts, plan_year: PlanYearFacts) -> None:
    """Record that the resident had the cover and its exclusions opened. Raises NotAllowed."""
    authorise_enrolling(actor, resident.id)
    city = actor.city
    TermsOpened.objects.queue(
        [TermsOpened(city=city, resident_id=resident.id, plan_year_id=plan_year.id, opened_at=now(city))]
    )


@writing_together()
def place_order(
    *,
    actor: Actor,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    insured: Sequence[tuple[PersonFacts, Relation]],
    terms_opened_now: bool = False,
    editions: Mapping[int, str] | None = None,
    means: Sequence[OtherMeans] = (),
) -> PlacedOrder:
    """Order cover for people. Nothing is owed until it is paid; each person's price is fixed now.

    Where the bureau has said nothing of somebody for a day, it is asked first: the order is `asking`, and can be paid
    once it has answered. All others can be paid at once.

    Residents order for themselves, with whomever they insure; a channel for any applicant.
    `terms_opened_now`: the channel showed the terms with this order; else they must have been opened before.
    `editions`: which edition each resident, by id, has chosen, where the plan has any. `means`: what of the own parts
    a personal account pays; funds are used as they offer themselves, and the payment company is asked for the rest.

    Raises NotAllowed; EnrolmentError: `terms_not_opened`, `key_terms_not_confirmed`, `nobody_insured`,
    `too_many_people`, `person_twice`, `relation_impossible`, `not_eligible` with every reason for every person,
    `nothing_to_pay` where others bear the whole price;
    SubsidyError `fund_used_up` where a fund's money has gone since its price was shown;
    HuiminError `means_not_of_order`.
    """
    authorise_enrolling(actor, applicant.id)
    city = actor.city
    if terms_opened_now:
        open_terms(actor=actor, resident=applicant, plan_year=plan_year)
    else:
        _refuse_unread(city, applicant, plan_year)
    channel = actor.code or (_COUNTER if actor.kind is ActorKind.STAFF else _OUR_PAGES)
    return order_cover(actor.city, plan_year, applicant, insured, editions or {}, means, channel)


def order_cover(
    city: City,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    insured: Sequence[tuple[PersonFacts, Relation]],
    editions: Mapping[int, str],
    means: Sequence[OtherMeans],
    channel: str,
) -> PlacedOrder:
    """The order itself. Whoever calls it has asked whether the actor may, and opens the transaction."""
    offers = _offers(city, plan_year, applicant, insured, editions)
    moment = now(city)
    own_parts = {person.id: offer.own_part for (person, _), offer in zip(insured, offers, strict=True)}
    if sum(own_parts.values()) <= 0:
        raise EnrolmentError("others bear the whole price: there is nothing to pay by an order", code="nothing_to_pay")
    people = [person.id for person, _ in insured]
    means = [*means, *set_aside(city, dict(zip(people, offers, strict=True)))]
    by_means = fen_of_means(means, own_parts)
    total = sum(own_parts.values()) - by_means.total()
    asks = bool(to_be_asked(person for person, _ in insured))
    order, payment = _asked_for(city, plan_year, applicant, total, moment, channel, asks=asks)
    lines = _lines(order, insured, offers, by_means)
    OrderLine.objects.queue(lines, keyed=bool(means))
    keep_told(city, order, dict(zip(people, offers, strict=True)), moment)
    if means:
        LineMeans.objects.queue(means_rows(city, lines, means, moment))
    if asks:
        ask_later(order)
    elif means:
        complete_later(order)
    facts = order_facts(order, payment)
    return PlacedOrder(facts, tuple(map(_ordered, lines, offers)), total, payer_address(facts))


def _asked_for(
    city: City,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    total: int,
    moment: datetime,
    channel: str,
    *,
    asks: bool,
) -> tuple[Order, PaymentFacts | None]:
    """The order, and the payment of `total` fen that the company is to collect, if there is anything.

    `asks`: the bureau is asked first, and nothing can be paid before it has answered.
    """
    reference, payment = secrets.token_hex(12), None
    if total and not asks:
        payment = open_payment(city=city, reference=reference, provider=usual_company(), amount=total, at=moment)
    order = Order(
        city=city,
        reference=reference,
        applicant_id=applicant.id,
        plan_year_id=plan_year.id,
        plan_digest=plan_year.plan_digest,
        payment_id=payment.id if payment else None,
        status=OrderStatus.ASKING if asks else OrderStatus.WAITING,
        channel=channel,
        created_at=moment,
    )
    Order.objects.queue([order], keyed=True)
    return order, payment


def _lines(
    order: Order,
    insured: Sequence[tuple[PersonFacts, Relation]],
    offers: Sequence[Offer],
    by_means: Mapping[int, int],
) -> tuple[OrderLine, ...]:
    """`by_means`: fen that other means than the company pay, by person."""
    return tuple(
        OrderLine(
            city=order.city,
            order=order,
            insured_id=person.id,
            relation=relation,
            edition=offer.edition,
            price=offer.price,
            paid_by=offer.paid_by,
            other_means=by_means.get(person.id, 0),
        )
        for (person, relation), offer in zip(insured, offers, strict=True)
    )


def _refuse_unread(city: City, applicant: PersonFacts, plan_year: PlanYearFacts) -> None:
    """Raise EnrolmentError where the applicant has not confirmed the key terms on their own page."""
    if key_terms_confirmed(city=city, resident=applicant, plan_year=plan_year):
        return
    if not terms_opened(city=city, resident=applicant, plan_year=plan_year):
        raise EnrolmentError("what the plan covers and what not has not been opened yet", code="terms_not_opened")
    raise EnrolmentError("the key terms have not been confirmed on their own page yet", code="key_terms_not_confirmed")


def _ordered(line: OrderLine, offer: Offer) -> OrderedCover:
    paid_by = {**line.paid_by, **{FUND_KEY + code: fen for code, fen in offer.by_funds.items()}}
    return OrderedCover(
        relation=line.relation,
        edition=line.edition,
        price=line.price,
        own_part=offer.to_pay,
        to_company=line.company_part,
        paid_by=paid_by,
        cover_from=offer.cover_from,
        cover_to=offer.cover_to,
    )


def _offers(
    city: City,
    plan_year: PlanYearFacts,
    applicant: PersonFacts,
    insured: Sequence[tuple[PersonFacts, Relation]],
    editions: Mapping[int, str],
) -> tuple[Offer, ...]:
    """What each person gets who pays today. Raises EnrolmentError where somebody may not join, or the list is wrong."""
    if not insured:
        raise EnrolmentError("the order names nobody to insure", code="nobody_insured")
    if len(insured) > _MOST_PEOPLE:
        message = f"the order names {len(insured)} people; expected at most {_MOST_PEOPLE}"
        raise EnrolmentError(message, code="too_many_people")
    refuse_impossible(applicant, insured)
    eligibility = check_eligibility(
        city=city, plan_year=plan_year, residents=[person for person, _ in insured], editions=editions
    )
    reasons = sorted({reason for result in eligibility.values() for reason in result.reasons})
    if reasons:
        raise EnrolmentError(f"not everybody named may join: {', '.join(reasons)}", code="not_eligible")
    return tuple(offer for person, _ in insured if (offer := eligibility[person.id].offer) is not None)


def confirm_payment(*, actor: Actor, notice: Notice, came: datetime | None = None) -> None:
    """What follows from a payment company's notice: policies, their numbers, and the journal. Safe to run twice.

    A notice of no payment that we asked for is recorded all the same. `came`: when, if it was kept for a while. Raises
    NotAllowed.
    """
    try:
        _confirm(actor, notice, came, look_first=False)
    except IntegrityError:
        # The transaction that this notice names paid for something else before: look at it, and record that.
        _confirm(actor, notice, came, look_first=True)


@writing_together()
def _confirm(actor: Actor, notice: Notice, came: datetime | None, *, look_first: bool) -> None:
    city, moment = actor.city, now(actor.city)
    outcome = record_notice(actor=actor, notice=notice, at=moment, came=came or moment, look_first=look_first)
    if outcome.payment is None:
        return
    order: Order | None = Order.objects.fetch_one(city, {"payment": outcome.payment.id})
    if order is None:
        debt_told(city, outcome, notice, by=actor.text, at=moment)
        return
    if outcome.newly_paid:
        complete_paid(city, order, outcome.payment, moment)
    elif outcome.owed_back:
        reason = RefundReason.PAID_AGAIN if outcome.payment.status == PaymentStatus.PAID else RefundReason.OTHER_AMOUNT
        paid = Paid(outcome.payment.id, actor.code, notice.reference, notice.transaction, notice.amount)
        source = f"receipt:{actor.code}:{notice.transaction}"
        owed = Owed(source, reason, paid, notice.amount, order.applicant_id)
        owe_refund(city=city, owed=owed, by=actor.text, at=moment)
        tell(city, order, "premium_owed_back", f"owed-back-{order.pk}-{notice.transaction}", moment)
