"""Who is paid for a policy's bills."""

from __future__ import annotations

from datetime import date

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.people.api import PersonFacts, has_died, persons_by_id

__all__ = ["payee_of"]

_FULL_AGE = 18


def payee_of(city: City, policy: PolicyFacts) -> PersonFacts | None:
    """Who is paid for this policy's bills: the insured; the holder where the insured is a minor.

    None where the insured has died: heirs come to the counter, and a person decides.
    """
    people = persons_by_id(city, {policy.insured_id, policy.holder_id})
    insured = people[policy.insured_id]
    if has_died(city, insured.id):
        return None
    return insured if _of_age(insured.birth_date, today(city)) else people[policy.holder_id]


def _of_age(born: date, day: date) -> bool:
    return (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) >= _FULL_AGE
