"""Sums of enrolment, computed in the database."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractYear, TruncDate, TruncDay, TruncHour, TruncMinute
from django.utils import timezone

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus, Policy
from huimin.platform.foundation.models import City, CityQuerySet

__all__ = [
    "enrolled",
    "enrolled_by_area",
    "enrolled_by_channel",
    "enrolled_by_day",
    "enrolled_by_decade",
    "enrolled_by_means",
    "enrolled_over_time",
    "orders_waiting",
    "premium_by_cover",
    "refused_by_reason",
]


def enrolled(city: City, plan_year: PlanYearFacts) -> int:
    """People covered."""
    return _policies(city, plan_year).count()


def premium_by_cover(city: City, plan_year: PlanYearFacts) -> list[tuple[date, date, int]]:
    """(first day, last day, fen): what the policies with the same days of cover cost together.

    Of one that was given up, what did not come back, for the days until then; with what was paid afterwards.
    """
    names = ("cover_from", "cover_to", "ended_on")
    rows = (
        _policies(city, plan_year).values_list(*names).annotate(premium=Sum("price") + Sum("added") - Sum("given_back"))
    )
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


_TRUNCATED = {"minute": TruncMinute, "hour": TruncHour, "day": TruncDay}
_LONG = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def enrolled_over_time(
    city: City, plan_year: PlanYearFacts, step: str, since: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """Policies issued in each minute, hour or day, those without any included; from the first that has one."""
    rows = _policies(city, plan_year).filter(issued_at__gte=since, issued_at__lte=until)
    found = rows.annotate(at=_TRUNCATED[step]("issued_at")).values_list("at").annotate(count=Count("pk"))
    counts: dict[datetime, int] = {timezone.localtime(at): count for at, count in found.order_by()}
    if not counts:
        return []
    first, last = min(counts), max(counts)
    steps = int((last - first) / _LONG[step]) + 1
    return [(first + place * _LONG[step], counts.get(first + place * _LONG[step], 0)) for place in range(steps)]


def enrolled_by_channel(city: City, plan_year: PlanYearFacts) -> list[tuple[str, int]]:
    """Policies by the channel of their order: a client's code, or `web` for our own pages. The largest first."""
    return _grouped(city, plan_year, "order_line__order__channel")


def enrolled_by_means(city: City, plan_year: PlanYearFacts) -> list[tuple[str, int]]:
    """Policies by what their premium was paid with: `company` alone, or a means that bore a part of it."""
    return [(kind or "company", count) for kind, count in _grouped(city, plan_year, "order_line__means__kind")]


def _grouped(city: City, plan_year: PlanYearFacts, by: str) -> list[tuple[str, int]]:
    rows = _policies(city, plan_year).values_list(by).annotate(count=Count("pk", distinct=True))
    return list(rows.order_by("-count", by))


def refused_by_reason(city: City, plan_year: PlanYearFacts) -> list[tuple[str, int]]:
    """People who were paid for and could not be covered, by why. The most frequent reason first."""
    rows = OrderLine.objects.of(city).filter(order__plan_year=plan_year.id).exclude(refund_reason="")
    return list(rows.values_list("refund_reason").annotate(count=Count("pk")).order_by("-count", "refund_reason"))


def orders_waiting(city: City, plan_year: PlanYearFacts) -> int:
    """Orders that were placed and are not paid, or wait for one of their means."""
    return Order.objects.of(city).filter(plan_year=plan_year.id, status=OrderStatus.WAITING).count()


def _policies(city: City, plan_year: PlanYearFacts) -> CityQuerySet[Policy]:
    """All but those that were given up before they were ever in force."""
    rows: CityQuerySet[Policy] = Policy.objects.of(city).filter(plan_year=plan_year.id)
    return rows.exclude(ended_on__lte=F("cover_from"))
