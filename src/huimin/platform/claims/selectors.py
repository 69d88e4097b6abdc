"""Claims, read: a member's decisions, one settlement with its explanation, the review queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from huimin.adjudication import Explanation
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import Terms, terms_of
from huimin.platform.claims.answers import answer_as_of, explanation_of
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import ApiClient, City

__all__ = [
    "ClaimDetail",
    "ClaimRow",
    "all_facts",
    "claim_detail",
    "claims_of_policies",
    "open_reviews",
    "review_body",
    "review_by_id",
    "settlement_answer",
]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A bill as lists show it."""

    fact: SettlementFact
    payable: int
    cancelled: bool

    @property
    def total(self) -> int:
        return int(self.fact.amounts.get("medfee_sumamt", self.fact.amounts.get("psn_part_amt", 0)))


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    fact: SettlementFact
    policy: Policy
    terms: Terms
    explanation: Explanation | None
    """None when the bill was cancelled."""
    versions: list[BenefitDecisionVersion]


def claims_of_policies(city: City, policies: list[Policy]) -> list[ClaimRow]:
    """The bills of these policies, the newest first; reversals themselves are left out."""
    facts = list(SettlementFact.objects.of(city).filter(policy__in=policies).defer("body").select_related("client"))
    reversed_ids = {fact.reverses for fact in facts if fact.reverses}
    sums = BenefitDecisionVersion.objects.of(city).filter(policy__in=policies).values_list("settlement_id")
    payable = dict(sums.annotate(total=Sum("change")).order_by())
    rows = [
        ClaimRow(fact, payable.get(fact.pk, 0), fact.setl_id in reversed_ids) for fact in facts if fact.reverses is None
    ]
    return sorted(rows, key=lambda row: (row.fact.setl_time, row.fact.setl_id), reverse=True)


def all_facts(city: City, plan_year: PlanYear, chunk: int) -> Iterator[SettlementFact]:
    """Every bill and reversal of the year with its policy, as it came except for the message, `chunk` at a time."""
    rows = SettlementFact.objects.of(city).filter(policy__plan_year=plan_year).select_related("policy")
    return rows.defer("body").order_by("pk").iterator(chunk_size=chunk)


def claim_detail(city: City, setl_id: str) -> ClaimDetail | None:
    """One bill with its explanation as it stands now."""
    rows = SettlementFact.objects.of(city).select_related("policy__plan_year", "policy__insured", "client")
    fact = rows.filter(setl_id=setl_id, reverses=None).first()
    if fact is None:
        return None
    policy = fact.policy
    terms = terms_of(policy.plan_year)
    year = decide_year(terms, policy, SettlementFact.objects.of(city).filter(policy=policy).defer("body"))
    versions = BenefitDecisionVersion.objects.of(city).filter(settlement=fact).select_related("cause")
    return ClaimDetail(fact, policy, terms, explanation_of(terms, policy, year, setl_id), list(versions.order_by("pk")))


def settlement_answer(client: ApiClient, setl_id: str) -> dict[str, Any] | None:
    """The answer that the client got for a settlement of its own; None when it sent no such one."""
    rows = SettlementFact.objects.of(client.city).select_related("policy__plan_year")
    fact = rows.filter(client=client, setl_id=setl_id).first()
    if fact is None:
        return None
    facts = list(SettlementFact.objects.of(client.city).filter(policy=fact.policy).order_by("pk"))
    return answer_as_of(terms_of(fact.policy.plan_year), fact.policy, facts, fact)


def open_reviews(city: City) -> list[ReviewItem]:
    """The queue: the longest waiting first, of one moment the largest bill."""
    rows = ReviewItem.objects.of(city).filter(closed_at=None).select_related("client")
    return list(rows.order_by("received_at", "-amount"))


def review_by_id(city: City, review_id: int) -> ReviewItem | None:
    found: ReviewItem | None = ReviewItem.objects.of(city).select_related("client").filter(pk=review_id).first()
    return found


def review_body(review: ReviewItem) -> dict[str, str]:
    body: dict[str, str] = json.loads(review.body)
    return body
