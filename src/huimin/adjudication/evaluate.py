"""A member's year as a pure function: program, member and settlements in, decisions out.

The result depends on the set of settlements, never on the order in which they arrive. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huimin.adjudication.admission import member_fault
from huimin.adjudication.applying import Applying, applying_to, asks_of_bills, bill_day
from huimin.adjudication.condition_facts import UnknownFactError, member_facts
from huimin.adjudication.decisions import BenefitDecision, Decision, MemberYear
from huimin.adjudication.holding import Lists, listed_items, needed_amounts, refused_by_plan, refused_for_fact
from huimin.adjudication.listed_items import ListedItems, counted_cost
from huimin.adjudication.payment import Bill, Used, allowance_sum, pay
from huimin.adjudication.pre_existing import with_history
from huimin.adjudication.program import BenefitProgram, Program
from huimin.errors import Refusal
from huimin.settlement import Member, Settlement, check_amounts, quantity, resolve

__all__ = ["adjudicate"]


@dataclass(slots=True)
class _Year:
    """One member's year while it is decided."""

    program: Program
    member: Member
    facts: dict[str, Any]
    asks_of_bills: bool
    applying: dict[str, Applying]
    """What applies, by care setting: reused where no condition asks for a fact of the bill."""
    lists: Lists
    used: Used


def adjudicate(program: Program, member: Member, settlements: Iterable[Settlement]) -> MemberYear:
    """Decide one member's year. All `settlements` must be this member's, or ValueError is raised; repeats and reversals
    may be among them.
    """
    resolution = resolve(settlements)
    decided: Decision | Refusal | None
    fault = member_fault(program, member.edition, member.pre_existing)
    member = with_history(program, member)
    facts = member_facts(program.cover_from, member)
    lists = dict(program.item_lists)
    year = _Year(program, member, facts, asks_of_bills(program, facts), {}, lists, Used(dict(member.paid_before or ())))
    decisions: list[Decision] = []
    refused = list(resolution.refused)
    for settlement in resolution.active:
        if settlement.psn_no != member.psn_no:
            raise ValueError("a settlement of another member was given")
        day = bill_day(program, settlement)
        if fault is not None:
            refused.append(Refusal(settlement.setl_id, "faulty_member", fault))
            continue
        decided = check_amounts(settlement) or refused_by_plan(
            program, settlement.setl_id, settlement.med_type, day, (member.cover_from, member.cover_to)
        )
        if decided is None:
            assert day is not None, "a bill without its day was refused"  # noqa: S101
            decided = _decide(settlement, day, year)
        if isinstance(decided, Decision):
            decisions.append(decided)
        else:
            refused.append(decided)
    return MemberYear(tuple(decisions), resolution.cancelled, tuple(refused), _paid_for_life(program, year.used))


def _paid_for_life(program: Program, used: Used) -> tuple[tuple[str, int], ...]:
    return tuple((pool, used.limit.get(pool, 0)) for pool in program.life_pools)


def _decide(settlement: Settlement, day: date, year: _Year) -> Decision | Refusal:
    """Decide the benefits in the plan's order. All together never pay more than the person's own part.

    Everything that can hold the bill is checked first, so that a held bill uses up no deductible and no limit.
    """
    try:
        applying = _applying(settlement, year)
        amounts = needed_amounts(settlement, applying, year.lists)
        if isinstance(amounts, Refusal):
            return amounts
        listed = listed_items(settlement, applying, year.lists) if year.lists else {}
    except UnknownFactError as error:
        return refused_for_fact(settlement.setl_id, error.fact)
    bill = Bill(day, amounts, _left_to_person(settlement, amounts, year.program))
    decided: dict[str, BenefitDecision] = {}
    undecided = [one.undecided for one in applying.benefits if one.undecided is not None]
    for one in applying.benefits:
        if one.undecided is not None:
            continue
        base = _base(one.benefit, settlement, bill, decided, listed, year)
        decision = pay(one, one.tiers, base, year.used, bill)
        decided[one.benefit.id] = decision
        if not decision.allowance:
            bill.left_to_person -= decision.payable
    return Decision(settlement, tuple(decided.values()), tuple(undecided), applying.excluded)


def _applying(settlement: Settlement, year: _Year) -> Applying:
    if year.asks_of_bills:
        return applying_to(year.program, year.member, settlement, year.facts, of_bill=True)
    applying = year.applying.get(settlement.med_type)
    if applying is None:
        applying = applying_to(year.program, year.member, settlement, year.facts, of_bill=False)
        year.applying[settlement.med_type] = applying
    return applying


def _left_to_person(settlement: Settlement, amounts: Mapping[str, int], program: Program) -> int:
    left = amounts.get("personal", 0)
    for name in program.payers_before:
        left -= quantity(settlement, name) or 0
    return left


def _base(
    benefit: BenefitProgram,
    settlement: Settlement,
    bill: Bill,
    decided: Mapping[str, BenefitDecision],
    listed: Mapping[str, ListedItems],
    year: _Year,
) -> int:
    """The costs that the benefit counts, in fen; never below zero."""
    if benefit.allowance is not None:
        return allowance_sum(benefit.allowance, benefit.id, settlement, bill.day, year.used)
    if benefit.items_on is not None:
        name = benefit.items_on
        if name not in bill.listed_cost:
            # Where the list is not known, only bills that have no listed item at all come this far.
            bill.listed_cost[name] = counted_cost(name, listed.get(name, []), settlement, year.used.item)
        return bill.listed_cost[name]
    base = bill.amounts[benefit.quantity]
    for name in benefit.less_quantities:
        base -= bill.amounts[name]
    for name in benefit.less_benefits:
        if name in decided:
            base -= decided[name].payable
    return base if base > 0 else 0
