"""A policy's year from its stored facts: which of them count, and what the core decides from those."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from django.utils import timezone

from huimin.adjudication import Decision, MemberYear, adjudicate
from huimin.adjudication.admission import as_the_plan_asks
from huimin.adjudication.applying import bill_day
from huimin.errors import Refusal
from huimin.platform.catalogue.api import Terms, terms_by_digest
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.api import PolicyFacts
from huimin.settlement import Settlement, care_from_row
from huimin.settlement.record import NOT_REPORTED

__all__ = ["DecidedYear", "as_settlement", "day_of", "decide_year", "standing", "terms_of_policy"]

Identity = tuple[int, str]
"""(key of the client, setl_id), since an id belongs to its sender."""
_APART = "\x1f"
"""Separates an id from its sender if two senders used the same id in a year. No id has this character."""
_SENDER = re.compile(f"{_APART}(?:[^{_APART}]*{_APART}[0-9]+)?")


@dataclass(frozen=True, slots=True)
class DecidedYear:
    """A policy's year: the facts that count, by arrival, and what the core decided from them."""

    policy: PolicyFacts
    terms: Terms
    facts: tuple[SettlementFact, ...]
    result: MemberYear
    ids: Mapping[Identity, str]
    """The id under which each fact was given to the core."""
    decisions: Mapping[str, Decision]

    def decision_of(self, fact: SettlementFact) -> Decision | None:
        return self.decisions.get(self.ids.get(_identity(fact), ""))

    def refusal_of(self, fact: SettlementFact) -> Refusal | None:
        """Why the core refuses this fact, in words that name ids as their senders do."""
        seen_as = self.ids[_identity(fact)]
        found = next((refusal for refusal in self.result.refused if refusal.setl_id == seen_as), None)
        if found is None:
            return None
        values = {name: _as_sent(text) for name, text in found.values.items()}
        return replace(found, setl_id=fact.setl_id, reason=_as_sent(found.reason), values=values)

    def indemnity_of(self, fact: SettlementFact) -> int:
        """What the plan pays on the bill itself, in fen, without allowances."""
        decision = self.decision_of(fact)
        return decision.payable - decision.allowances if decision else 0

    def allowances_of(self, fact: SettlementFact) -> int:
        decision = self.decision_of(fact)
        return decision.allowances if decision else 0


def standing(facts: Iterable[SettlementFact]) -> list[SettlementFact]:
    """The facts that count, of facts given by arrival: the last revision of each id of a sender, unless it is a
    withdrawal.
    """
    latest = {_identity(fact): fact for fact in facts}
    return [fact for fact in latest.values() if not fact.withdrawn]


def terms_of_policy(policy: PolicyFacts) -> Terms:
    """The terms under which the policy was sold."""
    return terms_by_digest(policy.city, policy.plan_year_id, policy.plan_digest)


def decide_year(policy: PolicyFacts, facts: Iterable[SettlementFact]) -> DecidedYear:
    """Decide the year. `facts` are all facts of the policy, by arrival; replaced ones are left out here."""
    terms, stands = terms_of_policy(policy), standing(facts)
    ids = _ids(stands)
    bills = {(fact.payee, fact.setl_id): ids[_identity(fact)] for fact in stands if fact.reverses is None}
    zone = timezone.get_current_timezone()
    settlements = [_settlement(fact, ids[_identity(fact)], _reversed_id(fact, bills), zone) for fact in stands]
    result = adjudicate(terms.program, as_the_plan_asks(terms.program, policy.member), settlements)
    decisions = {decision.settlement.setl_id: decision for decision in result.decisions}
    return DecidedYear(policy, terms, tuple(stands), result, ids, decisions)


def as_settlement(fact: SettlementFact) -> Settlement:
    """The fact as a settlement for the core, in local time, since days of cover are local days."""
    return _settlement(fact, fact.setl_id, fact.reverses, timezone.get_current_timezone())


def _settlement(fact: SettlementFact, setl_id: str, reverses: str | None, zone: tzinfo) -> Settlement:
    return Settlement(
        setl_id=setl_id,
        psn_no=fact.psn_no,
        setl_time=timezone.make_naive(fact.setl_time, zone),
        med_type=fact.med_type,
        amounts=fact.amounts,
        admission=fact.admission,
        discharge=fact.discharge,
        reverses=reverses,
        care=care_from_row(json.loads(fact.care)) if fact.care else NOT_REPORTED,
    )


def day_of(terms: Terms, fact: SettlementFact) -> date:
    """The day that places a bill in its cover year and selects the pool's shares. Every accepted bill has one."""
    day = bill_day(terms.program, as_settlement(fact))
    assert day is not None, "a bill without its day was held"  # noqa: S101
    return day


def _as_sent(text: str) -> str:
    """A sentence with ids as their senders know them, without the mark that separates two senders."""
    return _SENDER.sub("", text)


def _identity(fact: SettlementFact) -> Identity:
    return fact.client_id, fact.setl_id


def _ids(facts: Sequence[SettlementFact]) -> dict[Identity, str]:
    """An id for each fact that is unique in this year: its plain id, unless two senders used that."""
    used = Counter(fact.setl_id for fact in facts)
    return {
        _identity(fact): fact.setl_id
        if used[fact.setl_id] == 1
        else f"{fact.setl_id}{_APART}{fact.payee}{_APART}{fact.client_id}"
        for fact in facts
    }


def _reversed_id(fact: SettlementFact, bills: Mapping[tuple[str, str], str]) -> str | None:
    """The id of the bill that the fact reverses; an id that no fact has if that bill is not in this year."""
    if fact.reverses is None:
        return None
    return bills.get((fact.payee, fact.reverses), f"{fact.reverses}{_APART}")
