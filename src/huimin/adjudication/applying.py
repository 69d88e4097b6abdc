"""Which benefits apply to a bill, with which of their alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from huimin.adjudication.condition_facts import UnknownFactError, any_holds, bill_facts, holds
from huimin.adjudication.decisions import UndecidedBenefit
from huimin.adjudication.program import (
    AdjustmentProgram,
    BenefitProgram,
    Condition,
    DeductibleProgram,
    ExclusionProgram,
    LimitProgram,
    Program,
    Schedule,
)
from huimin.adjudication.tiers import Tiers, on_excess
from huimin.settlement import Member, Settlement

__all__ = ["Applied", "Applying", "applying_to", "asks_of_bills", "bill_day"]


class _Alternative(Protocol):
    @property
    def when(self) -> Condition: ...


T = TypeVar("T", bound=_Alternative)


@dataclass(frozen=True, slots=True)
class Applied:
    """A benefit that applies or may apply to a bill, with the alternatives of its terms that fit.

    `undecided` says which of its terms is not known; None if it can be decided.
    """

    benefit: BenefitProgram
    deductible: int
    tiers: Tiers
    limits: tuple[LimitProgram, ...]
    deductible_by: DeductibleProgram | None = None
    """Which of the benefit's deductibles fits; None where it has none."""
    schedule: Schedule | None = None
    """The tiers that fit, before the deductible moves them and adjustments change their rates."""
    adjustments: tuple[AdjustmentProgram, ...] = ()
    """The adjustments that hold for this bill."""
    undecided: UndecidedBenefit | None = None


@dataclass(frozen=True, slots=True)
class Applying:
    """The benefits that apply, in the plan's order, and the exclusions that kept others from it."""

    benefits: tuple[Applied, ...]
    excluded: tuple[str, ...]
    needed: tuple[str, ...]
    """The quantities that the benefits need, each once."""
    demanding: tuple[BenefitProgram, ...]
    """The benefits that need more from a bill than amounts: they pay by its items or its days."""


def bill_day(program: Program, settlement: Settlement) -> date | None:
    """The date of the bill that places it in a cover year, by the program; None when it was not reported."""
    if program.bill_date == "settlement":
        return settlement.setl_time.date()
    return settlement.admission if program.bill_date == "admission" else settlement.discharge


def asks_of_bills(program: Program, member_facts: Mapping[str, Any]) -> bool:
    """Whether the benefits that apply depend on more of a bill than its care setting."""
    asked = not program.facts_asked_for <= member_facts.keys()
    return asked or program.has_waiting or program.asks_whether_items


def applying_to(
    program: Program, member: Member, settlement: Settlement, member_facts: Mapping[str, Any], of_bill: bool
) -> Applying:
    """What applies to the bill. `of_bill` says that some condition asks for a fact of the bill. Raises
    UnknownFactError.
    """
    facts = {**member_facts, **bill_facts(program, member, settlement)} if of_bill else member_facts
    found: list[Applied] = []
    excluded: list[str] = []
    for benefit in program.benefits:
        if not benefit.concerns(settlement.med_type):
            continue
        fits, exclusion = _fits(program, benefit, member, settlement, facts)
        if fits:
            found.append(_applied(program, benefit, member, settlement, facts, found))
        elif exclusion is not None and exclusion not in excluded:
            excluded.append(exclusion)
    needed = tuple(dict.fromkeys(name for one in found for name in one.benefit.needed))
    demanding = (one.benefit for one in found if one.benefit.items_on is not None or one.benefit.allowance is not None)
    return Applying(tuple(found), tuple(excluded), needed, tuple(demanding))


def _applied(
    program: Program,
    benefit: BenefitProgram,
    member: Member,
    settlement: Settlement,
    facts: Mapping[str, Any],
    before: Sequence[Applied],
) -> Applied:
    """`before` has the benefits that apply and come before this one in the plan."""
    if benefit.unknown is not None:
        return Applied(benefit, 0, (), (), undecided=UndecidedBenefit(benefit.id, "terms", benefit.unknown))
    schedule, undecided = _schedule(program, benefit, settlement, facts, before)
    if schedule is None or undecided is not None:
        return Applied(benefit, 0, (), (), undecided=undecided)
    deductible_by = _first(benefit.deductibles, facts) if benefit.deductibles else None
    deductible = deductible_by.amount if deductible_by is not None else 0
    adjustments: tuple[AdjustmentProgram, ...] = ()
    tiers = schedule.tiers or ()
    if tiers:
        adjustments = tuple([one for one in benefit.adjustments if holds(one.when, facts)])
        points = sum([one.points for one in adjustments])
        tiers = on_excess(tiers, deductible if benefit.on_gross else 0, points, benefit.rates_between)
    limits = tuple([limit for limit in benefit.limits if not limit.when or holds(limit.when, facts)])
    if member.paid_before is None and member.continuous_years and any(limit.per == "life" for limit in limits):
        raise UnknownFactError("paid_before")
    return Applied(benefit, deductible, tiers, limits, deductible_by, schedule, adjustments)


