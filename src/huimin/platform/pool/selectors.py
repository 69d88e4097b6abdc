"""Who shares what."""

from __future__ import annotations

from datetime import date

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.platform.pool.models import Insurer, Share

__all__ = ["insurers", "shares_of_plan_year", "shares_on"]


def shares_on(city: City, plan_year_id: int, day: date) -> dict[str, int]:
    """Basis points by insurer code in force on `day`: those of the last period that began by then."""
    rows = list(
        Share.objects.of(city)
        .filter(plan_year_id=plan_year_id)
        .order_by("from_day")
        .values_list("from_day", "insurer__code", "basis_points")
    )
    begun = [from_day for from_day, _, _ in rows if from_day <= day]
    if not begun:
        raise HuiminError(f"the pool has no shares for {day}", code="no_shares")
    return {code: share for from_day, code, share in rows if from_day == begun[-1]}


def shares_of_plan_year(city: City, plan_year: PlanYear) -> list[Share]:
    """All periods, the largest share first."""
    rows = Share.objects.of(city).filter(plan_year=plan_year).select_related("insurer")
    return list(rows.order_by("from_day", "-basis_points"))


def insurers(city: City) -> list[Insurer]:
    return list(Insurer.objects.of(city).order_by("code"))
