"""A member's year as a pure function: program, member and settlements in, decisions out.

The set of settlements decides, never the order in which they arrive. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huimin.adjudication.facts import BILL_FACTS, UnknownFactError, bill_facts, holds, member_facts
from huimin.adjudication.program import BenefitProgram, Condition, ItemProgram, LimitProgram, Program
from huimin.adjudication.tiers import Tiers, cumulative_payment, on_excess
from huimin.errors import Refusal
from huimin.settlement import Item, Member, Settlement, check_amounts, quantity, resolve

__all__ = ["BenefitDecision", "Decision", "MemberYear", "adjudicate", "bill_day"]

_NO_DEDUCTIBLE: tuple[tuple[Condition, int], ...] = (((), 0),)


@dataclass(frozen=True, slots=True)
class BenefitDecision:
    """What one benefit pays on one settlement.

    base = deductible_applied + excess. `excess_before` is the benefit's excess of the year before this bill. `cuts`
    name what limited the payment, in order: (limit, fen taken away). `tiers` are those that fit member and bill.
    """

    benefit: str
    base: int
    deductible_applied: int
    excess: int
    excess_before: int
    cuts: tuple[tuple[str, int], ...]
    payable: int
    tiers: Tiers


@dataclass(frozen=True, slots=True)
class Decision:
    """What the plan pays on one settlement: one entry for each benefit that applies, in the plan's order.

    `undecided` are benefits that apply and whose terms for this member and bill are not known: they pay nothing by
    themselves, and nothing that is left of them is paid by another.
    """

    settlement: Settlement
    benefits: tuple[BenefitDecision, ...]
    undecided: tuple[str, ...] = ()

    @property
    def payable(self) -> int:
        return sum(benefit.payable for benefit in self.benefits)


@dataclass(frozen=True, slots=True)
class MemberYear:
    """Every settlement given is in exactly one of the three, repeats counted."""

    decisions: tuple[Decision, ...]
    cancelled: tuple[Settlement, ...]
    refused: tuple[Refusal, ...]


@dataclass(slots=True)
class _Year:
    """What has been used so far: deductibles and limits by pool, excess by benefit, listed items' cost by item."""

    member: dict[str, Any]
    asks_of_bills: bool
    applied: dict[str, list[_Applied]]
    """By setting, where bills are asked for no facts."""
    deductible: dict[str, int]
    excess: dict[str, int]
    limit: dict[str, int]
    item: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Applied:
    """A benefit that applies to a bill, with the alternatives that fit."""

    benefit: BenefitProgram
    deductible: int
    tiers: Tiers | None
    limits: tuple[LimitProgram, ...]


def adjudicate(program: Program, member: Member, settlements: Iterable[Settlement]) -> MemberYear:
    """Decide one member's year. All `settlements` must be this member's; repeats and reversals may be among them."""
    resolution = resolve(settlements)
    waits = any(benefit.waiting_days for benefit in program.benefits)
    asks_of_bills = waits or not BILL_FACTS.isdisjoint(program.facts_asked_for())
    year = _Year(member_facts(program, member), asks_of_bills, {}, {}, {}, dict(member.paid_before or ()), {})
    decisions: list[Decision] = []
    refused = list(resolution.refused)
    for settlement in resolution.active:
        if settlement.psn_no != member.psn_no:
            raise ValueError("a settlement of another member was given")
        refusal = check_amounts(settlement) or _refuse(program, member, settlement)
        if refusal is None:
            decided = _decide(program, member, settlement, year)
            if isinstance(decided, Decision):
                decisions.append(decided)
                continue
            refusal = decided
        refused.append(refusal)
    return MemberYear(tuple(decisions), resolution.cancelled, tuple(refused))


