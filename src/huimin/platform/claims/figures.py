"""Sums of claims, computed in the database."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Sum

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.claims.whole_years import not_replaced
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.models import City

__all__ = [
    "AreaClaims",
    "BillsOnPolicy",
    "bills_on_policy",
    "bills_received",
    "claims_by_area",
    "payable_by_benefit",
    "reviews_waiting",
]


@dataclass(frozen=True, slots=True)
class AreaClaims:
    """Claims of an area. `paid_bills` counts bills on which the plan pays something; `payable` is in fen."""

    paid_bills: int
    payable: int


@dataclass(frozen=True, slots=True)
class BillsOnPolicy:
    """What has come for a policy: how many bills, those that are held for its member too; `paid` in fen."""

    count: int
    paid: int


def bills_on_policy(policy: PolicyFacts) -> BillsOnPolicy:
    """Whoever decides something by it has locked the policy: no bill comes meanwhile."""
    city = policy.city
    facts = SettlementFact.objects.of(city).filter(policy=policy.id).count()
    held = ReviewItem.objects.of(city).filter(psn_no=policy.psn_no, closed_at=None).count()
    rows = BenefitDecisionVersion.objects.of(city).filter(policy=policy.id)
    return BillsOnPolicy(facts + held, rows.aggregate(total=Sum("change"))["total"] or 0)


def claims_by_area(city: City, plan_year: PlanYearFacts) -> dict[int, AreaClaims]:
    """What the plan pays as of now, by the area of the insured. Areas without a bill are absent."""
    rows = BenefitDecisionVersion.objects.of(city).filter(policy__plan_year=plan_year.id)
    by_bill = rows.values_list("settlement_id", "policy__area_id").annotate(total=Sum("change")).order_by()
    found: dict[int, AreaClaims] = {}
    for _, area, total in by_bill:
        so_far = found.get(area, AreaClaims(0, 0))
        found[area] = AreaClaims(so_far.paid_bills + (total > 0), so_far.payable + total)
    return found


def payable_by_benefit(city: City, plan_year_id: int) -> dict[str, int]:
    """The payments of the year as of now, in fen by benefit."""
    rows = BenefitDecisionVersion.objects.of(city).filter(policy__plan_year=plan_year_id)
    return dict(rows.values_list("benefit").annotate(total=Sum("change")).order_by())


def bills_received(city: City, plan_year: PlanYearFacts) -> int:
    """The number of bills that count, without reversals, reversed bills and replaced ones."""
    facts = SettlementFact.objects.of(city).filter(not_replaced(city), policy__plan_year=plan_year.id, withdrawn=False)
    reversals = facts.filter(policy=OuterRef("policy"), payee=OuterRef("payee"), reverses=OuterRef("setl_id"))
    return facts.filter(~Exists(reversals), reverses=None).count()


def reviews_waiting(city: City) -> int:
    return ReviewItem.objects.of(city).filter(closed_at=None).count()
