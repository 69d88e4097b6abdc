"""The answer to a settlement. It is computed from facts alone, so that a repeat gets the same answer."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from huimin.adjudication import Decision
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.known import SoFar, Standing
from huimin.platform.claims.member_year import DecidedYear, decide_year
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.year_change import YearChange, change_of_year
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.ledger.api import Owed

__all__ = [
    "ChangedBill",
    "SettlementAnswer",
    "SettlementStatus",
    "answer_as_of",
    "answer_of",
    "as_decided",
    "waiting_answer",
]


NOTHING_OWED = Owed(0, 0)


class SettlementStatus(enum.StrEnum):
    ADJUDICATED = "adjudicated"
    UNDECIDED = "undecided"
    CANCELLED = "cancelled"
    REVERSAL = "reversal"
    REVERSAL_WAITING = "reversal_waiting"


@dataclass(frozen=True, slots=True)
class ChangedBill:
    """An earlier bill of the same sender on which the plan now pays another amount. Amounts in fen."""

    setl_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SettlementAnswer:
    """The answer that a sender gets to its bill or reversal."""

    setl_id: str
    status: SettlementStatus
    policy_number: str = ""
    """Empty as long as a reversal waits for its bill."""
    owed: Owed = NOTHING_OWED
    """What the sender credits the patient with at the counter, and what is paid to the insured directly."""
    terms: Terms | None = None
    decision: Decision | None = None
    """None for a reversal and for a cancelled bill, since these are not decided."""
    changed: tuple[ChangedBill, ...] = ()

    @property
    def payable(self) -> int:
        """Fen."""
        return self.decision.payable if self.decision else 0


def answer_of(change: YearChange, fact: SettlementFact) -> SettlementAnswer:
    """The answer to a fact of the changed year, once it has been stored."""
    year, decision = change.after, change.after.decision_of(fact)
    return SettlementAnswer(
        setl_id=fact.setl_id,
        status=_status(year, fact, decision),
        policy_number=year.policy.number,
        owed=_owed(year, fact),
        terms=year.terms,
        decision=decision,
        changed=_changed(change, fact),
    )


def answer_as_of(policy: PolicyFacts, facts: Sequence[SettlementFact], fact: SettlementFact) -> SettlementAnswer:
    """The answer that was given when `fact` arrived. Later facts, which have larger keys, are left out, and so is what
    was learned of the member since.
    """
    earlier, known = [other for other in facts if other.pk < fact.pk], policy.as_known_at(fact.pk)
    stood = as_decided(decide_year(known, earlier))
    return answer_of(change_of_year(known, earlier, stood, [fact]), fact)


def waiting_answer(fact: SettlementFact) -> SettlementAnswer:
    """The answer to a reversal whose bill has not come."""
    return SettlementAnswer(fact.setl_id, SettlementStatus.REVERSAL_WAITING)


def as_decided(year: DecidedYear) -> SoFar:
    """A year's decisions as if they were stored. Version numbers and first answers are not used here and not filled
    in.
    """
    return {
        (fact.pk, line.benefit): Standing(0, line.payable, 0)
        for fact in year.facts
        if (decision := year.decision_of(fact)) is not None
        for line in decision.benefits
    }


def _status(year: DecidedYear, fact: SettlementFact, decision: Decision | None) -> SettlementStatus:
    if decision is not None:
        return SettlementStatus.UNDECIDED if decision.undecided else SettlementStatus.ADJUDICATED
    if fact.reverses is None:
        return SettlementStatus.CANCELLED
    named = (fact.payee, fact.reverses)
    there = any((other.payee, other.setl_id) == named for other in year.facts)
    return SettlementStatus.REVERSAL if there else SettlementStatus.REVERSAL_WAITING


def _owed(year: DecidedYear, fact: SettlementFact) -> Owed:
    indemnity, allowances = year.indemnity_of(fact), year.allowances_of(fact)
    to_sender = 0 if fact.decided_afterwards else indemnity
    return Owed(to_sender, indemnity + allowances - to_sender)


def _changed(change: YearChange, fact: SettlementFact) -> tuple[ChangedBill, ...]:
    """The sender's other bills that this fact changed. It may not see those of other senders."""
    year, found = change.after, {}
    for line in change.lines:
        other = line.fact
        if other.client_id == fact.client_id and other.setl_id != fact.setl_id and other in year.facts:
            decision, paid = year.decision_of(other), change.before.paid.get(other.pk)
            before, after = paid.payable if paid else 0, decision.payable if decision else 0
            if before != after:
                found[other.setl_id] = ChangedBill(other.setl_id, before, after)
    return tuple(found[setl_id] for setl_id in sorted(found))