def _refuse(program: Program, member: Member, settlement: Settlement) -> Refusal | None:
    """Why the plan cannot decide this bill, whatever its benefits say; or None."""
    setl_id = settlement.setl_id
    day = bill_day(program, settlement)
    if day is None:
        reason = f"the plan places a bill by its {program.bill_date} date, which was not reported"
        return Refusal(setl_id, "missing_date", reason)
    if not (member.covers(day) and program.cover_from <= day <= program.cover_to):
        first, last = max(member.cover_from, program.cover_from), min(member.cover_to, program.cover_to)
        return Refusal(setl_id, "uncovered_date", f"the bill is of {day}; the member is covered from {first} to {last}")
    if not settlement.med_type:
        return Refusal(setl_id, "missing_med_type", "med_type was not reported; expected a code such as 21 (inpatient)")
    if any(settlement.med_type in benefit.undecided_med_types for benefit in program.benefits):
        reason = f"the plan covers bills of med_type {settlement.med_type} by a list that is not known to it"
        return Refusal(setl_id, "unknown_terms", reason)
    return None


def bill_day(program: Program, settlement: Settlement) -> date | None:
    """The date of the bill that places it in a cover year, by the program; None when it was not reported."""
    if program.bill_date == "settlement":
        return settlement.setl_time.date()
    return settlement.admission if program.bill_date == "admission" else settlement.discharge


def _decide(program: Program, member: Member, settlement: Settlement, year: _Year) -> Decision | Refusal:
    """Run the benefits in the plan's order; all together never pay more than the person's own part."""
    try:
        applied = _applied_to(program, member, settlement, year)
    except UnknownFactError as error:
        reason = f"the terms ask for {error.fact}, which is not known of this member or bill"
        return Refusal(settlement.setl_id, "missing_fact", reason)
    missing = _missing_amount(program, settlement, applied)
    if missing is not None:
        return missing
    left_to_person = (quantity(settlement, "personal") or 0) if applied else 0
    decided: dict[str, BenefitDecision] = {}
    undecided: list[str] = []
    used: dict[str, int] = {}
    for one in applied:
        benefit = one.benefit
        base = _base(program, benefit, settlement, decided, year)
        if one.tiers is None or base is None or any(name in undecided for name in benefit.less_benefits):
            undecided.append(benefit.id)
            continue
        decision = _benefit_decision(one, base, year, used, left_to_person)
        decided[benefit.id] = decision
        left_to_person -= decision.payable
    return Decision(settlement, tuple(decided.values()), tuple(undecided))


def _applied_to(program: Program, member: Member, settlement: Settlement, year: _Year) -> list[_Applied]:
    if year.asks_of_bills:
        return list(_applied(program, member, settlement, year))
    applied = year.applied.get(settlement.med_type)
    if applied is None:
        applied = year.applied[settlement.med_type] = list(_applied(program, member, settlement, year))
    return applied


def _applied(program: Program, member: Member, settlement: Settlement, year: _Year) -> Iterator[_Applied]:
    """The benefits whose setting, conditions and waiting period the bill meets. Raises UnknownFactError."""
    facts = {**year.member, **bill_facts(program, member, settlement)} if year.asks_of_bills else year.member
    for benefit in program.benefits:
        if settlement.med_type not in benefit.med_types or not holds(benefit.when, facts):
            continue
        if benefit.waiting_days and _waits(program, benefit, member, settlement, facts):
            continue
        deductible = next(amount for when, amount in benefit.deductibles or _NO_DEDUCTIBLE if holds(when, facts))
        schedule = next(schedule for schedule in benefit.schedules if holds(schedule.when, facts))
        tiers = schedule.tiers
        if tiers is not None:
            points = sum(points for when, points in benefit.adjustments if holds(when, facts))
            tiers = on_excess(tiers, deductible if benefit.on_gross else 0, points)
        limits = tuple(limit for limit in benefit.limits if holds(limit.when, facts))
        if member.paid_before is None and member.continuous_years and any(limit.per == "life" for limit in limits):
            raise UnknownFactError("paid_before")
        yield _Applied(benefit, deductible, tiers, limits)


def _waits(
    program: Program, benefit: BenefitProgram, member: Member, settlement: Settlement, facts: Mapping[str, Any]
) -> bool:
    day = bill_day(program, settlement)
    begun = member.cover_from + timedelta(days=benefit.waiting_days)
    return day is not None and day < begun and not any(holds(when, facts) for when in benefit.waiting_waived)


