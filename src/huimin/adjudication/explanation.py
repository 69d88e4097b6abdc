"""How a decision was reached: steps whose amounts add up to the bill.

`parts` divide the whole bill among those who pay it; the steps of each benefit show how its part came about:
base = deductible + portions of the tiers, and payable = the tiers' payments − cuts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from huimin.adjudication.decisions import BenefitDecision, Decision, UndecidedBenefit
from huimin.adjudication.program import BenefitProgram, Program
from huimin.adjudication.reasons import (
    Reason,
    reasons_of_cut,
    reasons_of_deductible,
    reasons_of_rate,
    source_of_cut,
    source_of_tier,
)
from huimin.adjudication.tiers import rounded_to_fen, tier_portions
from huimin.settlement import Settlement, quantity

__all__ = ["Explanation", "Part", "Step", "explain"]


class Step(NamedTuple):
    """One line of the calculation.

    kind: quantity | less_quantity | earlier_benefit | base | deductible | tier | cut | payable. `amount` is the fen of
    the base concerned (for tier: the portion), `payment` the fen that the step pays or, negative, takes away. `source`
    is the clause that states the deductible, rate, limit or rule, as the plan file names it. `reasons` say why the
    number is not the usual one of the terms.
    """

    kind: str
    benefit: str
    amount: int
    payment: int = 0
    rate: int | None = None
    detail: str = ""
    source: str = ""
    reasons: tuple[Reason, ...] = ()


_PAYERS = ("charity", "mutual_aid", "other_insurance")
"""Who may have paid towards the person's own part, as quantities of the bill."""


class Part(NamedTuple):
    """Who pays how many fen of the bill. `kind`: funds | hospital | payer_before | benefit | payer_beside | person.

    `name` is the benefit, or the payer. A payer beside the plan is one that the bill reports and the terms do not name:
    its `amount` is what it paid, but no more than the plan leaves.
    """

    kind: str
    amount: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The amounts of `parts` add up to `bill`: the total or, where that was not reported, the person's own part.

    `beside` holds the allowances: they are paid to the person and are not part of the bill.
    """

    setl_id: str
    bill: int
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    undecided: tuple[UndecidedBenefit, ...] = ()
    """Benefits that apply, or may apply, but of which some term is not known."""
    excluded: tuple[str, ...] = ()
    """Exclusions that kept benefits from applying."""
    beside: tuple[Part, ...] = ()
    not_covered: str = ""
    """The bill's med_type, if no benefit of the plan pays for this kind of care."""
    no_condition_met: bool = False
    """True if benefits pay for this kind of care, but the bill or the member does not meet the conditions of any."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(benefit, why) of benefits that are not claimed by a bill and whose terms are not known."""

    @property
    def payable(self) -> int:
        return sum(step.payment for step in self.steps if step.kind == "payable")

    @property
    def left_to_person(self) -> int:
        return next(part.amount for part in self.parts if part.kind == "person")


def explain(program: Program, decision: Decision) -> Explanation:
    """The steps of a decision that `adjudicate` made under this program."""
    settlement = decision.settlement
    paid: dict[str, int] = {}
    steps: list[Step] = []
    for line in decision.benefits:
        steps += _benefit_steps(line.applied.benefit, line, settlement, paid)
        paid[line.benefit] = line.payable
    bill, parts = _parts(program, decision)
    beside = tuple(Part("benefit", line.payable, line.benefit) for line in decision.benefits if line.allowance)
    of_a_kind = any(benefit.concerns(settlement.med_type) for benefit in program.benefits)
    return Explanation(
        settlement.setl_id,
        bill,
        parts,
        tuple(steps),
        undecided=decision.undecided,
        excluded=decision.excluded,
        beside=beside,
        not_covered="" if of_a_kind else settlement.med_type,
        no_condition_met=of_a_kind and not decision.covered and not decision.excluded,
        left_out=program.claimed_apart if of_a_kind else (),
    )


