"""A year decided again because the member's facts were corrected: no bill came, and no bill changed.

What the hospitals were answered stays theirs; the differences are owed to the insured, or by them (ADR 18).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from huimin.platform.claims.known import decisions_so_far, facts_of_policy
from huimin.platform.claims.member_year import day_of, decide_year, terms_of_policy
from huimin.platform.claims.posting import post_recalculated
from huimin.platform.claims.year_change import change_of_year
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.pool.api import share_table

__all__ = ["YearAgain", "bills_after", "decided_again", "would_differ_from"]


@dataclass(frozen=True, slots=True)
class YearAgain:
    """A year decided again with other facts of its member, and not stored yet.

    `bills`: fen before and after of each bill that is paid differently, by the id that its sender gave it.
    `last_bill`: the key of the last bill of the policy by now, 0 for none.
    """

    bills: Mapping[str, tuple[int, int]]
    last_bill: int
    post: Callable[[str, datetime], None] = field(repr=False)
    """Posts what differs. It is given the name of the cause in the journal, and when. Call it in the transaction that
    locked the policy and worked it out."""

    @property
    def difference(self) -> int:
        """How much more the plan pays (less: below zero), in fen."""
        return sum(after - before for before, after in self.bills.values())


def decided_again(policy: PolicyFacts) -> YearAgain:
    """The year of a policy decided with the facts that this `policy` has. Nothing is stored."""
    change = change_of_year(policy, facts_of_policy(policy), decisions_so_far(policy))
    bills: dict[str, list[int]] = {}
    for line in change.lines:
        fen = bills.setdefault(line.fact.setl_id, [0, 0])
        fen[0] += line.before
        fen[1] += line.payable
    last = max((fact.pk for fact in change.facts), default=0)
    decided = {bill: (before, after) for bill, (before, after) in bills.items()}
    shares = share_table(policy.city, policy.plan_year_id)
    return YearAgain(decided, last, lambda cause, at: post_recalculated(change, shares, cause, at))


def would_differ_from(policy: PolicyFacts, other: PolicyFacts, day: date) -> list[str]:
    """The bills of `day` or later that the two facts of one policy decide differently, by their senders' ids."""
    facts = [fact for fact in facts_of_policy(policy) if not fact.withdrawn]
    if not facts:
        return []
    one, two = decide_year(policy, facts), decide_year(other, facts)
    return [
        fact.setl_id
        for fact in one.facts
        if fact.reverses is None
        and day_of(one.terms, fact) >= day
        and (one.indemnity_of(fact), one.allowances_of(fact)) != (two.indemnity_of(fact), two.allowances_of(fact))
    ]


def bills_after(policy: PolicyFacts, day: date) -> dict[str, date]:
    """The bills of the policy that count on days after this one, by their senders' ids, with the day of each."""
    terms, found = terms_of_policy(policy), {}
    for fact in decide_year(policy, facts_of_policy(policy)).facts:
        if fact.reverses is None and (of := day_of(terms, fact)) > day:
            found[fact.setl_id] = of
    return found
