"""Who shares what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.platform.pool.models import Insurer, Share

__all__ = ["ShareTable", "insurers", "share_table", "shares_of_plan_year"]


@dataclass(frozen=True, slots=True)
class ShareTable:
    """The shares of a plan year, period by period: (first day, basis points by insurer code), in order of days."""

    periods: tuple[tuple[date, dict[str, int]], ...]

    def on(self, day: date) -> dict[str, int]:
        """Those of the last period that began by `day`. Raises HuiminError (`no_shares`)."""
        begun = [shares for first_day, shares in self.periods if first_day <= day]
        if not begun:
            raise HuiminError(f"the pool has no shares for {day}", code="no_shares")
        return begun[-1]


def share_table(city: City, plan_year_id: int) -> ShareTable:
    """All periods of a plan year. One statement."""
    rows = Share.objects.of(city).filter(plan_year_id=plan_year_id).order_by("from_day")
    periods: dict[date, dict[str, int]] = {}
    for from_day, code, share in rows.values_list("from_day", "insurer__code", "basis_points"):
        periods.setdefault(from_day, {})[code] = share
    return ShareTable(tuple(periods.items()))


def shares_of_plan_year(city: City, plan_year: PlanYear) -> list[Share]:
    """All periods, the largest share first."""
    rows = Share.objects.of(city).filter(plan_year=plan_year).select_related("insurer")
    return list(rows.order_by("from_day", "-basis_points"))


def insurers(city: City) -> list[Insurer]:
    return list(Insurer.objects.of(city).order_by("code"))
