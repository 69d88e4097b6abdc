"""Funds, sponsors and rosters, read."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import Remembered
from huimin.platform.subsidies.facts import FundFacts, Named, fund_facts, named
from huimin.platform.subsidies.models import Fund, FundAmount, FundPart, Roster, RosterInForce, Sponsor

__all__ = [
    "all_funds",
    "fund_by_code",
    "fund_codes",
    "fund_ids",
    "funds_by_code",
    "funds_open",
    "left_in_funds",
    "roster_by_code",
    "rosters",
    "sponsors",
    "versions_in_force",
]


def all_funds(city: City, sponsor: str = "") -> list[FundFacts]:
    """Every fund of the city in its order of use, the latest plan year first; or those of one sponsor, by its code."""
    rows = Fund.objects.of(city).select_related("sponsor", "roster").order_by("-plan_year_id", "use_order")
    if sponsor:
        rows = rows.filter(sponsor__code=sponsor)
    amounts: dict[int, list[FundAmount]] = defaultdict(list)
    for amount in FundAmount.objects.of(city).order_by("pk"):
        amounts[amount.fund_id].append(amount)
    return [fund_facts(row, amounts[row.pk]) for row in rows]


def fund_by_code(city: City, code: str) -> FundFacts | None:
    return next((fund for fund in all_funds(city) if fund.code == code), None)


def funds_open(city: City, plan_year_id: int, day: date) -> list[FundFacts]:
    """The funds from which an order for this plan year may draw on this day, as they were at most two seconds ago.

    Most cities have none: an order there asks nothing.
    """
    return [fund for fund in _remembered(city) if fund.plan_year_id == plan_year_id and fund.is_open(day)]


def _remembered(city: City) -> tuple[FundFacts, ...]:
    return _funds.get(city.pk, lambda: tuple(all_funds(city))) or ()


def funds_by_code(city: City) -> dict[str, FundFacts]:
    """Every fund by its code, as of at most two seconds ago."""
    return {fund.code: fund for fund in _remembered(city)}


def fund_ids(city: City) -> dict[str, int]:
    """The id of each fund by its code, whether or not it is open, as of at most two seconds ago."""
    return {fund.code: fund.id for fund in _remembered(city)}


def fund_codes(city: City) -> dict[int, str]:
    """The code of each fund by its id, as of at most two seconds ago."""
    return {fund.id: fund.code for fund in _remembered(city)}


def versions_in_force(city: City) -> dict[int, int]:
    """By roster the id of its version in force, as it was at most two seconds ago."""
    rows = RosterInForce.objects.of(city).order_by("pk")
    return _versions.get(city.pk, lambda: dict(rows.values_list("roster_id", "version_id"))) or {}


_funds: Remembered[int, tuple[FundFacts, ...]] = Remembered(seconds=2)
_versions: Remembered[int, dict[int, int]] = Remembered(seconds=2)


def left_in_funds(city: City) -> dict[int, int]:
    """Fen by fund that nobody has drawn or reserved."""
    rows = FundPart.objects.of(city).values_list("fund_id").annotate(left=Sum("left_fen"))
    return dict(rows.order_by())


def sponsors(city: City) -> list[Named]:
    return [named(row) for row in Sponsor.objects.of(city).order_by("code")]


def rosters(city: City) -> list[Named]:
    return [named(row) for row in Roster.objects.of(city).order_by("code")]


def roster_by_code(city: City, code: str) -> Named | None:
    row = Roster.objects.of(city).filter(code=code).first()
    return named(row) if row is not None else None
