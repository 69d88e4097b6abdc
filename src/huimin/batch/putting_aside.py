"""Rows that the kernel does not decide, one reason at a time: columns find them, the evaluator's functions say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from huimin.adjudication.admission import member_fault
from huimin.adjudication.facts import UnknownFactError
from huimin.adjudication.holding import listed_items, needed_amounts, refused_by_plan, refused_for_fact
from huimin.adjudication.listed_items import counted_cost, names_code
from huimin.batch.cases import Case, Cases
from huimin.batch.facts import NO_DAY
from huimin.batch.rows import Flags, Integers, date_of, days_since_epoch
from huimin.batch.work import ABSENT_IS_ZERO, Work, of_cases
from huimin.errors import Refusal
from huimin.settlement import IDENTITIES, Settlement, check_amounts
from huimin.settlement.care import item_codes
from huimin.settlement.reading import parse_groups
from huimin.settlement.record import QUANTITIES

__all__ = [
    "listed_costs",
    "refuse_amounts",
    "refuse_days",
    "refuse_held",
    "refuse_missing",
    "refuse_strangers",
    "with_payments_before",
]


def refuse_held(work: Work, cases: Cases) -> None:
    """Rows of cases in which a condition asks for something that is not known."""
    held = np.array([case.applying is None for case in cases.cases], np.bool_)
    unknown = [case.unknown for case in cases.cases]

    def refuse(row: int, setl_id: str) -> Refusal:
        return refused_for_fact(setl_id, unknown[cases.of_row[row]])

    work.put_aside(of_cases(held, cases.of_row), work.bills.ids.texts, refuse)


def refuse_strangers(work: Work) -> None:
    """Bills of nobody, and of members whose facts are faulty."""
    bills, members = work.bills, work.members
    faulty = np.zeros(len(members.rows) + 1, np.bool_)
    faulty[list(members.faulty)] = True
    by_plan = _faults_by_plan(work)
    faulty[list(by_plan)] = True

    def names(rows: Integers) -> Iterable[tuple[str, str]]:
        return zip(bills.ids.texts(rows), bills.psn_no.texts(rows), strict=True)

    def refuse(row: int, named: tuple[str, str]) -> Refusal:
        setl_id, psn_no = named
        place = int(work.member_of[row])
        if place >= 0:
            return Refusal(setl_id, "faulty_member", members.faulty.get(place) or by_plan[place])
        return Refusal(setl_id, "unknown_member", f"the members file has no psn_no {psn_no!r}")

    suspect = work.member_of < 0
    work.put_aside(suspect & bills.odd, bills.read, lambda _, settlement: settlement.fault)
    if members.faulty or by_plan:
        suspect |= faulty[work.member_of]
    work.put_aside(suspect, names, refuse)


def _faults_by_plan(work: Work) -> dict[int, str]:
    """Members, by row, whose edition or pre-existing groups the plan does not have, and what is wrong with them."""
    program, rows = work.program, work.members.rows
    editions, edition_texts = rows.texts("edition")
    groups, group_texts = rows.texts("pre_existing")
    found: dict[int, str] = {}
    for codes, faults in (
        (groups, [member_fault(program, None, parse_groups(text)) for text in group_texts]),
        (editions, [member_fault(program, text or None, ()) for text in edition_texts]),
    ):
        which = np.flatnonzero(_of_codes([fault is not None for fault in faults], codes)).tolist()
        found |= {row: faults[codes[row]] or "" for row in which}
    return found


def refuse_amounts(work: Work) -> None:
    """Rows that cannot be read, negative amounts, and sums that do not hold."""
    bills = work.bills
    suspect = bills.odd.copy()
    for values, _ in bills.amounts.values():
        if values.min(initial=0) < 0:
            suspect |= values < 0
    for identity in IDENTITIES:
        required, parts = (identity.whole, *identity.parts), (*identity.parts, *identity.optional)
        if not bills.amounts.keys() >= {*required} or bills.amounts.keys().isdisjoint(parts):
            continue  # never known as a whole, or there is nothing to compare it with
        rest = bills.quantity([(1, identity.whole), *((-1, name) for name in parts)])
        broken = rest < 0 if identity.at_most else rest != 0
        missing = bills.missing(required)
        suspect |= broken if missing is None else broken & ~missing
    work.put_aside(suspect, bills.read, lambda _, settlement: check_amounts(settlement))


def refuse_days(work: Work) -> None:
    """Outside the cover, without a day or a care setting, or in a setting whose terms are not known."""
    program, members, of = work.program, work.members, work.member_of
    first, last = days_since_epoch(program.cover_from), days_since_epoch(program.cover_to)
    suspect = _outside(work.day, of, first, last, members.cover_from, members.cover_to)
    codes, texts = work.bills.rows.texts("med_type")[0], work.bills.med_types
    suspect |= _of_codes([not text or text in program.undecided_med_types for text in texts], codes)

    def days(rows: Integers) -> Iterable[tuple[str, int, int, int]]:
        columns = work.day[rows], members.cover_from[of[rows]], members.cover_to[of[rows]]
        return zip(work.bills.ids.texts(rows), *(column.tolist() for column in columns), strict=True)

    def refuse(row: int, found: tuple[str, int, int, int]) -> Refusal | None:
        setl_id, day, since, until = found
        known = None if day == NO_DAY else date_of(day)
        return refused_by_plan(program, setl_id, texts[codes[row]] or "", known, (date_of(since), date_of(until)))

    work.put_aside(suspect, days, refuse)


@njit(cache=True, nogil=True)
def _outside(day: Any, member_of: Any, first: int, last: int, cover_from: Any, cover_to: Any) -> Any:
    """The rows whose day lies outside the plan's year or outside their member's cover."""
    found = np.zeros(len(day), np.bool_)
    for row in range(len(day)):
        member = member_of[row]
        since, until = (cover_from[member], cover_to[member]) if member >= 0 else (first, last)
        found[row] = (day[row] < max(first, since)) | (day[row] > min(last, until))
    return found


def refuse_missing(work: Work, cases: Cases) -> None:
    """Rows in which something is missing that a benefit of their case needs."""
    lists = dict(work.program.item_lists)
    applied = [{one.benefit.id for one in case.applying.benefits} if case.applying else set() for case in cases.cases]
    suspect = np.zeros(len(work.use), np.bool_)
    for benefit in work.program.benefits:
        needed = {name for quantity in benefit.needed for _, name in QUANTITIES[quantity]} - ABSENT_IS_ZERO
        lacking = [] if (missing := work.bills.missing(sorted(needed))) is None else [missing]
        if benefit.items_on is not None and lists[benefit.items_on] is not None:
            codes, texts = work.bills.rows.texts("items")
            lacking.append(_of_codes([text == "" for text in texts], codes))
        if benefit.allowance is not None and benefit.allowance.per == "day":
            lacking.append((work.bills.admission < 0) | (work.bills.discharge < work.bills.admission))
        if lacking:
            mine = of_cases(np.array([benefit.id in ids for ids in applied], np.bool_), cases.of_row)
            suspect |= mine & np.logical_or.reduce(lacking)

    def refuse(row: int, settlement: Settlement) -> Refusal | None:
        applying = cases.cases[cases.of_row[row]].applying
        found = None if applying is None else needed_amounts(settlement, applying, lists)
        return found if isinstance(found, Refusal) else None

    work.put_aside(suspect, work.bills.read, refuse)


def listed_costs(work: Work, cases: Cases) -> tuple[dict[str, Integers], Flags]:
    """By list the cost of each row's listed items; and the members for whom it depends on the year so far."""
    lists = dict(work.program.item_lists)
    costs = {name: np.zeros(len(work.use), np.int64) for name, items in lists.items() if items is not None}
    exact = np.zeros(len(work.members.rows) + 1, np.bool_)
    if not costs:
        return costs, exact
    codes, texts = work.bills.rows.texts("items")
    known = [item for items in lists.values() for item in items or ()]
    is_listed = cache(lambda code: any(names_code(item, code) for item in known))
    with_items = _of_codes([text != "" and any(map(is_listed, item_codes(text))) for text in texts], codes)
    asks = np.array([_asks_for_items(case) for case in cases.cases], np.bool_)

    def count(row: int, settlement: Settlement) -> Refusal | None:
        applying = cases.cases[cases.of_row[row]].applying
        assert applying is not None, "cases that are held were put aside"  # noqa: S101
        try:
            found = listed_items(settlement, applying, lists)
        except UnknownFactError as error:
            return refused_for_fact(settlement.setl_id, error.fact)
        for name, items in found.items():
            if any(item.month_limit is not None or item.year_limit is not None for item, _ in items):
                exact[work.member_of[row]] = True
            costs[name][row] = counted_cost(name, items, settlement, {})
        return None

    work.put_aside(with_items & of_cases(asks, cases.of_row), work.bills.read, count)
    return costs, exact


def _asks_for_items(case: Case) -> bool:
    return case.applying is not None and any(one.benefit.items_on is not None for one in case.applying.benefits)


def with_payments_before(work: Work) -> Flags:
    """Members of whom limits for life have paid something in earlier years."""
    codes, texts = work.members.rows.texts("paid_before")
    return np.append(_of_codes([text not in ("", "0") for text in texts], codes), False)


def _of_codes(which: Sequence[bool], codes: Integers) -> Flags:
    """The rows whose code is one of `which`."""
    return np.array(which, np.bool_)[codes] if any(which) else np.zeros(len(codes), np.bool_)
