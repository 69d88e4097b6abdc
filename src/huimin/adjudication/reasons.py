"""Why a step's number is not the one that stands first in the terms: a fact of member or bill, or the year so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from huimin.adjudication.applying import Applied
from huimin.adjudication.decisions import BenefitDecision, Cut
from huimin.adjudication.program import BenefitProgram, Condition
from huimin.adjudication.tiers import rounded_to_fen

__all__ = ["Reason", "reasons_of_cut", "reasons_of_deductible", "reasons_of_tier", "source_of_cut"]


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


def reasons_of_deductible(line: BenefitDecision) -> Iterator[Reason]:
    terms = line.applied.deductible_by
    if terms is None or not line.base:
        return
    if terms.when:
        yield Reason("variant", terms.when, amount=terms.amount, source=terms.source)
    # Where something of the base is left, all that was left of the deductible was taken from it.
    used = terms.amount - line.deductible_applied
    if line.excess and used > 0:
        yield Reason("used", amount=terms.amount, used=used, source=terms.source)


def reasons_of_tier(applied: Applied, tier: int, portion: int, payment: int) -> Iterator[Reason]:
    """Of what one tier, by its place, pays on a portion of the excess."""
    schedule = applied.schedule
    if schedule is None or schedule.tiers is None or applied.tiers is None:
        return
    if schedule.when:
        yield Reason("variant", schedule.when, source=_at(schedule.sources, tier))
    for one in applied.adjustments:
        yield Reason("adjustment", one.when, points=one.points, source=one.source)
    rate = applied.tiers[tier][1]
    adjusted = schedule.tiers[tier][1] + sum(one.points for one in applied.adjustments)
    if rate != adjusted:
        yield Reason("lowest" if rate > adjusted else "highest", points=rate)
    alone = rounded_to_fen(portion * rate)
    if alone != payment:
        yield Reason("running_sum", amount=alone)


def reasons_of_cut(benefit: BenefitProgram, cut: Cut, left: int) -> Iterator[Reason]:
    """`left`: what the cut leaves of the payment, in fen."""
    if cut.limit is not None:
        yield Reason("limit", cut.limit.when, cut.limit.amount, cut.limit.amount - left, source=cut.limit.source)
    elif cut.rule == "minimum":
        yield Reason("minimum", amount=benefit.minimum, source=benefit.minimum_source)


def source_of_cut(benefit: BenefitProgram, cut: Cut) -> str:
    if cut.limit is not None:
        return cut.limit.source
    return {"rounding": benefit.rounding_source, "minimum": benefit.minimum_source}.get(cut.rule, "")


def _at(sources: tuple[str, ...], place: int) -> str:
    return sources[place] if place < len(sources) else ""
