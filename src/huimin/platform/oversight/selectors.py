"""Figures for the bureau and the insurers, summed in the database at the time of asking. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huimin.actuarial.ratios import decided_ratio, earned_premium, in_basis_points, written_premium
from huimin.money import BASIS, divide_half_up
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.claims.api import (
    AreaClaims,
    MonthSampled,
    Trier,
    bills_received,
    claims_by_area,
    months_sampled,
    much_tried,
    reviews_waiting,
)
from huimin.platform.enrolment.api import (
    enrolled,
    enrolled_by_area,
    enrolled_by_day,
    enrolled_by_decade,
    premium_by_cover,
)
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import INSURER_CLAIMS, INSURER_PREMIUM, shared_under
from huimin.platform.people.api import areas, count_by_area
from huimin.platform.pool.api import shares_of_plan_year

__all__ = ["AreaFigures", "InsurerFigures", "Overview", "insurer_figures", "overview"]


@dataclass(frozen=True, slots=True)
class AreaFigures:
    name_zh: str
    name_en: str
    residents: int
    enrolled: int
    claims: int
    """The number of bills on which the plan pays something."""
    payable: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A plan year as the bureau sees it. Amounts in fen, ratios in basis points; ratios are named as in
    actuarial.ratios.
    """

    residents: int
    enrolled: int
    written: int
    earned: int
    decided: int
    bills: int
    paid_bills: int
    reviews_open: int
    by_day: list[tuple[date, int]]
    by_decade: list[tuple[int, int]]
    by_area: list[AreaFigures]
    much_tried: list[Trier]
    """Institutions that try many bills and settle few of them."""
    sampled: list[MonthSampled]
    """By month, how often automatic decisions were found wrong."""

    @property
    def take_up(self) -> int:
        return divide_half_up(self.enrolled * BASIS, self.residents) if self.residents else 0

    @property
    def decided_ratio(self) -> int:
        """Decided ÷ written (actuarial.ratios): not the paid ratio, nor the official payout ratio."""
        return in_basis_points(decided_ratio(self.decided, self.written)) if self.written else 0


@dataclass(frozen=True, slots=True)
class InsurerFigures:
    name_zh: str
    name_en: str
    code: str
    is_lead: bool
    basis_points: int
    premium: int
    claims: int

    @property
    def balance(self) -> int:
        return self.premium - self.claims

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


def overview(city: City, plan_year: PlanYearFacts) -> Overview:
    """The bureau's first screen. A fixed number of statements, whatever the size of the city."""
    covers = premium_by_cover(city, plan_year)
    by_area = _by_area(city, plan_year)
    return Overview(
        residents=sum(area.residents for area in by_area),
        enrolled=enrolled(city, plan_year),
        written=written_premium(fen for _, _, fen in covers),
        earned=earned_premium(covers, today(city)),
        decided=sum(area.payable for area in by_area),
        bills=bills_received(city, plan_year),
        paid_bills=sum(area.claims for area in by_area),
        reviews_open=reviews_waiting(city),
        by_day=enrolled_by_day(city, plan_year),
        by_decade=enrolled_by_decade(city, plan_year),
        by_area=by_area,
        much_tried=much_tried(city),
        sampled=months_sampled(city),
    )


def _by_area(city: City, plan_year: PlanYearFacts) -> list[AreaFigures]:
    residents, people = count_by_area(city), enrolled_by_area(city, plan_year)
    claims, nothing = claims_by_area(city, plan_year), AreaClaims(0, 0)
    return [
        AreaFigures(
            area.name_zh,
            area.name_en,
            residents.get(area.id, 0),
            people.get(area.id, 0),
            claims.get(area.id, nothing).paid_bills,
            claims.get(area.id, nothing).payable,
        )
        for area in areas(city)
    ]


def insurer_figures(city: City, plan_year: PlanYearFacts) -> list[InsurerFigures]:
    """Each insurer's premium and claims of this plan year to date, from the journal. The lead first.

    The share is the one in force today, and 0 for an insurer that only had one before.
    """
    sums = shared_under(city, plan_year.id)
    shares = shares_of_plan_year(city, plan_year.id)
    begun = [share.from_day for share in shares if share.from_day <= today(city)]
    in_force = max(begun, default=min((share.from_day for share in shares), default=date.min))
    # Shares that have not begun do not count yet. Of the others each insurer's last one counts.
    latest = {share.code: share for share in shares if share.from_day <= in_force}
    figures = [
        InsurerFigures(
            name_zh=share.name_zh,
            name_en=share.name_en,
            code=code,
            is_lead=share.is_lead and share.from_day == in_force,
            basis_points=share.basis_points if share.from_day == in_force else 0,
            premium=-sums.get((INSURER_PREMIUM.code, code), 0),
            claims=sums.get((INSURER_CLAIMS.code, code), 0),
        )
        for code, share in latest.items()
    ]
    return sorted(figures, key=lambda figure: (not figure.is_lead, -figure.basis_points, figure.code))