def _schedule(
    program: Program,
    benefit: BenefitProgram,
    settlement: Settlement,
    facts: Mapping[str, Any],
    before: Sequence[Applied],
) -> tuple[Schedule | None, UndecidedBenefit | None]:
    """The rates that fit, and what is not known of the benefit. No rates if it is undecided whichever of them fit."""
    try:
        schedule = _first(benefit.schedules, facts)
    except UnknownFactError:
        undecided = _undecided_anyway(program, benefit, settlement, before)
        if undecided is None:
            raise
        return None, undecided
    return schedule, _undecided(program, benefit, schedule, settlement, before)


def _undecided(
    program: Program, benefit: BenefitProgram, schedule: Schedule, settlement: Settlement, before: Sequence[Applied]
) -> UndecidedBenefit | None:
    """What is not known of the benefit on this bill; None where it can be decided.

    If a bill says that it has no listed items, it has none on an unknown list either, and the benefit certainly pays
    nothing on it.
    """
    if benefit.items_on is not None and settlement.care.items == ():
        return None
    if schedule.tiers is None:
        term, reason = schedule.unknown or ("tiers", "")
        return UndecidedBenefit(benefit.id, term, reason)
    return _undecided_anyway(program, benefit, settlement, before)


def _undecided_anyway(
    program: Program, benefit: BenefitProgram, settlement: Settlement, before: Sequence[Applied]
) -> UndecidedBenefit | None:
    """What is not known of the benefit on this bill, whichever of its alternatives fit; None if everything is known."""
    if benefit.items_on is not None and settlement.care.items == ():
        return None
    if benefit.items_on in program.unknown_lists:
        return UndecidedBenefit(benefit.id, "item_list", program.unknown_lists[benefit.items_on])
    for one in before:
        if one.undecided is not None and one.benefit.id in benefit.less_benefits:
            return UndecidedBenefit(benefit.id, "earlier_benefit", one.benefit.id)
    return None


def _first(alternatives: Iterable[T], facts: Mapping[str, Any]) -> T:
    """The first whose condition holds; the last always holds."""
    for one in alternatives:
        if not one.when or holds(one.when, facts):
            return one
    raise AssertionError("the last of a benefit's alternatives is not unconditional")


def _fits(
    program: Program, benefit: BenefitProgram, member: Member, settlement: Settlement, facts: Mapping[str, Any]
) -> tuple[bool, str | None]:
    """Whether the benefit applies, and the exclusion that keeps it from applying.

    Its condition, its waiting period and the exclusions must all let it apply. If one of them certainly does not, the
    benefit does not apply, whatever is unknown about the others. Otherwise raises UnknownFactError for the first that
    asks for an unknown fact.
    """
    unknown: UnknownFactError | None = None
    try:
        if not holds(benefit.when, facts):
            return False, None
    except UnknownFactError as error:
        unknown = error
    if benefit.waiting_days:
        try:
            if _waits(program, benefit, member, settlement, facts):
                return False, None
        except UnknownFactError as error:
            unknown = unknown or error
    for exclusion in program.exclusions:
        try:
            if _excludes(exclusion, benefit, facts):
                return False, exclusion.id
        except UnknownFactError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    return True, None


def _excludes(exclusion: ExclusionProgram, benefit: BenefitProgram, facts: Mapping[str, Any]) -> bool:
    """Whether the exclusion holds for the benefit and none of its exceptions does.

    It does not hold as soon as its condition fails or an exception holds, even if the other is unknown.
    """
    if exclusion.benefits and benefit.id not in exclusion.benefits:
        return False
    try:
        if not holds(exclusion.when, facts):
            return False
    except UnknownFactError:
        if any_holds(exclusion.exceptions, facts):
            return False
        raise
    return not any_holds(exclusion.exceptions, facts)


def _waits(
    program: Program, benefit: BenefitProgram, member: Member, settlement: Settlement, facts: Mapping[str, Any]
) -> bool:
    day = bill_day(program, settlement)
    begun = member.cover_from + timedelta(days=benefit.waiting_days)
    return day is not None and day < begun and not any_holds(benefit.waiting_waived, facts)
