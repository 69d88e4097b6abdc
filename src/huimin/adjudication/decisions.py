"""What adjudication says of a member's year. Amounts are whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from huimin.errors import Refusal
from huimin.settlement import Settlement

if TYPE_CHECKING:
    from huimin.adjudication.applying import Applied
    from huimin.adjudication.program import LimitProgram
    from huimin.adjudication.tiers import Tiers

__all__ = ["BenefitDecision", "Cut", "Decision", "MemberYear"]


class Cut(NamedTuple):
    """What changed a payment, and by how many fen; negative where rounding added.

    rule: rounding | settlement_limit | day_limit | month_limit | year_limit | life_limit | personal | minimum.
    """

    rule: str
    amount: int
    limit: LimitProgram | None = None


class BenefitDecision(NamedTuple):
    """What one benefit pays on one settlement.

    base = deductible_applied + excess. `excess_before` and `entitlement_before` are the benefit's of the year before
    this bill; an entitlement is what the tiers give, exact, in fen × basis points. `cuts` are in order. `applied` are
    the alternatives of the benefit's terms that fit member and bill. An `allowance` is owed to the person, beside the
    bill.
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
        """Those that fit, moved by the deductible and adjusted."""
        return self.applied.tiers or ()


class Decision(NamedTuple):
    """What the plan pays on one settlement: one entry for each benefit that applies, in the plan's order.

    `undecided` are benefits that apply and whose terms for this member and bill are not known: they pay nothing by
    themselves, and nothing that is left of them is paid by another. `excluded` are the exclusions that kept some
    benefit from applying.
    """

    settlement: Settlement
    benefits: tuple[BenefitDecision, ...]
    undecided: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def payable(self) -> int:
        return sum(benefit.payable for benefit in self.benefits)

    @property
    def allowances(self) -> int:
        """The part of `payable` that is owed to the person beside the bill."""
        return sum(benefit.payable for benefit in self.benefits if benefit.allowance)


@dataclass(frozen=True, slots=True)
class MemberYear:
    """Every settlement given is in exactly one of the first three, repeats counted.

    `paid_for_life` are the fen paid by limits for life, this year's and earlier ones', by the limit's pool.
    """

    decisions: tuple[Decision, ...]
    cancelled: tuple[Settlement, ...]
    refused: tuple[Refusal, ...]
    paid_for_life: tuple[tuple[str, int], ...] = ()
