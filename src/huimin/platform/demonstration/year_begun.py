"""What people of the demonstration ask for once their cover has begun, and what is paid to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.demonstration.paid_out import load_claims_paid_out
from huimin.platform.demonstration.requests import load_requests
from huimin.platform.demonstration.sample import load_sample
from huimin.platform.enrolment.api import PolicyFacts, policies_of_city
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.api import persons_by_id

__all__ = ["load_requests_and_claims"]

_CLAIMING, _ASKING = 14, 13


def load_requests_and_claims(city: City, plan_year: PlanYearFacts, today: date, told: Mapping[str, Any]) -> None:
    """A person for each state of a request and of a claim. `told`: the bureau's register by its number of people.

    Nothing happens to the first policy: the guide for hospitals sends a bill of its insured, and says what is answered.
    """
    forget_all()
    mine = _own_policies(city, plan_year, today)[1:]
    with transaction.atomic():
        load_claims_paid_out(city, today, mine[:_CLAIMING])
        load_requests(city, today, mine[_CLAIMING : _CLAIMING + _ASKING * 2], told)
        load_sample(city)


def _own_policies(city: City, plan_year: PlanYearFacts, today: date) -> list[PolicyFacts]:
    """Policies of adults who bought them for themselves, and whose cover began with the year."""
    found = [
        one
        for one in policies_of_city(city)
        if one.plan_year_id == plan_year.id and one.holder_id == one.insured_id and one.member.cover_from.month == 1
    ]
    people = persons_by_id(city, [one.insured_id for one in found])
    return [
        one
        for one in found
        if people[one.insured_id].birth_date.year < today.year - 18 and one.member.cover_from < today
    ]
