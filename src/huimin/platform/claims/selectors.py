"""Reads claims: a member's decisions, one settlement with its explanation, the review queue."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from huimin.adjudication import Explanation, explain
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.answers import SettlementAnswer, answer_as_of, waiting_answer
from huimin.platform.claims.cases.case import USE_CASE, subject_of
from huimin.platform.claims.known import decisions_so_far, facts_of_policy
from huimin.platform.claims.member_year import decide_year, terms_of_policy
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.claims.owing import kept_by_senders, owed_of, paid_in
from huimin.platform.claims.waiting import LONG_WAIT, since_set_aside
from huimin.platform.claims.whole_years import not_replaced
from huimin.platform.claims.year_change import change_of_year
from huimin.platform.enrolment.api import PolicyFacts, policies_by_id
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.paging import PAGE_SIZE, Paged, paged
from huimin.platform.ledger.api import Owed
from huimin.settlement.normal import normal_code

__all__ = [
    "Bill",
    "ClaimDetail",
    "ClaimRow",
    "ReviewSearch",
    "WaitingReversal",
    "claim_detail",
    "claims_of_policies",
    "long_waiting",
    "open_reviews",
    "review_by_id",
    "review_codes",
    "review_content",
    "settlement_answer",
    "waits_for_second",
]


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that was accepted, as pages show it."""

    id: int
    setl_id: str
    sender: ApiClient
    policy_id: int
    setl_time: datetime
    received_at: datetime
    total: int
    """In fen: the whole bill, or the person's own part if only that was reported."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A bill as lists show it."""

    bill: Bill
    payable: int
    cancelled: bool
    undecided: bool
    """True if some benefit is undecided; `payable` is then what the other benefits pay."""


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    bill: Bill
    policy: PolicyFacts
    terms: Terms
    explanation: Explanation | None
    """None when the bill was cancelled."""
    decided_again_at: datetime | None
    """When another bill or a reversal last changed what the plan pays on it; None if none has."""
    owed: Owed
    """What the hospital was answered, and what changed for the insured afterwards."""
    decided_afterwards: bool
    """Whether the patient had left the counter when it was decided, so that the whole payment is owed to them."""

    @property
    def owes(self) -> int:
        """What the insured owes back for it, in fen."""
        return max(0, -self.owed.insured)


@dataclass(frozen=True, slots=True)
class ReviewSearch:
    """A search in the queue; empty fields do not restrict it. `words` is the beginning of an id, or a person's
    number.
    """

    words: str = ""
    code: str = ""
    client: str = ""
    received_before: datetime | None = None
    turn: str = ""
    """Who has to act next (`Turn`)."""
    taken_by: str = ""
    """The text of the actor who works on it."""


def claims_of_policies(city: City, policy_ids: Collection[int], page: int, size: int = PAGE_SIZE) -> Paged[ClaimRow]:
    """The bills of these policies, the newest first; reversals themselves are left out."""
    facts = SettlementFact.objects.of(city).filter(policy__in=policy_ids)
    bills = facts.filter(not_replaced(city), reverses=None, withdrawn=False).defer("body", "care")
    found = paged(bills.select_related("client").order_by("-setl_time", "-setl_id"), page, size)
    reversals = facts.filter(not_replaced(city), withdrawn=False, reverses__in=[fact.setl_id for fact in found])
    reversed_ids = set(reversals.values_list("payee", "reverses"))
    sums = BenefitDecisionVersion.objects.of(city).filter(settlement__in=found.rows).values_list("settlement_id")
    payable = dict(sums.annotate(total=Sum("change")).order_by())
    with_bills = policies_by_id(city, {fact.policy_id for fact in found})
    undecided = _undecided_of(facts, with_bills.values())
    rows = [
        ClaimRow(_bill(fact), payable.get(fact.pk, 0), (fact.payee, fact.setl_id) in reversed_ids, fact.pk in undecided)
        for fact in found
    ]
    return replace(found, rows=rows)


def _bill(fact: SettlementFact) -> Bill:
    assert fact.policy_id is not None, "a bill that was accepted is of a year"  # noqa: S101
    total = int(fact.amounts.get("medfee_sumamt", fact.amounts.get("psn_part_amt", 0)))
    return Bill(fact.pk, fact.setl_id, fact.client, fact.policy_id, fact.setl_time, fact.received_at, total)


def _undecided_of(facts: QuerySet[SettlementFact], policies: Iterable[PolicyFacts]) -> set[int]:
    """The rows of the policies' undecided bills. Policies whose terms are all known have none and are not computed."""
    found: set[int] = set()
    for policy in policies:
        if terms_of_policy(policy).program.may_leave_undecided:
            year = decide_year(policy, facts.filter(policy=policy.id).defer("body").order_by("pk"))
            decisions = ((fact, year.decision_of(fact)) for fact in year.facts)
            found |= {fact.pk for fact, decision in decisions if decision is not None and decision.undecided}
    return found


