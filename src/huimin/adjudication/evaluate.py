"""A member's year as a pure function: program, member and settlements in, decisions out.

The set of settlements decides, never the order in which they arrive. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huimin.adjudication.facts import UnknownFactError, bill_facts, holds, member_facts
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


@dataclass(slots=True)
class _Bill:
    """One settlement while it is decided: its quantities by name, and what was used of its own pools."""

    amounts: dict[str, int]
    left_to_person: int
    deductible: dict[str, int]
    limit: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Applied:
    """A benefit that applies to a bill, with the alternatives that fit."""

    benefit: BenefitProgram
    deductible: int
    tiers: Tiers | None
    needed: tuple[str, ...]
    limits: tuple[LimitProgram, ...]


def adjudicate(program: Program, member: Member, settlements: Iterable[Settlement]) -> MemberYear:
    """Decide one member's year. All `settlements` must be this member's; repeats and reversals may be among them."""
    resolution = resolve(settlements)
    waits = any(benefit.waiting_days for benefit in program.benefits)
    of_member = member_facts(program.cover_from, member)
    asks_of_bills = waits or not program.facts_asked_for() <= of_member.keys()
    year = _Year(of_member, asks_of_bills, {}, {}, {}, dict(member.paid_before or ()), {})
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
    amounts = _amounts(program, settlement, applied)
    if isinstance(amounts, Refusal):
        return amounts
    bill = _Bill(amounts, amounts.get("personal", 0), {}, {})
    decided: dict[str, BenefitDecision] = {}
    undecided: list[str] = []
    for one in applied:
        benefit = one.benefit
        base = _base(program, benefit, settlement, bill, decided, year)
        if one.tiers is None or base is None or (undecided and not set(undecided).isdisjoint(benefit.less_benefits)):
            undecided.append(benefit.id)
            continue
        decision = _benefit_decision(one, one.tiers, base, year, bill)
        decided[benefit.id] = decision
        bill.left_to_person -= decision.payable
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
        yield _Applied(benefit, deductible, tiers, benefit.needed, limits)


def _waits(
    program: Program, benefit: BenefitProgram, member: Member, settlement: Settlement, facts: Mapping[str, Any]
) -> bool:
    day = bill_day(program, settlement)
    begun = member.cover_from + timedelta(days=benefit.waiting_days)
    return day is not None and day < begun and not any(holds(when, facts) for when in benefit.waiting_waived)


def _amounts(program: Program, settlement: Settlement, applied: Iterable[_Applied]) -> dict[str, int] | Refusal:
    """The quantities that the benefits need, by name; or why the bill is refused: something was not reported."""
    amounts: dict[str, int] = {}
    for one in applied:
        benefit = one.benefit
        if benefit.items_on is not None and settlement.care.items is None and _is_known(program, benefit.items_on):
            reason = f"the benefit {benefit.id} pays for items of a list; the bill's items were not reported"
            return Refusal(settlement.setl_id, "missing_items", reason)
        for name in one.needed:
            if name not in amounts:
                amount = quantity(settlement, name)
                if amount is None:
                    reason = f"the benefit {benefit.id} needs the quantity {name}, a part of which was not reported"
                    return Refusal(settlement.setl_id, "missing_amount", reason)
                amounts[name] = amount
    return amounts


def _is_known(program: Program, name: str) -> bool:
    return any(items is not None for listed, items in program.item_lists if listed == name)


def _base(
    program: Program,
    benefit: BenefitProgram,
    settlement: Settlement,
    bill: _Bill,
    decided: Mapping[str, BenefitDecision],
    year: _Year,
) -> int | None:
    """Never below zero; None where the list that it depends on is not known."""
    if benefit.items_on is not None:
        return _listed_cost(program, benefit.items_on, settlement, year)
    base = bill.amounts[benefit.quantity]
    for name in benefit.less_quantities:
        base -= bill.amounts[name]
    for name in benefit.less_benefits:
        if name in decided:
            base -= decided[name].payable
    return max(0, base)


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


def _benefit_decision(one: _Applied, tiers: Tiers, base: int, year: _Year, bill: _Bill) -> BenefitDecision:
    """One benefit on one bill. Moves on what has been used, in the year and on this settlement."""
    benefit, deductible_applied = one.benefit, 0
    if benefit.deductible_per is not None:
        pools = year.deductible if benefit.deductible_per == "year" else bill.deductible
        used = pools.get(benefit.deductible_pool, 0)
        deductible_applied = min(base, max(0, one.deductible - used))
        pools[benefit.deductible_pool] = used + deductible_applied
    excess = base - deductible_applied
    before = year.excess.get(benefit.id, 0)
    year.excess[benefit.id] = before + excess
    payable = 0
    if excess:
        payable = cumulative_payment(tiers, before + excess) - cumulative_payment(tiers, before)
    cuts: list[tuple[str, int]] = []
    for limit in one.limits:
        counts = bill.limit if limit.per == "settlement" else year.limit
        payable = _cut(payable, max(0, limit.amount - counts.get(limit.pool, 0)), f"{limit.per}_limit", cuts)
    payable = _cut(payable, bill.left_to_person, "personal", cuts)
    for limit in one.limits:
        counts = bill.limit if limit.per == "settlement" else year.limit
        counts[limit.pool] = counts.get(limit.pool, 0) + payable
    return BenefitDecision(benefit.id, base, deductible_applied, excess, before, tuple(cuts), payable, tiers)


def _cut(amount: int, most: int, name: str, cuts: list[tuple[str, int]]) -> int:
    """The amount under a limit; what was taken away is noted."""
    if amount > most:
        cuts.append((name, amount - most))
        return most
    return amount
