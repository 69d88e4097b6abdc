"""What new facts change in a year: decision versions, journal entries of the differences, a message to the resident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from huimin.adjudication import BenefitDecision
from huimin.platform.catalogue.selectors import Terms
from huimin.platform.claims.member_year import DecidedYear
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.claims.owing import Paid, claims_between, kept_by_senders, paid_in
from huimin.platform.enrolment.models import Policy
from huimin.platform.ledger.services import post
from huimin.platform.pool.services import claim_entries
from huimin.platform.tasks.services import enqueue

__all__ = ["Change", "Standing", "changes", "decisions_so_far", "paid_so_far", "payable_so_far", "post_changes"]


class Standing(NamedTuple):
    """What stands of one benefit on one settlement: the last version, what it pays, and what was answered at first."""

    version: int
    payable: int
    answered: int


SoFar = Mapping[tuple[int, str], Standing]
"""By settlement row and benefit."""


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


def decisions_so_far(policy: Policy) -> SoFar:
    """What stands for each settlement and benefit of the policy. One statement.

    The answer is what the version pays that the settlement itself brought about.
    """
    sums = (
        "MAX(version), CAST(SUM(change) AS BIGINT), "
        "CAST(SUM(CASE WHEN cause_id = settlement_id THEN payable ELSE 0 END) AS BIGINT)"
    )
    rows = BenefitDecisionVersion.objects.grouped(
        policy.city, ("settlement", "benefit"), sums, "policy_id = %s", policy.pk
    )
    return {(settlement, benefit): Standing(*numbers) for settlement, benefit, *numbers in rows}


def payable_so_far(policy: Policy) -> int:
    """What the plan pays on the policy's year as it stands, in fen."""
    return sum(standing.payable for standing in decisions_so_far(policy).values())


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


def post_changes(
    year: DecidedYear, rows: Sequence[SettlementFact], new: Sequence[SettlementFact], moment: datetime
) -> dict[int, Paid]:
    """Append what the new facts of a policy changed. Returns what was paid before, by settlement row.

    `rows` are the policy's facts before. `new` are stored already; the last of them is named as the cause. Call it
    inside the transaction that locked the policy.
    """
    policy, cause, everything = year.policy, new[-1], [*rows, *new]
    so_far = decisions_so_far(policy) if rows else {}
    paid, answered = paid_so_far(year.terms, so_far)
    changed = changes(year, everything, so_far)
    before = paid, kept_by_senders(rows, answered)
    answered |= {fact.pk: year.indemnity_of(fact) for fact in new}
    claims = claims_between(year, everything, before, (paid_in(year), kept_by_senders(everything, answered)))
    if not changed and not claims:
        return paid
    BenefitDecisionVersion.objects.queue_values(
        _VERSION, (_version(policy, change, cause, moment) for change in changed)
    )
    name = f"settlement:{cause.client.code}:{cause.setl_id}"
    entries = claim_entries(city=policy.city, plan_year_id=policy.plan_year_id, cause=name, claims=claims)
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
