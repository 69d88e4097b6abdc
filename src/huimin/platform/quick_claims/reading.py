"""Quick claims, read: how one stands, computed from its bills and payouts."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from huimin.platform.claims.api import Became, ClaimDetail, ReviewItem, claim_detail, journal_names, review_by_id
from huimin.platform.enrolment.api import PolicyFacts, policies_by_id
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.payouts.api import PaidBill, accounts_of, kept_of_bills, payee_of, payouts_of_bills
from huimin.platform.quick_claims.models import FetchConsent, QuickClaim, QuickClaimBill, QuickClaimState
from huimin.platform.quick_claims.moving import subject_of

__all__ = [
    "ClaimBill",
    "Money",
    "QuickClaimFacts",
    "QuickClaimStory",
    "Stands",
    "quick_claim_story",
    "quick_claims_of",
]


@dataclass(frozen=True, slots=True)
class QuickClaimFacts:
    """A claim as lists show it."""

    key: str
    policy: PolicyFacts
    state: QuickClaimState
    fault: str
    created_at: datetime
    ended_at: datetime | None
    first_day: date
    last_day: date
    consent_id: int

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class Stands(enum.StrEnum):
    """How a bill of a claim stands now."""

    DECIDED = "decided"
    WITH_PERSON = "with_person"
    REFUSED = "refused"
    """A person looked at it and refused it, and said why."""
    NOT_COVERED = "not_covered"
    CANCELLED = "cancelled"
    """It was reversed, or is itself a reversal: nothing is paid for it."""


@dataclass(frozen=True, slots=True)
class ClaimBill:
    """A bill that the bureau told of. `detail`: None where it is no bill of the member's."""

    institution_name: str
    setl_id: str
    settled_on: date
    total: int
    stands: Stands
    detail: ClaimDetail | None
    note: str = ""
    """What the person said who refused it."""
    due_on: date | None = None
    """By when a person has looked at it, while one has to."""

    @property
    def owed(self) -> int:
        """What the plan pays to the insured for it, in fen; what the hospital credited is not in it."""
        return self.detail.owed.insured if self.detail is not None else 0


class Money(enum.StrEnum):
    """How the money of an answered claim stands."""

    NOTHING = "nothing"
    """Nothing is owed to the insured for these bills."""
    ACCOUNT = "account"
    """It is owed, and there is no account to which it could go."""
    HEIRS = "heirs"
    """It is owed for somebody who has died: heirs come to the counter."""
    SOON = "soon"
    """A worker is about to make the payout."""
    MADE = "made"
    """There are payouts for all of it: they say how they stand."""


@dataclass(frozen=True, slots=True)
class QuickClaimStory:
    facts: QuickClaimFacts
    events: Sequence[tuple[str, datetime]]
    """What happened and when: `made`, and the claim's states. Waiting is told once, since when."""
    bills: Sequence[ClaimBill]
    payouts: Sequence[PaidBill]
    money: Money
    last_four: str
    """Of the account to which it is paid; empty where there is none."""
    kept: int = 0
    """In fen: kept of it, against what was paid too much on this policy before."""

    @property
    def owed(self) -> int:
        """What the plan pays to the insured for all bills of the claim, in fen."""
        return sum(max(0, bill.owed) for bill in self.bills)

    @property
    def with_person(self) -> bool:
        return any(bill.stands is Stands.WITH_PERSON for bill in self.bills)


def quick_claims_of(city: City, resident_id: int) -> list[QuickClaimFacts]:
    """Those that this resident made, the newest first."""
    rows = list(QuickClaim.objects.of(city).filter(claimed_by=resident_id).select_related("consent").order_by("-pk"))
    policies = policies_by_id(city, {row.policy_id for row in rows})
    return [_facts(row, row.consent, policies[row.policy_id]) for row in rows]


def quick_claim_story(city: City, resident_id: int, key: str) -> QuickClaimStory | None:
    """A claim that this resident made; None for all others."""
    rows = QuickClaim.objects.of(city).filter(key=key, claimed_by=resident_id).select_related("consent")
    row = rows.first()
    if row is None:
        return None
    facts = _facts(row, row.consent, policies_by_id(city, [row.policy_id])[row.policy_id])
    bills = [_bill(city, one) for one in QuickClaimBill.objects.of(city).filter(claim=row).order_by("settled_on", "pk")]
    paid = payouts_of_bills(city, facts.policy.number, _sources(bills))
    payee = payee_of(city, facts.policy)
    account = accounts_of(city, [payee.id]).get(payee.id) if payee is not None else None
    owed = sum(max(0, bill.owed) for bill in bills)
    kept = kept_of_bills(city, facts.policy.number, _sources(bills))
    made = kept + sum(one.amount for one in paid if one.payout.stands)
    money = _money(owed, made, alive=payee is not None, account=account is not None)
    last_four = account.last_four if account is not None else ""
    return QuickClaimStory(facts, _events(city, row.pk), bills, paid, money, last_four, kept)


def _events(city: City, claim_id: int) -> list[tuple[str, datetime]]:
    first: dict[str, datetime] = {}
    for event in history_of(city, subject_of(claim_id)).events:
        first.setdefault(event.kind, timezone.localtime(event.happened_at))
    return list(first.items())


def _money(owed: int, made: int, *, alive: bool, account: bool) -> Money:
    if owed == 0:
        return Money.NOTHING
    if made >= owed:
        return Money.MADE
    if not alive:
        return Money.HEIRS
    return Money.SOON if account else Money.ACCOUNT


def _bill(city: City, row: QuickClaimBill) -> ClaimBill:
    """A bill that a person released since is one of the member's now, though it was held when the bureau told of it."""
    review = review_by_id(city, row.review_id) if row.review_id is not None else None
    settlement = row.settlement_id
    if review is not None and review.settlement_id is not None:
        settlement = review.settlement_id
    detail = claim_detail(city, settlement) if settlement is not None else None
    stands = _stands(row, review, detail)
    return ClaimBill(
        institution_name=row.institution_name,
        setl_id=row.setl_id,
        settled_on=row.settled_on,
        total=row.total,
        stands=stands,
        detail=detail,
        note=review.note if review is not None and stands is Stands.REFUSED else "",
        due_on=review.due_on if review is not None and stands is Stands.WITH_PERSON else None,
    )


def _stands(row: QuickClaimBill, review: ReviewItem | None, detail: ClaimDetail | None) -> Stands:
    if row.became == Became.NOT_COVERED:
        return Stands.NOT_COVERED
    if review is not None and review.is_open:
        return Stands.WITH_PERSON
    if review is not None and detail is None:
        return Stands.REFUSED
    return Stands.CANCELLED if detail is None or detail.explanation is None else Stands.DECIDED


def _sources(bills: Sequence[ClaimBill]) -> list[str]:
    found = [bill.detail.bill for bill in bills if bill.detail is not None]
    return [name for bill in found for name in journal_names(bill.sender.code, bill.setl_id)]


def _facts(row: QuickClaim, consent: FetchConsent, policy: PolicyFacts) -> QuickClaimFacts:
    return QuickClaimFacts(
        key=row.key,
        policy=policy,
        state=QuickClaimState(row.state),
        fault=row.fault,
        created_at=timezone.localtime(row.created_at),
        ended_at=None if row.ended_at is None else timezone.localtime(row.ended_at),
        first_day=consent.first_day,
        last_day=consent.last_day,
        consent_id=consent.pk,
    )
