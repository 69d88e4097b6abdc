"""Sums of enrolment, computed in the database."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractYear, TruncDate

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City, CityQuerySet

__all__ = ["enrolled", "enrolled_by_area", "enrolled_by_day", "enrolled_by_decade", "premium_by_cover"]


def enrolled(city: City, plan_year: PlanYearFacts) -> int:
    """People covered."""
    return _policies(city, plan_year).count()


def premium_by_cover(city: City, plan_year: PlanYearFacts) -> list[tuple[date, date, int]]:
    """(first day, last day, fen): what the policies with the same days of cover cost together.

    Of one that was given up, what did not come back, for the days until then.
    """
    names = ("cover_from", "cover_to", "ended_on")
    rows = _policies(city, plan_year).values_list(*names).annotate(premium=Sum("price") - Sum("given_back"))
    return [
        (first_day, last_day if ended_on is None else ended_on - timedelta(days=1), premium)
        for first_day, last_day, ended_on, premium in rows.order_by()
    ]


def enrolled_by_day(city: City, plan_year: PlanYearFacts) -> list[tuple[date, int]]:
    """The number of policies issued on each day, including days without any."""
    rows = _policies(city, plan_year).annotate(day=TruncDate("issued_at")).values_list("day")
    counts: dict[date, int] = dict(rows.annotate(count=Count("pk")).order_by("day"))
    if not counts:
        return []
    first, last = min(counts), max(counts)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [(day, counts.get(day, 0)) for day in days]


def enrolled_by_decade(city: City, plan_year: PlanYearFacts) -> list[tuple[int, int]]:
    """Policies by the decade of birth of the insured: (1950, 123) are those born from 1950 to 1959."""
    rows = _policies(city, plan_year).annotate(year=ExtractYear("birth_date")).values_list("year")
    decades: Counter[int] = Counter()
    for year, count in rows.annotate(count=Count("pk")).order_by():
        decades[year // 10 * 10] += count
    return sorted(decades.items())


def enrolled_by_area(city: City, plan_year: PlanYearFacts) -> dict[int, int]:
    rows = _policies(city, plan_year).values_list("area_id").annotate(count=Count("pk"))
    return dict(rows.order_by())


def _policies(city: City, plan_year: PlanYearFacts) -> CityQuerySet[Policy]:
    """All but those that were given up before they were ever in force."""
    rows: CityQuerySet[Policy] = Policy.objects.of(city).filter(plan_year=plan_year.id)
    return rows.exclude(ended_on__lte=F("cover_from"))
