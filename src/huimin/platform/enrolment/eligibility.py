"""Who may join a plan year, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from huimin.errors import InputError
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.enrolment.elsewhere import COVERED_ELSEWHERE, covers_of, with_other_cover
from huimin.platform.enrolment.funding import with_funds
from huimin.platform.enrolment.offers import Offer, offer_for
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import PersonFacts
from huimin.settlement import INSUTYPES

__all__ = ["Eligibility", "check_eligibility"]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`reasons` against joining, as codes; empty means yes. `offer` has price and days if it is paid today."""

    reasons: tuple[str, ...]
    offer: Offer | None

    @property
    def eligible(self) -> bool:
        return not self.reasons


def check_eligibility(
    *,
    city: City,
    plan_year: PlanYearFacts,
    residents: Sequence[PersonFacts],
    editions: Mapping[int, str] | None = None,
    day: date | None = None,
) -> dict[int, Eligibility]:
    """For each resident, by id, whether they may join today. All reasons are given, not only the first.

    `editions`: the plan's edition that each has chosen, where it has any. `day`: another than today, for an order that
    was placed before.
    """
    plan, day, chosen = terms_of(plan_year).plan, day or today(city), editions or {}
    accepted = {INSUTYPES[name] for name in plan.eligibility.basic_insurance}
    covers = covers_of(city, [person.id for person in residents])
    offers: dict[int, Offer] = {}
    reasons: dict[int, tuple[str, ...]] = {}
    for person in residents:
        refused = ""
        try:
            offers[person.id] = offer_for(plan, plan_year.window, person, day, chosen.get(person.id, ""))
        except InputError as error:
            refused = error.code
        checks = {
            refused: bool(refused),
            "not_insured": not person.insured,
            "other_basic_insurance": person.insutype not in accepted,
            "covered_already": any(one[0] == plan_year.id for one in covers.get(person.id, ())),
        }
        reasons[person.id] = tuple(reason for reason, holds in checks.items() if holds)
    offers = with_other_cover(city, plan_year.id, with_funds(city, plan_year.id, offers, day), residents, covers)
    if plan.eligibility.other_cover == "refused":
        for resident, offer in offers.items():
            reasons[resident] += (COVERED_ELSEWHERE,) if offer.other_cover else ()
    return {person.id: Eligibility(reasons[person.id], offers.get(person.id)) for person in residents}
