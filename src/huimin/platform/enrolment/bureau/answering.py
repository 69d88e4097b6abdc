"""What follows from the bureau's answers about one order: it can be paid now, or it is refused and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from huimin.platform.catalogue.api import PlanYearFacts, plan_year_by_id, terms_of
from huimin.platform.enrolment.bureau.models import BureauFact
from huimin.platform.enrolment.bureau.records import keep_records, pre_existing_groups
from huimin.platform.enrolment.completing import complete_later
from huimin.platform.enrolment.eligibility import Eligibility, check_eligibility
from huimin.platform.enrolment.elsewhere import keep_told, told_of_order
from huimin.platform.enrolment.issuing import tell
from huimin.platform.enrolment.means import means_of, tell_collectors
from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus
from huimin.platform.enrolment.offers import Offer
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import HistoryItem, Match, Matched, Spell
from huimin.platform.payments.api import open_payment, usual_company
from huimin.platform.people.api import confirm_person, persons_by_id

__all__ = ["Told", "answered"]

_REASONS = {Match.NOT_KNOWN: "not_known_to_bureau", Match.NAME_DIFFERS: "name_differs_at_bureau"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the bureau said of one person. `history` is None where nobody agreed that it is asked for."""

    resident_id: int
    day: date
    """Of the order: how they are insured counts by it."""
    matched: Matched
    history: Sequence[HistoryItem] | None

    @property
    def other_cover(self) -> list[list[str]] | None:
        """As the register keeps it; None where the bureau says nothing of cover elsewhere."""
        person = self.matched.person
        covers = person.covers if person is not None else None
        return None if covers is None else [[one.plan, str(one.first), str(one.last)] for one in covers]

    @property
    def spell(self) -> Spell | None:
        person = self.matched.person
        return person.insured_on(self.day) if person is not None else None


def answered(city: City, order_id: int, told: Sequence[Told]) -> None:
    """Keep what was said, and let the order go on. Call it inside a transaction; a second time nothing follows."""
    (order,) = Order.objects.fetch(city, {"id": order_id}, lock=True)
    if order.status != OrderStatus.ASKING:
        return
    moment, plan_year = now(city), plan_year_by_id(city, order.plan_year_id)
    for one in told:
        _keep(city, order, plan_year, one, moment)
    lines = OrderLine.objects.fetch(city, {"order": order}, order_by=("id",))
    results = _results(city, order, plan_year, lines)
    reasons = _reasons(lines, told, results)
    keep_told(city, order, _not_told_yet(city, order, results), moment)
    order.answered_at = moment
    if reasons:
        _refuse(city, order, lines, reasons, moment)
    else:
        _ask_for_payment(city, order, lines, moment)


def _keep(city: City, order: Order, plan_year: PlanYearFacts, told: Told, moment: datetime) -> None:
    """The answer as evidence; and the register, where the bureau knows the person."""
    spell = told.spell
    fact = BureauFact(
        city=city,
        resident_id=told.resident_id,
        order=order,
        match=told.matched.match,
        insutype=spell.insutype if spell else "",
        area=spell.area if spell else "",
        history_asked=told.history is not None,
        told_at=moment,
    )
    BureauFact.objects.insert([fact])
    if told.matched.match is not Match.FOUND:
        return
    groups = None
    if told.history is not None:
        keep_records(city, told.resident_id, told.history, moment)
        person = persons_by_id(city, [told.resident_id])[told.resident_id]
        groups = pre_existing_groups(city, terms_of(plan_year), person)
    confirm_person(
        city=city,
        resident_id=told.resident_id,
        insutype=spell.insutype if spell else None,
        area=spell.area if spell else "",
        pre_existing=groups,
        other_cover=told.other_cover,
        at=timezone.now(),
    )


def _results(
    city: City, order: Order, plan_year: PlanYearFacts, lines: Sequence[OrderLine]
) -> Mapping[int, Eligibility]:
    """Who may join by the terms on the order's own day: one that waited is not late by that."""
    people = persons_by_id(city, [line.insured_id for line in lines])
    return check_eligibility(
        city=city,
        plan_year=plan_year,
        residents=list(people.values()),
        editions={line.insured_id: line.edition for line in lines},
        day=timezone.localdate(order.created_at),
    )


def _not_told_yet(city: City, order: Order, results: Mapping[int, Eligibility]) -> dict[int, Offer]:
    """Those of whom the bureau has just told other cover: the page of the order shows it before anything is paid."""
    offers = {one: found.offer for one, found in results.items() if found.offer is not None}
    doubles = {one: offer for one, offer in offers.items() if offer.other_cover}
    known = set(told_of_order(city, order.pk)) if doubles else set()
    return {
        one: replace(offer, other_cover=tuple(other for other in offer.other_cover if (one, other) not in known))
        for one, offer in doubles.items()
    }


def _reasons(lines: Sequence[OrderLine], told: Sequence[Told], results: Mapping[int, Eligibility]) -> Mapping[int, str]:
    """Why somebody cannot join, by the line's key: by what the bureau said, and by the terms."""
    mismatched = {one.resident_id: _REASONS[one.matched.match] for one in told if one.matched.match in _REASONS}
    found = {}
    for line in lines:
        result = results[line.insured_id]
        if line.insured_id in mismatched:
            found[line.pk] = mismatched[line.insured_id]
        elif result.reasons:
            found[line.pk] = result.reasons[0]
        elif result.offer is not None and (result.offer.price, result.offer.paid_by) != (line.price, line.paid_by):
            found[line.pk] = "price_changed"
    return found


def _refuse(city: City, order: Order, lines: Sequence[OrderLine], reasons: Mapping[int, str], moment: datetime) -> None:
    for line in lines:
        if line.pk in reasons:
            line.refund_reason = reasons[line.pk]
            OrderLine.objects.rewrite(line, "refund_reason")
    order.status = OrderStatus.REFUSED
    Order.objects.rewrite(order, "status", "answered_at")
    tell_collectors(city, means_of(city, lines), (), moment)
    tell(city, order, "order_refused", f"refused-{order.pk}", moment)


def _ask_for_payment(city: City, order: Order, lines: Sequence[OrderLine], moment: datetime) -> None:
    to_company = sum(line.company_part for line in lines)
    if to_company:
        payment = open_payment(
            city=city, reference=order.reference, provider=usual_company(), amount=to_company, at=moment
        )
        order.payment_id = payment.id
    order.status = OrderStatus.WAITING
    Order.objects.rewrite(order, "status", "answered_at", "payment")
    if any(line.other_means for line in lines):
        complete_later(order)
    tell(city, order, "order_payable", f"payable-{order.pk}", moment)
