"""A plan without one of its clauses, or with another amount in it. The same evaluator decides the changed program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from huimin.adjudication.condition_facts import Groups, holds
from huimin.adjudication.program import BenefitProgram, Condition, ExclusionProgram, Program

__all__ = ["changed_clauses", "with_facts"]

_HEALTHY: Mapping[str, Any] = {
    "pre_existing": False,
    "pre_existing_group": Groups(frozenset()),
    "related_pre_existing": False,
}
"""The facts of a person without a pre-existing condition."""


def changed_clauses(program: Program, deductible_step: int) -> Iterator[tuple[str, Program]]:
    """(clause, the program without it) for each clause that the program has.

    `deductible_step`: fen by which every deductible is lowered, as far as it goes.
    """
    if program.facts_asked_for & _HEALTHY.keys():
        yield "pre_existing", with_facts(program, _HEALTHY)
    if any(deductible.amount for benefit in program.benefits for deductible in benefit.deductibles):
        yield "deductible", _each(program, lambda one: _lower_deductibles(one, deductible_step))
    if any(benefit.limits for benefit in program.benefits):
        yield "limits", _each(program, lambda one: replace(one, limits=()))
    if program.exclusions:
        yield "exclusions", replace(program, exclusions=())
    if any(benefit.waiting_days for benefit in program.benefits):
        yield "waiting", _each(program, lambda one: replace(one, waiting_days=0, waiting_waived=()))
    if any(benefit.adjustments for benefit in program.benefits):
        yield "points", _each(program, lambda one: replace(one, adjustments=()))
    if any(benefit.minimum for benefit in program.benefits):
        yield "minimum", _each(program, lambda one: replace(one, minimum=0))
    if program.payers_before:
        yield "payers_before", replace(program, payers_before=())


def _each(program: Program, change: Any) -> Program:
    return replace(program, benefits=tuple(change(benefit) for benefit in program.benefits))


def _lower_deductibles(benefit: BenefitProgram, step: int) -> BenefitProgram:
    """Tiers on the gross amount that begin where the deductible ends are lowered with it. Otherwise nothing would be
    paid on the part between the lower deductible and the first tier.
    """
    lowered = {one.amount: max(0, one.amount - step) for one in benefit.deductibles}
    schedules = benefit.schedules
    if benefit.on_gross:
        schedules = tuple(
            replace(row, tiers=row.tiers and tuple((lowered.get(above, above), rate) for above, rate in row.tiers))
            for row in schedules
        )
    deductibles = tuple(replace(one, amount=lowered[one.amount]) for one in benefit.deductibles)
    return replace(benefit, deductibles=deductibles, schedules=schedules)


def with_facts(program: Program, facts: Mapping[str, Any]) -> Program:
    """The program for people and bills for whom these facts are given: its conditions no longer ask for them.

    A demand that the facts meet is dropped, and terms under a demand that they do not meet are removed.
    """

    def left(when: Condition) -> Condition | None:
        """What is still demanded; None where it can never hold."""
        known = tuple(demand for demand in when if demand[0] in facts)
        return tuple(demand for demand in when if demand[0] not in facts) if holds(known, facts) else None

    def alternatives(rows: Any) -> tuple[Any, ...]:
        return tuple(replace(row, when=kept) for row in rows if (kept := left(row.when)) is not None)

    def benefit(one: BenefitProgram) -> BenefitProgram:
        return replace(
            one,
            when=left(one.when) or (),
            waiting_waived=tuple(kept for when in one.waiting_waived if (kept := left(when)) is not None),
            deductibles=alternatives(one.deductibles),
            adjustments=alternatives(one.adjustments),
            schedules=alternatives(one.schedules),
            limits=alternatives(one.limits),
        )

    def exclusion(one: ExclusionProgram, when: Condition) -> ExclusionProgram:
        kept = tuple(kept for one_when in one.exceptions if (kept := left(one_when)) is not None)
        return replace(one, when=when, exceptions=kept)

    return replace(
        program,
        benefits=tuple(benefit(one) for one in program.benefits if left(one.when) is not None),
        exclusions=tuple(exclusion(one, when) for one in program.exclusions if (when := left(one.when)) is not None),
    )
