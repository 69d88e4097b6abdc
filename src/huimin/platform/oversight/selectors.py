"""Figures for the bureau and the insurers, summed in the database at the time of asking. Read only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear, TruncDate

from huimin.money import BASIS, divide_half_up
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Account
from huimin.platform.ledger.selectors import balances
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import areas
from huimin.platform.pool.selectors import shares_of_plan_year

__all__ = ["AreaFigures", "InsurerFigures", "Overview", "insurer_figures", "overview"]


@dataclass(frozen=True, slots=True)
class AreaFigures:
    name_zh: str
    name_en: str
    residents: int
    enrolled: int
    claims: int
    """Bills for which the plan pays something."""
    payable: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A plan year as the bureau sees it. Amounts in fen, ratios in basis points."""

    residents: int
    enrolled: int
    premium: int
    payable: int
    bills: int
    paid_bills: int
    reviews_open: int
    by_day: list[tuple[date, int]]
    by_decade: list[tuple[int, int]]
    by_area: list[AreaFigures]

    @property
    def take_up(self) -> int:
        return divide_half_up(self.enrolled * BASIS, self.residents) if self.residents else 0

    @property
    def paid_ratio(self) -> int:
        """Decided payments ÷ premium received: not the official payout ratio, which includes reserves."""
        return divide_half_up(self.payable * BASIS, self.premium) if self.premium else 0


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


def overview(city: City, plan_year: PlanYear) -> Overview:
    """The bureau's first screen. Nine statements, whatever the size of the city."""
    policies = Policy.objects.of(city).filter(plan_year=plan_year)
    decided = BenefitDecisionVersion.objects.of(city).filter(policy__plan_year=plan_year)
    reversed_ids = SettlementFact.objects.of(city).exclude(reverses=None).values("reverses")
    bills = SettlementFact.objects.of(city).filter(policy__plan_year=plan_year, reverses=None)
    totals = policies.aggregate(count=Count("pk"), premium=Sum("price"))
    payments = decided.values("settlement_id").annotate(total=Sum("change")).filter(total__gt=0)
    payable = decided.aggregate(total=Sum("change"))["total"] or 0
    return Overview(
        residents=Resident.objects.of(city).count(),
        enrolled=totals["count"],
        premium=totals["premium"] or 0,
        payable=payable,
        bills=bills.exclude(setl_id__in=reversed_ids).count(),
        paid_bills=payments.count(),
        reviews_open=ReviewItem.objects.of(city).filter(closed_at=None).count(),
        by_day=_by_day(policies),
        by_decade=_by_decade(policies),
        by_area=_by_area(city, plan_year),
    )


def _by_day(policies: object) -> list[tuple[date, int]]:
    """Policies issued on each day, days without any included."""
    rows = policies.annotate(day=TruncDate("issued_at")).values_list("day").annotate(count=Count("pk"))  # type: ignore[attr-defined]
    counts = dict(rows.order_by("day"))
    if not counts:
        return []
    first, last = min(counts), max(counts)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [(day, counts.get(day, 0)) for day in days]


def _by_decade(policies: object) -> list[tuple[int, int]]:
    """Policies by the decade of birth of the insured: (1950, 123) are those born from 1950 to 1959."""
    rows = policies.annotate(year=ExtractYear("birth_date")).values_list("year").annotate(count=Count("pk"))  # type: ignore[attr-defined]
    decades: Counter[int] = Counter()
    for year, count in rows.order_by():
        decades[year // 10 * 10] += count
    return sorted(decades.items())


def _by_area(city: City, plan_year: PlanYear) -> list[AreaFigures]:
    residents = _counts(Resident.objects.of(city).values_list("area_id").annotate(n=Count("pk")).order_by())
    policies = Policy.objects.of(city).filter(plan_year=plan_year)
    enrolled = _counts(policies.values_list("area_id").annotate(n=Count("pk")).order_by())
    claims: Counter[int] = Counter()
    payable: Counter[int] = Counter()
    decided = BenefitDecisionVersion.objects.of(city).filter(policy__plan_year=plan_year)
    rows = decided.values_list("settlement_id", "policy__area_id").annotate(total=Sum("change")).order_by()
    for _, area, total in rows:
        payable[area] += total
        claims[area] += total > 0
    return [
        AreaFigures(
            area.name_zh,
            area.name_en,
            residents.get(area.pk, 0),
            enrolled.get(area.pk, 0),
            claims[area.pk],
            payable[area.pk],
        )
        for area in areas(city)
    ]


def _counts(rows: object) -> dict[int, int]:
    return dict(rows)  # type: ignore[call-overload,no-any-return]


def insurer_figures(city: City, plan_year: PlanYear) -> list[InsurerFigures]:
    """Each insurer's share of premium and claims to date, from the journal. The lead first."""
    sums = balances(city)
    figures = [
        InsurerFigures(
            name_zh=share.insurer.name_zh,
            name_en=share.insurer.name_en,
            code=share.insurer.code,
            is_lead=share.is_lead,
            basis_points=share.basis_points,
            premium=-sums.get((Account.INSURER_PREMIUM, share.insurer.code), 0),
            claims=sums.get((Account.INSURER_CLAIMS, share.insurer.code), 0),
        )
        for share in shares_of_plan_year(city, plan_year)
    ]
    return sorted(figures, key=lambda figure: (not figure.is_lead, -figure.basis_points, figure.code))
