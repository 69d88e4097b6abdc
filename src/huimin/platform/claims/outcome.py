"""The outcome of a message. It is worked out first and stored afterwards, so that a person can look at it in
between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huimin.errors import Refusal
from huimin.platform.claims.answers import SettlementAnswer, answer_of, waiting_answer
from huimin.platform.claims.known import Known
from huimin.platform.claims.member_year import DecidedYear, standing
from huimin.platform.claims.messages import Message, fact_again, fact_of, withdrawal_of
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.placing import policy_of_bill, reversed_bill
from huimin.platform.claims.posting import post_change
from huimin.platform.claims.waiting import Misfit, set_aside, waiting_for
from huimin.platform.claims.year_change import YearChange, change_of_year
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.clock import FUTURE_TOLERANCE
from huimin.platform.pool.api import ShareTable
from huimin.settlement import Settlement, check_amounts

__all__ = ["Outcome", "WouldPay", "work_out"]


@dataclass(frozen=True, slots=True)
class WouldPay:
    """What an outcome would pay, in fen. Two are equal only if every figure is."""

    bill: int
    """What the plan would pay on the bill itself."""
    years: Mapping[str, int]
    """By policy number, how much more it would pay in the year than now (less: below zero)."""

    def amount(self) -> int:
        """The amount that is at stake: the payment on the bill, or the change of the years if that is more."""
        return max(self.bill, sum(abs(fen) for fen in self.years.values()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a message: its fact, and the years that change.

    A reversal that waits for its bill is in no year. It changes a year only if it corrects a bill, which then leaves
    that year.
    """

    fact: SettlementFact
    changes: tuple[YearChange, ...]
    """The years that change. If the fact is in a year, that year is the last."""
    shares: Mapping[int, ShareTable]
    """By plan year, the shares by which insurers bear the changes."""
    misfits: tuple[Misfit, ...] = ()
    """Reversals that waited for this bill but cannot reverse it. They are set aside for a person when it is stored."""

    def would_pay(self) -> WouldPay:
        """What would be paid if the outcome was stored now."""
        pays = self.changes[-1].after.decision_of(self.fact) if self.changes else None
        years = {change.after.policy.number: change.difference() for change in self.changes}
        return WouldPay(pays.payable if pays else 0, years)

    def store(self, moment: datetime) -> None:
        """Store the fact and post what it changes. Call it inside the transaction that locked the policies."""
        set_aside(self.misfits, moment)
        for change in self.changes:
            post_change(change, self.shares[change.after.policy.plan_year_id], moment)
        if self.fact.policy_id is None:
            SettlementFact.objects.insert([self.fact])

    def answer(self) -> SettlementAnswer:
        """The answer to the sender once it has been stored."""
        if self.fact.policy_id is None:
            return waiting_answer(self.fact)
        return answer_of(self.changes[-1], self.fact)


def work_out(message: Message, policies: Sequence[PolicyFacts], known: Known, moment: datetime) -> Outcome | Refusal:
    """The outcome of a message, or why it is held. `policies` are those of its member, and of the member it had before.

    If a fact of this sender and id is known the message corrects it and takes its place.
    """
    own = [policy for policy in policies if policy.psn_no == message.settlement.psn_no]
    place = _inadmissible(message.settlement, own, moment) or _place_of(message, own, policies, known)
    if isinstance(place, Refusal):
        return place
    last = next(reversed(known.of_id(message)), None)
    left = _left_year(last, place.policy, policies, known, message, moment)
    revision = 0 if last is None else last.revision + (2 if left else 1)
    fact = fact_of(message, place.policy, place.payee, moment, revision)
    waiting = waiting_for(fact, known.facts)
    if place.policy is None:
        return Outcome(fact, (left,) if left else (), known.shares, waiting.misfits)
    moving = _moving(fact, known.facts, place.policy)
    joining = [*moving, *(fact_again(row, place.policy, fact) for row in waiting.fits)]
    change = _year_with([*joining, fact], known, place.policy)
    refusal = _refusal_of(change.after, fact)
    return refusal or Outcome(fact, (left, change) if left else (change,), known.shares, waiting.misfits)


def _inadmissible(settlement: Settlement, policies: Sequence[PolicyFacts], moment: datetime) -> Refusal | None:
    """Why a message is held before its year is decided. A reversal's amounts are not used, so they are not checked."""
    unreadable_date = settlement.fault is not None and settlement.fault.code == "bad_date"
    if unreadable_date or settlement.reverses is None:
        refusal = check_amounts(settlement)
        if refusal is not None:
            return refusal
    if timezone.make_aware(settlement.setl_time) > moment + FUTURE_TOLERANCE:
        reason = f"setl_time is {settlement.setl_time}, which is still to come"
        return Refusal(settlement.setl_id, "settlement_in_future", reason, {"found": str(settlement.setl_time.date())})
    if not policies:
        return Refusal(settlement.setl_id, "unknown_member", "no policy has this psn_no")
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """The policy in whose year a message counts, and the sender whose bill it is about."""

    policy: PolicyFacts | None
    """None for a reversal whose bill has not come yet."""
    payee: str


def _place_of(
    message: Message, own: Sequence[PolicyFacts], policies: Sequence[PolicyFacts], known: Known
) -> _Place | Refusal:
    settlement, client = message.settlement, message.client
    if settlement.reverses is None:
        policy = policy_of_bill(settlement, own)
        return policy if isinstance(policy, Refusal) else _Place(policy, client.code)
    target = reversed_bill(settlement, client, known.facts)
    if isinstance(target, Refusal):
        return target
    if target is None:
        return _Place(None, client.code)
    return _Place(next(policy for policy in policies if policy.id == target.policy_id), target.payee)


def _left_year(
    last: SettlementFact | None,
    place: PolicyFacts | None,
    policies: Sequence[PolicyFacts],
    known: Known,
    message: Message,
    moment: datetime,
) -> YearChange | None:
    """The change of the year that a corrected bill leaves, if it now belongs to another one."""
    if last is None or last.policy_id is None or (place is not None and place.id == last.policy_id):
        return None
    policy = next(policy for policy in policies if policy.id == last.policy_id)
    return _year_with([withdrawal_of(last, policy, message.digest, moment)], known, policy)


def _year_with(new: Sequence[SettlementFact], known: Known, policy: PolicyFacts) -> YearChange:
    return change_of_year(policy, known.of_policy(policy), known.decisions.get(policy.id, {}), new)


def _moving(fact: SettlementFact, rows: Sequence[SettlementFact], place: PolicyFacts) -> list[SettlementFact]:
    """The reversals of this bill in the year that it leaves. They move to its new year with it."""
    if fact.reverses is not None:
        return []
    return [
        fact_again(row, place, fact)
        for row in standing(rows)
        if row.reverses == fact.setl_id and row.policy_id not in (None, place.id) and row.payee == fact.payee
    ]


def _refusal_of(year: DecidedYear, fact: SettlementFact) -> Refusal | None:
    """Why the core refuses this fact.

    The sender and the bureau may each reverse a bill, in either order. The second reversal only repeats the first and
    changes nothing (ADR 27). A second reversal by the same one is refused.
    """
    refusal = year.refusal_of(fact)
    if refusal is None:
        return None
    if refusal.code == "already_reversed":
        own = [
            other
            for other in year.facts
            if other is not fact and (other.client_id, other.reverses) == (fact.client_id, fact.reverses)
        ]
        if not own:
            return None
    return refusal
