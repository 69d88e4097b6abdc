"""Funds and rosters as other contexts see them: ids and values, and no row that could be saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.platform.subsidies.amounts import FundTerms
from huimin.platform.subsidies.models import Fund, FundAmount, Roster, Sponsor

__all__ = ["FundFacts", "Named", "fund_facts", "named"]


@dataclass(frozen=True, slots=True)
class Named:
    """A sponsor or a roster: what it is called."""

    id: int
    code: str
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


@dataclass(frozen=True, slots=True)
class FundFacts(Named):
    sponsor: Named
    sponsor_kind: str
    """`donor` or `department`."""
    roster: Named
    plan_year_id: int
    terms: FundTerms
    opens_on: date
    closes_on: date

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


def named(row: Sponsor | Roster) -> Named:
    return Named(row.pk, row.code, row.name_zh, row.name_en)


def fund_facts(row: Fund, amounts: list[FundAmount]) -> FundFacts:
    """`row` with its sponsor and roster, so that they are not read here."""
    per_person = {one.reason: one.per_person() for one in amounts}
    return FundFacts(
        id=row.pk,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        sponsor=named(row.sponsor),
        sponsor_kind=row.sponsor.kind,
        roster=named(row.roster),
        plan_year_id=row.plan_year_id,
        terms=FundTerms(row.code, row.use_order, per_person, row.backs),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
    )
