"""Claims, read: a member's decisions, one settlement with its explanation, the review queue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum

from huimin.adjudication import Explanation
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import Terms, terms_of
from huimin.platform.claims.answers import answer_as_of, explanation_of
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.paging import Paged, paged

__all__ = [
    "ClaimDetail",
    "ClaimRow",
    "ReviewSearch",
    "all_facts",
    "claim_detail",
    "claims_of_policies",
    "open_reviews",
    "review_body",
    "review_by_id",
    "review_codes",
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


@dataclass(frozen=True, slots=True)
class ReviewSearch:
    """What of the queue is asked for; empty fields ask for nothing. `words`: how an id begins, or a person's number."""

    words: str = ""
    code: str = ""
    client: str = ""
    received_before: datetime | None = None


def claims_of_policies(city: City, policies: Sequence[Policy], page: int) -> Paged[ClaimRow]:
    """The bills of these policies, the newest first; reversals themselves are left out."""
    facts = SettlementFact.objects.of(city).filter(policy__in=policies)
    bills = facts.filter(reverses=None).defer("body", "care").select_related("client")
    found = paged(bills.order_by("-setl_time", "-setl_id"), page)
    reversed_ids = set(facts.filter(reverses__in=[fact.setl_id for fact in found]).values_list("reverses", flat=True))
    sums = BenefitDecisionVersion.objects.of(city).filter(settlement__in=found.rows).values_list("settlement_id")
    payable = dict(sums.annotate(total=Sum("change")).order_by())
    rows = [ClaimRow(fact, payable.get(fact.pk, 0), fact.setl_id in reversed_ids) for fact in found]
    return replace(found, rows=rows)


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


def open_reviews(city: City, search: ReviewSearch, page: int) -> Paged[ReviewItem]:
    """A page of the queue: the longest waiting first, of one moment the largest bill. Bodies are not read."""
    rows = ReviewItem.objects.of(city).filter(closed_at=None).select_related("client").defer("body")
    if search.words:
        rows = rows.filter(Q(setl_id__startswith=search.words) | Q(psn_no=search.words))
    if search.code:
        rows = rows.filter(code=search.code)
    if search.client:
        rows = rows.filter(client__code=search.client)
    if search.received_before is not None:
        rows = rows.filter(received_at__lt=search.received_before)
    return paged(rows.order_by("received_at", "-amount", "pk"), page)


def review_codes(city: City) -> list[str]:
    """The reasons for which bills wait now."""
    return sorted(set(ReviewItem.objects.of(city).filter(closed_at=None).values_list("code", flat=True).distinct()))


def review_by_id(city: City, review_id: int) -> ReviewItem | None:
    found: ReviewItem | None = ReviewItem.objects.of(city).select_related("client").filter(pk=review_id).first()
    return found


def review_body(review: ReviewItem) -> dict[str, str]:
    body: dict[str, str] = json.loads(review.body)
    return body
