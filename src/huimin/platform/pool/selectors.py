"""Who shares what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import Remembered
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
    names = ("from_day", "insurer", "basis_points")
    shares = Share.objects.pick(city, names, "plan_year_id = %s ORDER BY from_day, id", plan_year_id)
    codes = _codes(city, {insurer_id for _, insurer_id, _ in shares})
    periods: dict[date, dict[str, int]] = {}
    for from_day, insurer_id, basis_points in shares:
        periods.setdefault(from_day, {})[codes[insurer_id]] = basis_points
    return ShareTable(tuple(periods.items()))


def _codes(city: City, insurer_ids: set[int]) -> dict[int, str]:
    """Codes by insurer. They never change: what a process knows is read again only when somebody is missing."""
    for _ in range(2):
        known = _insurer_codes.get(city.pk, lambda: {insurer.pk: insurer.code for insurer in insurers(city)}) or {}
        if insurer_ids <= known.keys():
            return known
        _insurer_codes.forget()
    raise HuiminError("shares name an insurer that the city does not have", code="no_shares")


_insurer_codes: Remembered[int, dict[int, str]] = Remembered(seconds=3600)


def shares_of_plan_year(city: City, plan_year: PlanYear) -> list[Share]:
    """All periods, the largest share first."""
    rows = Share.objects.of(city).filter(plan_year=plan_year).select_related("insurer")
    return list(rows.order_by("from_day", "-basis_points"))


def insurers(city: City) -> list[Insurer]:
    return list(Insurer.objects.of(city).order_by("code"))
