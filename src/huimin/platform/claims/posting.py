"""Writes what a changed year leads to: decision versions, journal entries of the differences, a message to the
resident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.claims.owing import claims_between, kept_by_senders, paid_in
from huimin.platform.claims.year_change import ChangedLine, YearChange
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.ledger.api import post
from huimin.platform.pool.api import Claim, ShareTable, claim_entries
from huimin.platform.tasks.api import enqueue

__all__ = ["post_change", "post_recalculated"]


def post_change(change: YearChange, shares: ShareTable, moment: datetime) -> None:
    """Store the new facts and append what they changed. Call it inside the transaction that locked the policy and read
    the year as it was before.
    """
    SettlementFact.objects.insert(change.new)
    policy, cause = change.after.policy, change.new[-1]
    claims = _owed_differently(change)
    if not change.lines and not claims:
        return
    BenefitDecisionVersion.objects.queue_values(
        _VERSION, (_version(policy, line, cause, moment) for line in change.lines)
    )
    name = f"settlement:{cause.client.code}:{cause.setl_id}"
    entries = claim_entries(city=policy.city, table=shares, cause=name, claims=claims)
    post(city=policy.city, entries=entries, at=moment)
    _pay(policy, claims, f"claim-{cause.pk}")
    message = {"template": "claim_decided", "policy": policy.number, "resident": policy.insured_id}
    enqueue(city=policy.city, kind="notice", key=f"claim-{cause.pk}", payload=message)


def _pay(policy: PolicyFacts, claims: Sequence[Claim], key: str) -> None:
    """Where another amount is owed to the insured than before, a worker pays it, or asks for what is too much."""
    if any(one.after.insured != one.before.insured for one in claims):
        enqueue(city=policy.city, kind="pay_claims", key=key, payload={"policy": policy.number})


def post_recalculated(change: YearChange, shares: ShareTable, cause: str, moment: datetime) -> None:
    """Append what differs in a year that was decided again without a new fact. `cause`: what it was decided again for,
    by its name in the journal. Call it as `post_change`.
    """
    policy, claims = change.after.policy, _owed_differently(change)
    if not change.lines and not claims:
        return
    names = tuple("recalculated_by" if name == "cause" else name for name in _VERSION)
    BenefitDecisionVersion.objects.queue_values(names, (_values(policy, line, cause, moment) for line in change.lines))
    post(
        city=policy.city,
        entries=claim_entries(city=policy.city, table=shares, cause=cause, claims=claims),
        at=moment,
    )
    _pay(policy, claims, f"claim-{cause}")
    message = {"template": "claim_decided", "policy": policy.number, "resident": policy.insured_id}
    enqueue(city=policy.city, kind="notice", key=f"claim-{cause}", payload=message)


def _owed_differently(change: YearChange) -> list[Claim]:
    """The bills for which other amounts are owed now. The new facts must be stored already, so that they have keys."""
    before, after = change.before, change.after
    answered = {**before.answered, **{fact.pk: after.indemnity_of(fact) for fact in change.new}}
    was = before.paid, kept_by_senders(before.facts, before.answered)
    now = paid_in(after), kept_by_senders(change.facts, answered)
    return claims_between(after, change.facts, was, now)


_VERSION = (
    *("city", "policy", "settlement", "cause", "benefit", "version"),
    *("base", "deductible_applied", "excess", "payable", "change", "decided_at"),
)


def _version(policy: PolicyFacts, changed: ChangedLine, cause: SettlementFact, moment: datetime) -> tuple[Any, ...]:
    """The values of the fields `_VERSION`. A version whose cause is the bill itself is what the bill was answered."""
    return _values(policy, changed, cause.pk, moment)


def _values(policy: PolicyFacts, changed: ChangedLine, cause: int | str, moment: datetime) -> tuple[Any, ...]:
    line = changed.line
    base, deductible, excess = (line.base, line.deductible_applied, line.excess) if line else (0, 0, 0)
    return (
        *(policy.city.pk, policy.id, changed.fact.pk, cause, changed.benefit, changed.version),
        *(base, deductible, excess, changed.payable, changed.payable - changed.before, moment),
    )
