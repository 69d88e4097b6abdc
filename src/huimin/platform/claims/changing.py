"""What a message would change of a member's years: worked out first, stored afterwards, so that it can be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huimin.errors import Refusal
from huimin.platform.claims.known import Known
from huimin.platform.claims.member_year import DecidedYear, decide_year, standing
from huimin.platform.claims.messages import Message, fact_again, fact_of, withdrawal_of
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import Paid
from huimin.platform.claims.placing import policy_of_bill, reversed_bill, terms_of_policy
from huimin.platform.claims.posting import Before, post_changes
from huimin.platform.claims.waiting import Misfit, set_aside, waiting_for
from huimin.platform.enrolment.api import Policy
from huimin.platform.foundation.clock import FUTURE_TOLERANCE
from huimin.settlement import Settlement, check_amounts

__all__ = [
    "Outcome",
    "WouldPay",
    "YearChange",
    "inadmissible",
    "work_out",
]


@dataclass(frozen=True, slots=True)
class YearChange:
    """One policy's year with new facts, decided and not stored."""

    before: Before
    new: tuple[SettlementFact, ...]
    year: DecidedYear

    def difference(self) -> int:
        """What the plan would pay more (less: below zero) in this year than now, in fen."""
        total = sum(decision.payable for decision in self.year.result.decisions)
        return total - self.before.payable

    def store(self, moment: datetime) -> dict[int, Paid]:
        """Returns what was paid before, by settlement row."""
        SettlementFact.objects.insert(self.new)
        return post_changes(self.year, self.before, self.new, moment)


@dataclass(frozen=True, slots=True)
class WouldPay:
    """What an outcome would pay, in fen: two are equal only if every figure is."""

    bill: int
    """What the plan would pay on the bill itself."""
    years: Mapping[str, int]
    """By policy number, what it would pay more (less: below zero) in the year than now."""

    def amount(self) -> int:
        """What it is about: the payment on the bill, or what the years change if that is more."""
        return max(self.bill, sum(abs(fen) for fen in self.years.values()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a message: its fact, and the years that change. A reversal without its bill changes none."""

    fact: SettlementFact
    changes: tuple[YearChange, ...]
    misfits: tuple[Misfit, ...] = ()
    """Reversals that waited for it and cannot be right: they are set aside for a person when it is stored."""

    def would_pay(self) -> WouldPay:
        """What would be paid if it was stored now."""
        pays = self.changes[-1].year.decision_of(self.fact) if self.changes else None
        years = {change.year.policy.number: change.difference() for change in self.changes}
        return WouldPay(pays.payable if pays else 0, years)

    def store(self, moment: datetime) -> dict[int, Paid]:
        """Returns what was paid before in the year of the fact, by settlement row."""
        set_aside(self.misfits, moment)
        if not self.changes:
            SettlementFact.objects.insert([self.fact])
        paid: dict[int, Paid] = {}
        for change in self.changes:
            paid = change.store(moment)
        return paid


def inadmissible(settlement: Settlement, policies: Sequence[Policy], moment: datetime) -> Refusal | None:
    """Why a message is held before its year is looked at. A reversal's amounts decide nothing and are not checked."""
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


def work_out(message: Message, policies: Sequence[Policy], known: Known, moment: datetime) -> Outcome | Refusal:
    """What comes of a message that is admissible; or why it is held.

    A fact of this sender and id that is known is corrected: the message takes its place.
    """
    settlement, client, rows = message.settlement, message.client, known.facts
    earlier = [row for row in rows if (row.client_id, row.setl_id) == (client.pk, settlement.setl_id)]
    last = earlier[-1] if earlier else None
    own = [policy for policy in policies if policy.psn_no == settlement.psn_no]
    if settlement.reverses is None:
        place: Policy | Refusal | None = policy_of_bill(settlement, own)
        payee = client.code
    else:
        target = reversed_bill(settlement, client, rows)
        if isinstance(target, Refusal):
            return target
        place = next(policy for policy in policies if policy.pk == target.policy_id) if target is not None else None
        payee = target.payee if target is not None else client.code
    if isinstance(place, Refusal):
        return place
    left = _left_year(last, place, policies, known, message, moment)
    revision = 0 if last is None else last.revision + (2 if left else 1)
    fact = fact_of(message, place, payee, moment, revision)
    waiting = waiting_for(fact, rows)
    if place is None:
        return Outcome(fact, (left,) if left else (), waiting.misfits)
    joining = [*_moving(fact, rows, place), *(fact_again(row, place, fact) for row in waiting.fits)]
    change = _year_with([*joining, fact], known, place)
    refusal = _refusal_of(change.year, fact)
    return refusal or Outcome(fact, (left, change) if left else (change,), waiting.misfits)


def _left_year(
    last: SettlementFact | None,
    place: Policy | None,
    policies: Sequence[Policy],
    known: Known,
    message: Message,
    moment: datetime,
) -> YearChange | None:
    """The year that a corrected bill leaves, when it belongs to another one now."""
    if last is None or last.policy_id is None or (place is not None and place.pk == last.policy_id):
        return None
    policy = next(policy for policy in policies if policy.pk == last.policy_id)
    return _year_with([withdrawal_of(last, policy, message.digest, moment)], known, policy)


def _year_with(new: Sequence[SettlementFact], known: Known, policy: Policy) -> YearChange:
    facts = tuple(row for row in known.facts if row.policy_id == policy.pk)
    before = Before(facts, known.decisions.get(policy.pk, {}), known.shares[policy.plan_year_id])
    return YearChange(before, tuple(new), decide_year(terms_of_policy(policy), policy, [*facts, *new]))


def _moving(fact: SettlementFact, rows: Sequence[SettlementFact], place: Policy) -> list[SettlementFact]:
    """The reversals of this bill that stand in the year that it left: they move to its new year with it."""
    if fact.reverses is not None:
        return []
    return [
        fact_again(row, place, fact)
        for row in standing(rows)
        if row.reverses == fact.setl_id and row.policy_id not in (None, place.pk) and row.payee == fact.payee
    ]


def _refusal_of(year: DecidedYear, fact: SettlementFact) -> Refusal | None:
    """Why the core refuses this fact.

    A sender's own reversal counts also where the bureau reversed the bill before: it says that the sender gave the
    payment up.
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
        if fact.payee == fact.client.code and not own:
            return None
    return refusal
