"""Who shares what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.pool.models import Insurer, Share

__all__ = ["Period", "ShareTable", "insurers", "share_table", "shares_of_plan_year"]


@dataclass(frozen=True, slots=True)
class Period:
    """Shares from a day on: basis points by insurer code, and how ties are broken under them."""

    plan_year_id: int
    from_day: date
    basis_points: dict[str, int]
    tie_break: int

    @property
    def label(self) -> str:
        """What a journal entry keeps of it: `3:2022-01-01`."""
        return f"{self.plan_year_id}:{self.from_day}"


@dataclass(frozen=True, slots=True)
class ShareTable:
    """The shares of a plan year, period by period, in order of days."""

    periods: tuple[Period, ...]

    def on(self, day: date) -> Period:
        """The last period that began by `day`. Raises HuiminError (`no_shares`)."""
        begun = [period for period in self.periods if period.from_day <= day]
        if not begun:
            raise HuiminError(f"the pool has no shares for {day}", code="no_shares")
        return begun[-1]


def share_table(city: City, plan_year_id: int) -> ShareTable:
    """All periods of a plan year. One statement."""
    names = ("from_day", "insurer", "basis_points", "tie_break")
    shares = Share.objects.pick(city, names, "plan_year_id = %s ORDER BY from_day, id", plan_year_id)
    codes = _codes(city, {insurer_id for _, insurer_id, _, _ in shares})
    periods: dict[date, Period] = {}
    for from_day, insurer_id, basis_points, tie_break in shares:
        period = periods.setdefault(from_day, Period(plan_year_id, from_day, {}, tie_break))
        period.basis_points[codes[insurer_id]] = basis_points
    return ShareTable(tuple(periods.values()))


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
