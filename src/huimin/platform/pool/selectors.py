"""Reads insurers and their shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import plan_on_sale
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City, ask_together
from huimin.platform.foundation.statements import Question
from huimin.platform.pool.models import Insurer, Share

__all__ = [
    "InsurerShare",
    "Period",
    "ShareTable",
    "asking_shares",
    "insurer_codes",
    "insurers",
    "leading_insurer",
    "share_table",
    "shares_of_plan_year",
]


@dataclass(frozen=True, slots=True)
class Period:
    """The shares from a day on: basis points by insurer code, and how ties are decided under them."""

    plan_year_id: int
    from_day: date
    basis_points: dict[str, int]

    @property
    def label(self) -> str:
        """The label that journal entries have: `3:2022-01-01`."""
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


_SHARES = """
SELECT share.from_day, insurer.code, share.basis_points
FROM pool_share AS share JOIN pool_insurer AS insurer ON insurer.id = share.insurer_id
WHERE share.city_id = %s AND share.plan_year_id = %s ORDER BY share.from_day, share.id
"""


def share_table(city: City, plan_year_id: int) -> ShareTable:
    """All periods of a plan year."""
    (found,) = ask_together(asking_shares(city, plan_year_id))
    return cast(ShareTable, found)


def asking_shares(city: City, plan_year_id: int) -> Question[ShareTable]:
    """The question for all periods of a plan year. Every settlement asks it together with its other questions."""
    return Question(Share, _SHARES, [city.pk, plan_year_id], lambda found: _table(plan_year_id, found))


def _table(plan_year_id: int, shares: Sequence[tuple[Any, ...]]) -> ShareTable:
    periods: dict[date, Period] = {}
    for day, code, basis_points in shares:
        from_day = day if isinstance(day, date) else date.fromisoformat(day)  # SQLite has no date type and gives texts
        period = periods.setdefault(from_day, Period(plan_year_id, from_day, {}))
        period.basis_points[code] = basis_points
    return ShareTable(tuple(periods.values()))


@dataclass(frozen=True, slots=True)
class InsurerShare:
    """An insurer's share of a plan year from a day on."""

    code: str
    name_zh: str
    name_en: str
    basis_points: int
    is_lead: bool
    from_day: date


def shares_of_plan_year(city: City, plan_year_id: int) -> list[InsurerShare]:
    """All periods, the largest share first."""
    rows = Share.objects.of(city).filter(plan_year=plan_year_id).order_by("from_day", "-basis_points")
    names = ("insurer__code", "insurer__name_zh", "insurer__name_en", "basis_points", "is_lead", "from_day")
    return [InsurerShare(*values) for values in rows.values_list(*names)]


def leading_insurer(city: City) -> str:
    """The code of the insurer that leads the pool today, for the plan year on sale; "" if the city has no pool.

    Before the first shares begin, their lead counts already, because somebody has to prepare the year.
    """
    year = plan_on_sale(city)
    if year is None:
        return ""
    leads = Share.objects.of(city).filter(plan_year=year.id, is_lead=True).order_by("from_day")
    periods = list(leads.values_list("from_day", "insurer__code"))
    begun = [code for from_day, code in periods if from_day <= today(city)]
    return str(begun[-1] if begun else periods[0][1]) if periods else ""


def insurer_codes(city: City) -> list[str]:
    return list(Insurer.objects.of(city).order_by("code").values_list("code", flat=True))


def insurers(city: City) -> list[Insurer]:
    return list(Insurer.objects.of(city).order_by("code"))
