"""What adjudication says of a member's year. Amounts are whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from huimin.adjudication.tiers import Tiers
from huimin.errors import Refusal
from huimin.settlement import Settlement

__all__ = ["BenefitDecision", "Decision", "MemberYear"]


class BenefitDecision(NamedTuple):
    """What one benefit pays on one settlement.

    base = deductible_applied + excess. `excess_before` and `entitlement_before` are the benefit's of the year before
    this bill; an entitlement is what the tiers give, exact, in fen × basis points. `cuts` name what changed the
    payment, in order: (limit or rule, fen taken away; negative where rounding added).
    `tiers` are those that fit member and bill. An `allowance` is owed to the person, beside the bill.
    """

    benefit: str
    base: int
    deductible_applied: int
    excess: int
    excess_before: int
    entitlement_before: int
    cuts: tuple[tuple[str, int], ...]
    payable: int
    tiers: Tiers
    allowance: bool = False


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