def claim_detail(city: City, fact_id: int) -> ClaimDetail | None:
    """One bill with its explanation as of now, and who is owed what for it. None for a bill that was replaced."""
    fact = SettlementFact.objects.of(city).select_related("client").filter(pk=fact_id, reverses=None).first()
    if fact is None or fact.policy_id is None:
        return None
    policy = policies_by_id(city, [fact.policy_id])[fact.policy_id]
    change = change_of_year(policy, facts_of_policy(policy), decisions_so_far(policy))
    year = change.after
    if fact not in year.facts:
        return None
    decision = year.decision_of(fact)
    of_bill, beside = owed_of(fact, paid_in(year), kept_by_senders(change.facts, change.before.answered))
    return ClaimDetail(
        bill=_bill(fact),
        policy=policy,
        terms=year.terms,
        explanation=explain(year.terms.program, decision) if decision else None,
        decided_again_at=_decided_again_at(city, fact),
        owed=Owed(of_bill.sender, of_bill.insured + beside.insured),
        decided_afterwards=fact.decided_afterwards,
    )


def _decided_again_at(city: City, fact: SettlementFact) -> datetime | None:
    rows = BenefitDecisionVersion.objects.of(city).filter(settlement=fact).order_by("pk")
    versions = list(rows.values_list("cause_id", "recalculated_by", "decided_at"))
    return versions[-1][2] if len({version[:2] for version in versions}) > 1 else None


def settlement_answer(client: ApiClient, setl_id: str) -> SettlementAnswer | None:
    """The answer that the client got to its own settlement with this id; None if it sent none.

    For a corrected bill it is the answer to the content that counts now.
    """
    rows = SettlementFact.objects.of(client.city)
    revisions = since_set_aside(rows.filter(client=client, setl_id=normal_code(setl_id)).order_by("pk"))
    if not revisions:
        return None
    fact = next(row for row in revisions if row.content_digest == revisions[-1].content_digest and not row.withdrawn)
    if fact.policy_id is None:
        return waiting_answer(fact)
    policy = policies_by_id(client.city, [fact.policy_id])[fact.policy_id]
    return answer_as_of(policy, facts_of_policy(policy), fact)


def open_reviews(city: City, search: ReviewSearch, page: int) -> Paged[ReviewItem]:
    """A page of the queue. Bills that are due first come first, and bills that wait for their sender last. On the same
    day the one that has waited longest comes first, then the largest bill. Message bodies are not read.
    """
    rows = ReviewItem.objects.of(city).filter(closed_at=None).select_related("client").defer("body")
    if search.words:
        rows = rows.filter(Q(setl_id__startswith=search.words) | Q(psn_no=search.words))
    if search.code:
        rows = rows.filter(code=search.code)
    if search.client:
        rows = rows.filter(client__code=search.client)
    if search.received_before is not None:
        rows = rows.filter(received_at__lt=search.received_before)
    if search.turn:
        rows = rows.filter(turn=search.turn)
    if search.taken_by:
        rows = rows.filter(taken_by=search.taken_by)
    return paged(rows.order_by(F("due_on").asc(nulls_last=True), "received_at", "-amount", "pk"), page)


@dataclass(frozen=True, slots=True)
class WaitingReversal:
    """A reversal whose bill has not come."""

    setl_id: str
    reverses: str
    sender: ApiClient
    received_at: datetime


def long_waiting(city: City) -> Paged[WaitingReversal]:
    """Reversals whose bill has not come within `LONG_WAIT`, those that have waited longest first."""
    later = SettlementFact.objects.of(city).filter(
        client=OuterRef("client"), setl_id=OuterRef("setl_id"), revision__gt=OuterRef("revision")
    )
    rows = SettlementFact.objects.of(city).filter(
        ~Exists(later), policy=None, withdrawn=False, received_at__lt=now(city) - LONG_WAIT
    )
    found = paged(rows.select_related("client").defer("body", "care").order_by("received_at", "pk"), 1)
    return replace(
        found,
        rows=[WaitingReversal(fact.setl_id, fact.reverses, fact.client, fact.received_at) for fact in found],
    )


def review_codes(city: City) -> list[str]:
    """The codes of the reasons for which bills are held now."""
    return sorted(set(ReviewItem.objects.of(city).filter(closed_at=None).values_list("code", flat=True).distinct()))


def review_by_id(city: City, review_id: int) -> ReviewItem | None:
    found: ReviewItem | None = ReviewItem.objects.of(city).select_related("client").filter(pk=review_id).first()
    return found


def review_content(review: ReviewItem) -> list[tuple[str, str, str]]:
    """The bill field by field: (name, the value that came, the value answered before under this id). Absent values are
    empty.

    For a conflict only the fields that differ.
    """
    came: dict[str, str] = json.loads(review.body)
    if review.code != "conflicting_duplicate":
        return [(name, value, "") for name, value in came.items()]
    rows = SettlementFact.objects.of(review.city).filter(client=review.client, setl_id=review.setl_id, withdrawn=False)
    last = rows.order_by("-revision").first()
    answered: dict[str, str] = json.loads(last.body) if last is not None else {}
    names = [*came, *(name for name in answered if name not in came)]
    pairs = [(name, came.get(name, ""), answered.get(name, "")) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def waits_for_second(review: ReviewItem) -> str:
    """The actor's text (`staff:5`) of who proposed what waits for a second person; "" if nothing waits."""
    proposal = open_proposal(review.city, USE_CASE, subject_of(review.pk)) if review.closed_at is None else None
    return proposal.proposed_by if proposal is not None else ""
