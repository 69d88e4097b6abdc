"""Why a step's number is not the usual one of the terms: a fact of the member or bill, or what the year used up
before.
"""

from __future__ import annotations

from typing import NamedTuple

from huimin.adjudication.applying import Applied
from huimin.adjudication.decisions import BenefitDecision, Cut
from huimin.adjudication.program import BenefitProgram, Condition, DeductibleProgram

__all__ = ["Reason", "reasons_of_cut", "reasons_of_deductible", "reasons_of_rate", "source_of_cut", "source_of_tier"]


class Reason(NamedTuple):
    """One reason of a step.

    kind:
    - variant: other terms than the usual ones fit, since `when` holds; of a deductible, `amount` is theirs;
    - adjustment: `points` basis points are added to the rate, since `when` holds;
    - lowest, highest: the rate goes no further than `points` basis points;
    - running_sum: the tier alone would pay `amount` fen; fractions of a fen from the year's bills made the rest;
    - used: of the deductible of `amount` fen, `used` were used up before;
    - limit: the payment goes no further than a limit of `amount` fen, which holds where `when` does, and of which
      `used` were paid before;
    - minimum: payments below `amount` fen are not made.

    `source` is the clause, as the plan file names it.
    """

    kind: str
    when: Condition = ()
    amount: int = 0
    used: int = 0
    points: int = 0
    source: str = ""


def reasons_of_deductible(line: BenefitDecision, terms: DeductibleProgram) -> tuple[Reason, ...]:
    """`terms` is the alternative of the deductible that fits the member and bill."""
    # If something of the base is left, the deductible is used up: this bill bore all that was left of it.
    used = terms.amount - line.deductible_applied if line.excess else 0
    if not used and not terms.when:
        return ()
    found = []
    if terms.when and line.base:
        found.append(Reason("variant", terms.when, terms.amount, 0, 0, terms.source))
    if used > 0:
        found.append(Reason("used", (), terms.amount, used, 0, terms.source))
    return tuple(found)


def reasons_of_rate(applied: Applied, tier: int) -> tuple[Reason, ...]:
    """Why the rate of a tier is not the usual one of the terms. `tier` is its place among the tiers."""
    schedule = applied.schedule
    if schedule is None or schedule.tiers is None or applied.tiers is None:
        return ()
    rate, printed = applied.tiers[tier][1], schedule.tiers[tier][1]
    if rate == printed and not schedule.when and not applied.adjustments:
        return ()
    found = []
    if schedule.when:
        found.append(Reason("variant", schedule.when, source=source_of_tier(applied, tier)))
    for one in applied.adjustments:
        found.append(Reason("adjustment", one.when, points=one.points, source=one.source))
        printed += one.points
    if rate != printed:
        found.append(Reason("lowest" if rate > printed else "highest", points=rate))
    return tuple(found)


def reasons_of_cut(benefit: BenefitProgram, cut: Cut, left: int) -> tuple[Reason, ...]:
    """Why a payment was cut. `left` is what the cut leaves of it, in fen."""
    limit = cut.limit
    if limit is not None:
        return (Reason("limit", limit.when, limit.amount, limit.amount - left, 0, limit.source),)
    if cut.rule == "minimum":
        return (Reason("minimum", (), benefit.minimum, 0, 0, benefit.minimum_source),)
    return ()


def source_of_tier(applied: Applied, tier: int) -> str:
    """The clause of a tier, by its place among the tiers; empty if the program does not have it."""
    schedule = applied.schedule
    return schedule.sources[tier] if schedule is not None and schedule.sources else ""


def source_of_cut(benefit: BenefitProgram, cut: Cut) -> str:
    if cut.limit is not None:
        return cut.limit.source
    return {"rounding": benefit.rounding_source, "minimum": benefit.minimum_source}.get(cut.rule, "")