def _missing_amount(program: Program, settlement: Settlement, applied: Iterable[_Applied]) -> Refusal | None:
    known_lists = {name for name, items in program.item_lists if items is not None}
    for one in applied:
        benefit = one.benefit
        if benefit.items_on in known_lists and settlement.care.items is None:
            reason = f"the benefit {benefit.id} pays for items of a list; the bill's items were not reported"
            return Refusal(settlement.setl_id, "missing_items", reason)
        for name in (*((benefit.quantity,) if benefit.quantity else ()), *benefit.less_quantities, "personal"):
            if quantity(settlement, name) is None:
                reason = f"the benefit {benefit.id} needs the quantity {name}, a part of which was not reported"
                return Refusal(settlement.setl_id, "missing_amount", reason)
    return None


def _base(
    program: Program,
    benefit: BenefitProgram,
    settlement: Settlement,
    decided: Mapping[str, BenefitDecision],
    year: _Year,
) -> int | None:
    """Never below zero; None where the list that it depends on is not known."""
    if benefit.items_on is not None:
        return _listed_cost(program, benefit.items_on, settlement, year)
    base = (quantity(settlement, benefit.quantity) or 0) - sum(
        quantity(settlement, name) or 0 for name in benefit.less_quantities
    )
    return max(0, base - sum(decided[name].payable for name in benefit.less_benefits if name in decided))


def _listed_cost(program: Program, name: str, settlement: Settlement, year: _Year) -> int | None:
    """The cost of the bill's items that stand on the list on their day, as far as the items' own limits reach."""
    items = next(items for listed, items in program.item_lists if listed == name)
    if items is None:
        return None
    cost = 0
    for bought in settlement.care.items or ():
        day = bought.day or settlement.setl_time.date()
        listed = next((item for item in items if _stands_on(item, bought, day)), None)
        if listed is None:
            continue
        counted = bought.amount
        if listed.year_limit is not None:
            key = (name, listed.code)
            counted = min(counted, listed.year_limit - year.item.get(key, 0))
            year.item[key] = year.item.get(key, 0) + counted
        cost += counted
    return cost


def _stands_on(item: ItemProgram, bought: Item, day: date) -> bool:
    in_time = (item.from_day is None or item.from_day <= day) and (item.to_day is None or day <= item.to_day)
    return item.code == bought.code and in_time and (not item.indications or bought.indication in item.indications)


def _benefit_decision(
    one: _Applied, base: int, year: _Year, used_here: dict[str, int], left_to_person: int
) -> BenefitDecision:
    """One benefit on one bill. Moves on what has been used, in the year and, in `used_here`, on this settlement."""
    benefit, tiers = one.benefit, one.tiers or ()
    pools = year.deductible if benefit.deductible_per == "year" else used_here
    pool = benefit.deductible_pool
    deductible_applied = min(base, max(0, one.deductible - pools.get(pool, 0)))
    excess = base - deductible_applied
    before = year.excess.get(benefit.id, 0)
    scheduled = cumulative_payment(tiers, before + excess) - cumulative_payment(tiers, before)
    limits = [
        (f"{limit.per}_limit", limit, year.limit if limit.per != "settlement" else used_here) for limit in one.limits
    ]
    payable, cuts = _limited(
        scheduled,
        [
            *((name, max(0, limit.amount - counts.get(limit.pool, 0))) for name, limit, counts in limits),
            ("personal", left_to_person),
        ],
    )
    if benefit.deductible_per is not None:
        pools[pool] = pools.get(pool, 0) + deductible_applied
    year.excess[benefit.id] = before + excess
    for _, limit, counts in limits:
        counts[limit.pool] = counts.get(limit.pool, 0) + payable
    return BenefitDecision(benefit.id, base, deductible_applied, excess, before, cuts, payable, tiers)


def _limited(amount: int, limits: Iterable[tuple[str, int]]) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The amount under all limits, and what each took away."""
    cuts: list[tuple[str, int]] = []
    for name, limit in limits:
        if amount > limit:
            cuts.append((name, amount - limit))
            amount = limit
    return amount, tuple(cuts)
