"""A person's years as they see them: which count for the next year, and from where each is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from huimin.adjudication import carried_over
from huimin.platform.catalogue.api import plan_on_sale, terms_of
from huimin.platform.foundation.models import City
from huimin.platform.people.api import persons_by_id
from huimin.platform.renewal.years.known_years import KnownYear, known_years

__all__ = ["YearsOfPerson", "years_of_people"]


@dataclass(frozen=True, slots=True)
class YearsOfPerson:
    """`years` with whether each counts for cover that begins on `begins`, the latest first.

    `undated`: continuous years of which the register has the number alone.
    """

    resident_id: int
    begins: date
    continuous_years: int
    claim_free_years: int
    years: tuple[tuple[KnownYear, bool], ...]
    undated: int


def years_of_people(city: City, resident_ids: Collection[int]) -> dict[int, YearsOfPerson]:
    """By resident, for the next year that they may have: the one on sale, or the one that follows their last."""
    people, known = persons_by_id(city, resident_ids), known_years(city, resident_ids)
    on_sale = plan_on_sale(city)
    first = terms_of(on_sale).plan.cover.first_day if on_sale is not None else date.max
    found = {}
    for resident, years in known.items():
        last = max((one.year.last_day for one in years), default=None)
        begins = first if last is None or last < first else _day_after(last)
        person = people[resident]
        undated = person.continuous_years, person.claim_free_years
        counted = carried_over([one.year for one in years], begins, undated)
        seen = tuple((one, one.year in counted.counted) for one in reversed(years))
        found[resident] = YearsOfPerson(
            resident, begins, counted.continuous_years, counted.claim_free_years, seen, undated[0]
        )
    return found


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
