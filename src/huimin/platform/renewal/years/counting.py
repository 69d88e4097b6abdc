"""Counting people's years: what is known is written into the register, from which each order reads it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from huimin.platform.enrolment.api import insured_people
from huimin.platform.foundation.models import City
from huimin.platform.people.api import keep_insured_years
from huimin.platform.renewal.years.known_years import known_years
from huimin.platform.tasks.api import Attempt

__all__ = ["count_again", "count_years"]

_AT_ONCE = 500


def count_again(city: City, resident_ids: Collection[int]) -> int:
    """Count these people's years anew. Call it inside a transaction. Returns for how many the register changed."""
    found = known_years(city, resident_ids)
    return keep_insured_years(city, {resident: [one.year for one in years] for resident, years in found.items()})


def count_years(attempt: Attempt) -> None:
    """A worker's, every night: everybody who ever had a policy. Safe to run twice."""
    city = attempt.task.city
    people = insured_people(city)
    for start in range(0, len(people), _AT_ONCE):
        attempt.progress(start, len(people), "counting years")
        with transaction.atomic():
            count_again(city, people[start : start + _AT_ONCE])
