"""What new facts change in a policy's year. Postings, answers, messages and verification are all made from this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huimin.adjudication import BenefitDecision
from huimin.platform.catalogue.api import Terms
from huimin.platform.claims.known import SoFar
from huimin.platform.claims.member_year import DecidedYear, decide_year
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import Paid
from huimin.platform.enrolment.api import PolicyFacts

__all__ = ["ChangedLine", "YearBefore", "YearChange", "change_of_year", "changed_lines", "year_before"]


@dataclass(frozen=True, slots=True)
class YearBefore:
    """A policy's year as it is in the database."""

    facts: tuple[SettlementFact, ...]
    """By arrival, replaced ones too."""
    decisions: SoFar
    paid: Mapping[int, Paid]
    """By settlement row, what is paid according to the stored decisions."""
    answered: Mapping[int, int]
    """By settlement row, what its sender was answered, in fen."""

    @property
    def payable(self) -> int:
        """What the plan pays in the year, in fen."""
        return sum(standing.payable for standing in self.decisions.values())


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A benefit's payment on a settlement that differs from what was decided before, or is decided the first time."""

    fact: SettlementFact
    benefit: str
    version: int
    line: BenefitDecision | None
    """None when the settlement no longer counts: it was reversed or corrected."""
    before: int
    """In fen, like `payable`."""

    @property
    def payable(self) -> int:
        return self.line.payable if self.line else 0


@dataclass(frozen=True, slots=True)
class YearChange:
    """A policy's year without and with new facts, decided and not stored."""

    before: YearBefore
    after: DecidedYear
    lines: tuple[ChangedLine, ...]
    new: tuple[SettlementFact, ...] = ()
    """The new facts; the last of them is the cause. If there are none, every line is a mistake in the stored
    decisions.
    """

    @property
    def facts(self) -> tuple[SettlementFact, ...]:
        """All facts of the policy with the new ones, by arrival, replaced ones too."""
        return self.before.facts + self.new

    def difference(self) -> int:
        """How much more the plan pays in this year than before, in fen (less: below zero)."""
        return sum(decision.payable for decision in self.after.result.decisions) - self.before.payable


def change_of_year(
    policy: PolicyFacts, facts: Sequence[SettlementFact], decisions: SoFar, new: Sequence[SettlementFact] = ()
) -> YearChange:
    """Decide the year with the new facts. `facts` and `decisions` are everything the policy had before them."""
    after = decide_year(policy, [*facts, *new])
    before = year_before(after.terms, facts, decisions)
    return YearChange(before, after, tuple(changed_lines(after, before.facts, decisions)), tuple(new))


def year_before(terms: Terms, facts: Sequence[SettlementFact], decisions: SoFar) -> YearBefore:
    allowances = {benefit.id for benefit in terms.program.benefits if benefit.allowance is not None}
    paid: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    answered: dict[int, int] = defaultdict(int)
    for (settlement, benefit), standing in decisions.items():
        beside = benefit in allowances
        paid[settlement][beside] += standing.payable
        answered[settlement] += 0 if beside else standing.answered
    of_bills = {settlement: Paid(*fen) for settlement, fen in paid.items()}
    return YearBefore(tuple(facts), decisions, of_bills, dict(answered))


def changed_lines(after: DecidedYear, facts: Iterable[SettlementFact], so_far: SoFar) -> list[ChangedLine]:
    """What differs between the year as decided now and as it is stored. `facts` are the stored ones, replaced ones too.

    New facts may have no keys yet, so that nothing is stored for them.
    """
    found: list[ChangedLine] = []
    seen: set[tuple[int, str]] = set()
    for fact in after.facts:
        decision = after.decision_of(fact)
        for line in decision.benefits if decision else ():
            key = fact.pk, line.benefit
            seen.add(key)
            before = so_far.get(key)
            if before is None:
                found.append(ChangedLine(fact, line.benefit, 1, line, 0))
            elif before.payable != line.payable:
                found.append(ChangedLine(fact, line.benefit, before.version + 1, line, before.payable))
    fact_by_pk = {fact.pk: fact for fact in facts}
    for key, before in so_far.items():
        if before.payable and key not in seen:
            found.append(ChangedLine(fact_by_pk[key[0]], key[1], before.version + 1, None, before.payable))
    return found
