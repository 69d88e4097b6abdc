"""The results of adjudicating a member's year. Amounts are whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from huimin.adjudication.program import NOT_COVERED
from huimin.errors import Refusal
from huimin.settlement import Settlement

if TYPE_CHECKING:
    from huimin.adjudication.applying import Applied
    from huimin.adjudication.program import LimitProgram
    from huimin.adjudication.tiers import Tiers

__all__ = ["BenefitDecision", "Cut", "Decision", "DecisionLine", "MemberYear", "UndecidedBenefit"]


class Cut(NamedTuple):
    """A rule that reduced a payment, and by how many fen; negative where rounding increased it.

    rule: rounding | settlement_limit | day_limit | month_limit | year_limit | life_limit | personal | minimum.
    """

    rule: str
    amount: int
    limit: LimitProgram | None = None


class BenefitDecision(NamedTuple):
    """What one benefit pays on one settlement.

    base = deductible_applied + excess. `excess_before` and `entitlement_before` are what the benefit had in this year
    before this bill. An entitlement is what the tiers pay before rounding, in fen × basis points. `cuts` are in the
    order in which they were made. `applied` has the alternatives of the benefit's terms that fit the member and bill.
    An `allowance` is paid to the person and is not part of the bill.
    """

    benefit: str
    base: int
    deductible_applied: int
    excess: int
    excess_before: int
    entitlement_before: int
    cuts: tuple[Cut, ...]
    payable: int
    applied: Applied
    allowance: bool = False

    @property
    def tiers(self) -> Tiers:
        """The tiers that fit, moved by the deductible and with adjusted rates."""
        return self.applied.tiers


class DecisionLine(NamedTuple):
    """A row of a decision, as files and the API's answers have it. Amounts in fen."""

    benefit: str
    base: int
    deductible_applied: int
    excess: int
    payable: int


class UndecidedBenefit(NamedTuple):
    """A benefit that applies or may apply to a bill, but whose payment cannot be computed because a term is unknown.

    `term` is what is not known: terms (all of them), deductible, tiers, item_list, or earlier_benefit (a benefit whose
    payment is subtracted is undecided). `reason` is the plan file's own words for why; for earlier_benefit it is that
    benefit's id.
    """

    benefit: str
    term: str
    reason: str

    @property
    def why(self) -> str:
        """The reason as a sentence, in English."""
        return f"what {self.reason} pays is undecided" if self.term == "earlier_benefit" else self.reason


class Decision(NamedTuple):
    """What the plan pays on one settlement: one entry for each benefit that is decided on it, in the plan's order.

    With one or more `undecided` benefits the whole bill counts as undecided. An undecided benefit pays nothing, and no
    other benefit pays in its place. `excluded` are the exclusions that kept some benefit from applying.
    """

    settlement: Settlement
    benefits: tuple[BenefitDecision, ...]
    undecided: tuple[UndecidedBenefit, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether some benefit applies or may apply. A bill to which none applies is adjudicated too: it is paid
        nothing.
        """
        return bool(self.benefits or self.undecided)

    @property
    def lines(self) -> tuple[DecisionLine, ...]:
        """The rows of the decision: one for each benefit, or a single row that says that none applies."""
        if not self.covered:
            return (DecisionLine(NOT_COVERED, 0, 0, 0, 0),)
        return tuple(
            DecisionLine(one.benefit, one.base, one.deductible_applied, one.excess, one.payable)
            for one in self.benefits
        )

    @property
    def payable(self) -> int:
        return sum(benefit.payable for benefit in self.benefits)

    @property
    def allowances(self) -> int:
        """The part of `payable` that is paid to the person as allowances and is not part of the bill."""
        return sum(benefit.payable for benefit in self.benefits if benefit.allowance)


@dataclass(frozen=True, slots=True)
class MemberYear:
    """Every settlement that was given, repeats too, is in exactly one of the first three fields.

    `decisions` are those of adjudicated bills and of undecided ones, together in the order of the year.
    `paid_for_life`: fen paid under lifetime limits in this year and earlier ones, by the limit's pool.
    """

    decisions: tuple[Decision, ...]
    cancelled: tuple[Settlement, ...]
    refused: tuple[Refusal, ...]
    paid_for_life: tuple[tuple[str, int], ...] = ()

    @property
    def adjudicated(self) -> int:
        """The number of bills that are decided in all their benefits."""
        return len(self.decisions) - len(self.undecided)

    @property
    def undecided(self) -> tuple[Decision, ...]:
        """The decisions in which at least one benefit is undecided."""
        return tuple(decision for decision in self.decisions if decision.undecided)
