"""The cover years that the register knows of a person, and what they mean for a year that begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from huimin.adjudication import CarriedOver, InsuredYear, carried_over
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.people.persons import PersonFacts

__all__ = ["carried", "keep_insured_years"]


def carried(person: PersonFacts, begins: date) -> CarriedOver:
    """The person's continuous and claim-free years for cover that is counted from this day. No statement."""
    undated = person.continuous_years, person.claim_free_years
    return carried_over([_year(values) for values in person.insured_years], begins, undated)


def keep_insured_years(city: City, years: Mapping[int, Sequence[InsuredYear]]) -> int:
    """Write the years of these residents, by id. Returns how many differ from what the register had.

    Call it inside a transaction. Nobody else writes them, so that two counts at once come to the same.
    """
    known = dict(Resident.objects.pick(city, ("id", "insured_years"), {"id": list(years)}))
    changed = 0
    for resident_id, found in years.items():
        values = [_values(year) for year in sorted(found, key=lambda one: (one.first_day, one.last_day))]
        if resident_id in known and [list(one) for one in known[resident_id]] != values:
            changed += Resident.objects.of(city).filter(pk=resident_id).update(insured_years=values)
    return changed


def _values(year: InsuredYear) -> list[Any]:
    return [year.first_day.isoformat(), year.last_day.isoformat(), int(year.without_claim)]


def _year(values: Sequence[Any]) -> InsuredYear:
    first, last, without_claim = values
    return InsuredYear(date.fromisoformat(first), date.fromisoformat(last), bool(without_claim))
