"""Cover that somebody has already for the same days, in another plan of the city or elsewhere as the bureau told.

The plan pays what is left of a bill: a second policy pays nothing more of the same one. So the payer is told beside the
person before paying, and the terms say whether such an order is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from huimin.platform.catalogue.api import plan_year_by_id, terms_of
from huimin.platform.enrolment.models import Order, OtherCoverTold, Policy
from huimin.platform.enrolment.offers import Offer, OtherCover, overlap
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.people.api import PersonFacts

__all__ = [
    "COVERED_ELSEWHERE",
    "ToldTwice",
    "covers_of",
    "keep_told",
    "people_told_twice",
    "told_of_order",
    "with_other_cover",
]

COVERED_ELSEWHERE = "covered_elsewhere"
Covers = Mapping[int, Sequence[tuple[int, date, date, str]]]
"""By resident: plan year, first and last day of cover, and number of each policy that was not given up."""


def covers_of(city: City, resident_ids: Sequence[int]) -> Covers:
    """One statement, as it took to ask for one plan year alone."""
    names = ("insured", "plan_year", "cover_from", "cover_to", "number")
    found: dict[int, list[tuple[int, date, date, str]]] = defaultdict(list)
    for insured, plan_year, first, last, number in Policy.objects.pick(
        city, names, {"insured": list(resident_ids), "ended_on": None}
    ):
        found[insured].append((plan_year, first, last, number))
    return found


def with_other_cover(
    city: City, plan_year_id: int, offers: Mapping[int, Offer], people: Sequence[PersonFacts], covers: Covers
) -> dict[int, Offer]:
    """The offers with what each person has already for the same days. No statement where nobody has anything."""
    found, names = dict(offers), dict[int, str]()
    for person in people:
        offer = offers.get(person.id)
        if offer is None:
            continue
        own = [one for one in covers.get(person.id, ()) if one[0] != plan_year_id]
        other = [_of_city(city, names, *one) for one in own if overlap((one[1], one[2]), offer.days)]
        other += [one for one in map(_as_told, person.other_cover or ()) if overlap((one.first, one.last), offer.days)]
        if other:
            found[person.id] = replace(offer, other_cover=tuple(other))
    return found


def _of_city(city: City, names: dict[int, str], plan_year: int, first: date, last: date, number: str) -> OtherCover:
    if plan_year not in names:
        names[plan_year] = terms_of(plan_year_by_id(city, plan_year)).plan.name.zh
    return OtherCover(names[plan_year], first, last, number)


def _as_told(values: Sequence[str]) -> OtherCover:
    """As the register keeps what the bureau said."""
    plan, first, last = values
    return OtherCover(plan, date.fromisoformat(first), date.fromisoformat(last))


def keep_told(city: City, order: Order, offers: Mapping[int, Offer], at: datetime) -> None:
    """Keep what the payer was shown beside each person. Nothing is written where nobody has other cover."""
    rows = [
        OtherCoverTold(
            city=city,
            order=order,
            resident_id=resident,
            plan=one.plan,
            first_day=one.first,
            last_day=one.last,
            number=one.number,
            told_at=at,
        )
        for resident, offer in offers.items()
        for one in offer.other_cover
    ]
    if rows:
        OtherCoverTold.objects.queue(rows)


def told_of_order(city: City, order_id: int) -> list[tuple[int, OtherCover]]:
    """Whom an order names who had other cover, and which."""
    rows = OtherCoverTold.objects.of(city).filter(order=order_id).order_by("pk")
    return [(row.resident_id, OtherCover(row.plan, row.first_day, row.last_day, row.number)) for row in rows]


@dataclass(frozen=True, slots=True)
class ToldTwice:
    """Somebody who was ordered for and had other cover for the same days. `policy`: what came of the order."""

    order: str
    resident_id: int
    other: OtherCover
    policy: str
    told_at: datetime


def people_told_twice(city: City, page: int) -> Paged[ToldTwice]:
    """For staff, the latest first."""
    found = paged(OtherCoverTold.objects.of(city).select_related("order").order_by("-pk"), page)
    orders = {row.order_id for row in found}
    policies = Policy.objects.of(city).filter(order_line__order__in=orders)
    numbers = {
        (order, insured): number
        for order, insured, number in policies.values_list("order_line__order_id", "insured_id", "number")
    }
    rows = [
        ToldTwice(
            row.order.reference,
            row.resident_id,
            OtherCover(row.plan, row.first_day, row.last_day, row.number),
            numbers.get((row.order_id, row.resident_id), ""),
            row.told_at,
        )
        for row in found
    ]
    return replace(found, rows=rows)