def _parts(program: Program, decision: Decision) -> tuple[int, tuple[Part, ...]]:
    """The bill in fen and who pays it. Parts of 0 fen are left out, except the person's and the benefits'."""
    settlement = decision.settlement
    personal = quantity(settlement, "personal") or 0
    total, funds = quantity(settlement, "total"), quantity(settlement, "funds")
    others: list[Part] = []
    bill = personal
    if total is not None and funds is not None:
        bill = total
        others = [Part("funds", funds), Part("hospital", total - funds - personal)]
    before = [Part("payer_before", quantity(settlement, name) or 0, name) for name in program.payers_before]
    benefits = [Part("benefit", line.payable, line.benefit) for line in decision.benefits if not line.allowance]
    left = personal - sum(part.amount for part in (*before, *benefits))
    beside = []
    for name in _PAYERS:
        if name not in program.payers_before:
            beside.append(Part("payer_beside", min(left, quantity(settlement, name) or 0), name))
            left -= beside[-1].amount
    first, last = ([part for part in found if part.amount] for found in ((*others, *before), beside))
    return bill, (*first, *benefits, *last, Part("person", left))


def _benefit_steps(
    benefit: BenefitProgram, line: BenefitDecision, settlement: Settlement, paid: Mapping[str, int]
) -> Iterator[Step]:
    if benefit.less_benefits or benefit.less_quantities:
        yield Step("quantity", line.benefit, quantity(settlement, benefit.quantity) or 0, 0, None, benefit.quantity)
        for name in benefit.less_quantities:
            yield Step("less_quantity", line.benefit, -(quantity(settlement, name) or 0), detail=name)
        for name in benefit.less_benefits:
            if name in paid:
                yield Step("earlier_benefit", line.benefit, -paid[name], 0, None, name)
        yield Step("base", line.benefit, line.base, 0, None, "residual")
    elif benefit.allowance is not None:
        yield Step("base", line.benefit, line.base, detail=f"allowance_{benefit.allowance.per}")
    else:
        yield Step("base", line.benefit, line.base, 0, None, benefit.quantity or "listed_items")
    if benefit.deductible_per is not None:
        yield _deductible_step(benefit.deductible_per, line)
    left = 0
    for step in _tier_steps(line) if line.excess else ():
        yield step
        left += step.payment
    for cut in line.cuts:
        left -= cut.amount
        reasons = reasons_of_cut(benefit, cut, left)
        yield Step("cut", line.benefit, 0, -cut.amount, None, cut.rule, source_of_cut(benefit, cut), reasons)
    yield Step("payable", line.benefit, 0, line.payable)


def _deductible_step(per: str, line: BenefitDecision) -> Step:
    terms = line.applied.deductible_by
    if terms is None:
        return Step("deductible", line.benefit, line.deductible_applied, 0, None, per)
    reasons = reasons_of_deductible(line, terms)
    return Step("deductible", line.benefit, line.deductible_applied, 0, None, per, terms.source, reasons)


def _tier_steps(line: BenefitDecision) -> Iterator[Step]:
    """One step for each tier. Their payments are differences of the year's rounded entitlement, so that they add up
    exactly.
    """
    entitled, applied, tiers = line.entitlement_before, line.applied, line.tiers
    for tier, portion in tier_portions(tiers, line.excess_before, line.excess_before + line.excess):
        above, rate = tiers[tier]
        entitled_with = entitled + portion * rate
        payment, alone = rounded_to_fen(entitled_with) - rounded_to_fen(entitled), rounded_to_fen(portion * rate)
        reasons = reasons_of_rate(applied, tier)
        if alone != payment:
            reasons += (Reason("running_sum", amount=alone),)
        source = source_of_tier(applied, tier)
        yield Step("tier", line.benefit, portion, payment, rate, str(above), source, reasons)
        entitled = entitled_with
