"""What new facts change in a year: decision versions, journal entries of the differences, a message to the resident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.adjudication import BenefitDecision
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.known import SoFar
from huimin.platform.claims.member_year import DecidedYear
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.claims.owing import Paid, claims_between, kept_by_senders, paid_in
from huimin.platform.enrolment.api import Policy
from huimin.platform.ledger.api import post
from huimin.platform.pool.api import ShareTable, claim_entries
from huimin.platform.tasks.api import enqueue

__all__ = ["Before", "Change", "changes", "paid_so_far", "post_changes"]


@dataclass(frozen=True, slots=True)
class Before:
    """A policy's year as it stood."""

    facts: tuple[SettlementFact, ...]
    """By arrival, replaced ones too."""
    decisions: SoFar
    shares: ShareTable

    @property
    def payable(self) -> int:
        """What the plan pays on the year, in fen."""
        return sum(standing.payable for standing in self.decisions.values())


@dataclass(frozen=True, slots=True)
class Change:
    """A benefit's payment on a settlement that differs from what was decided before, or is decided the first time."""

    fact: SettlementFact
    benefit: str
    version: int
    line: BenefitDecision | None
    """None when the settlement no longer counts: it was reversed or corrected."""
    before: int

    @property
    def payable(self) -> int:
        return self.line.payable if self.line else 0


def changes(year: DecidedYear, facts: Iterable[SettlementFact], so_far: SoFar) -> list[Change]:
    """What differs between the year as decided now and as it stood. `facts` are the policy's, replaced ones too."""
    found: list[Change] = []
    seen: set[tuple[int, str]] = set()
    for fact in year.facts:
        decision = year.decision_of(fact)
        for line in decision.benefits if decision else ():
            key = fact.pk, line.benefit
            seen.add(key)
            before = so_far.get(key)
            if before is None:
                found.append(Change(fact, line.benefit, 1, line, 0))
            elif before.payable != line.payable:
                found.append(Change(fact, line.benefit, before.version + 1, line, before.payable))
    fact_by_pk = {fact.pk: fact for fact in facts}
    for key, before in so_far.items():
        if before.payable and key not in seen:
            found.append(Change(fact_by_pk[key[0]], key[1], before.version + 1, None, before.payable))
    return found


def paid_so_far(terms: Terms, so_far: SoFar) -> tuple[dict[int, Paid], dict[int, int]]:
    """By settlement row, what stands as paid, and what its sender was answered."""
    allowances = {benefit.id for benefit in terms.program.benefits if benefit.allowance is not None}
    paid: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    answered: dict[int, int] = defaultdict(int)
    for (settlement, benefit), standing in so_far.items():
        beside = benefit in allowances
        paid[settlement][beside] += standing.payable
        answered[settlement] += 0 if beside else standing.answered
    return {settlement: Paid(*fen) for settlement, fen in paid.items()}, dict(answered)


def post_changes(year: DecidedYear, before: Before, new: Sequence[SettlementFact], moment: datetime) -> dict[int, Paid]:
    """Append what the new facts of a policy changed. Returns what was paid before, by settlement row.

    `new` are stored already; the last of them is named as the cause. Call it inside the transaction that locked the
    policy and read `before`.
    """
    policy, cause, everything = year.policy, new[-1], [*before.facts, *new]
    paid, answered = paid_so_far(year.terms, before.decisions)
    changed = changes(year, everything, before.decisions)
    was = paid, kept_by_senders(before.facts, answered)
    answered |= {fact.pk: year.indemnity_of(fact) for fact in new}
    claims = claims_between(year, everything, was, (paid_in(year), kept_by_senders(everything, answered)))
    if not changed and not claims:
        return paid
    BenefitDecisionVersion.objects.queue_values(
        _VERSION, (_version(policy, change, cause, moment) for change in changed)
    )
    name = f"settlement:{cause.client.code}:{cause.setl_id}"
    entries = claim_entries(city=policy.city, table=before.shares, cause=name, claims=claims)
    post(city=policy.city, entries=entries, at=moment)
    message = {"template": "claim_decided", "policy": policy.number, "resident": policy.insured_id}
    enqueue(city=policy.city, kind="notice", key=f"claim-{cause.pk}", payload=message)
    return paid


_VERSION = (
    *("city", "policy", "settlement", "cause", "benefit", "version"),
    *("base", "deductible_applied", "excess", "payable", "change", "decided_at"),
)


def _version(policy: Policy, change: Change, cause: SettlementFact, moment: datetime) -> tuple[Any, ...]:
    """The fields of `_VERSION`. What a bill is answered is the version of which it is the cause itself."""
    line = change.line
    base, deductible, excess = (line.base, line.deductible_applied, line.excess) if line else (0, 0, 0)
    return (
        *(policy.city_id, policy.pk, change.fact.pk, cause.pk, change.benefit, change.version),
        *(base, deductible, excess, change.payable, change.payable - change.before, moment),
    )
