"""Puts aside rows that the kernel does not decide, one reason at a time. Columns find them; the evaluator's functions
give the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from huimin.adjudication.admission import member_fault
from huimin.adjudication.condition_facts import UnknownFactError
from huimin.adjudication.holding import Lists, listed_items, needed_amounts, refused_by_plan, refused_for_fact
from huimin.adjudication.listed_items import counted_cost, names_code
from huimin.adjudication.program import BenefitProgram
from huimin.batch.decide.cases import Case, Cases
from huimin.batch.decide.rows_in_use import ABSENT_IS_ZERO, Work, of_cases
from huimin.batch.decide.strangers import unknown_member
from huimin.batch.table.bytes_of_texts import marked_texts
from huimin.batch.table.fact_columns import NO_DAY
from huimin.batch.table.rows import Flags, Integers, date_of, days_since_epoch
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
    """Refuse rows of cases in which a condition asks for something that is not known."""
    held = np.array([case.applying is None for case in cases.cases], np.bool_)
    unknown = [case.unknown for case in cases.cases]

    def refuse(row: int) -> Refusal:
        return refused_for_fact("", unknown[cases.of_row[row]])

    work.put_aside_alike(of_cases(held, cases.of_row), lambda rows: [cases.of_row[rows]], refuse)


def refuse_strangers(work: Work) -> None:
    """Refuse bills of people whom the members file does not have, and bills of members whose facts are faulty."""
    bills, members = work.bills, work.members
    faulty = np.zeros(len(members.rows) + 1, np.bool_)
    faulty[list(members.faulty)] = True
    by_plan = _faults_by_plan(work)
    faulty[list(by_plan)] = True

    def refuse(row: int) -> Refusal:
        place = int(work.member_of[row])
        return Refusal("", "faulty_member", members.faulty.get(place) or by_plan[place])

    strangers = work.member_of < 0
    work.put_aside(strangers & bills.odd, bills.read, lambda _, settlement: settlement.fault)
    _refuse_unknown(work, np.flatnonzero(strangers & work.use))
    if members.faulty or by_plan:
        work.put_aside_alike(faulty[work.member_of], lambda rows: [work.member_of[rows]], refuse)


def _refuse_unknown(work: Work, rows: Integers) -> None:
    """Refuse rows of people whom the members file does not have. The reason quotes their number as Python's repr
    does.
    """
    names = work.bills.psn_no.take(rows).as_text()
    before, after = unknown_member("", _NAME).reason.split(_NAME)
    reasons = pc.binary_join_element_wise(before, names, after, "")
    written_otherwise = marked_texts(names, _NOT_AS_WRITTEN)
    if written_otherwise.any():
        said = [unknown_member("", name).reason for name in names.filter(pa.array(written_otherwise)).to_pylist()]
        reasons = pc.replace_with_mask(reasons, pa.array(written_otherwise), pa.array(said, pa.string()))
    codes = pa.array([unknown_member("", _NAME).code], pa.string()).take(pa.array(np.zeros(len(rows), np.int64)))
    work.put_aside_rows(rows, codes, reasons)


_NAME = "NAME"
_NOT_AS_WRITTEN = bytes(range(0x20)) + b"'\\" + bytes(range(0x7F, 0x100))
"""Bytes that Python's repr may write differently from the text."""


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
    """Refuse rows that cannot be read, negative amounts, and amounts that do not add up."""
    bills = work.bills
    suspect = bills.odd.copy()
    for values, _ in bills.amounts.values():
        if values.min(initial=0) < 0:
            suspect |= values < 0
    for identity in IDENTITIES:
        required, parts = (identity.whole, *identity.parts), (*identity.parts, *identity.optional)
        if not bills.amounts.keys() >= {*required} or bills.amounts.keys().isdisjoint(parts):
            continue  # no row reports all of it, or there is nothing to compare it with
        rest = bills.quantity([(1, identity.whole), *((-1, name) for name in parts)])
        broken = rest < 0 if identity.at_most else rest != 0
        missing = bills.missing(required)
        suspect |= broken if missing is None else broken & ~missing
    work.put_aside(suspect, bills.read, lambda _, settlement: check_amounts(settlement))


def refuse_days(work: Work) -> None:
    """Refuse rows outside the cover, without a day or a care setting, or in a setting whose terms are not known."""
    program, members, of = work.program, work.members, work.member_of
    first, last = days_since_epoch(program.cover_from), days_since_epoch(program.cover_to)
    suspect = _outside(work.day, of, first, last, members.cover_from, members.cover_to)
    codes, texts = work.bills.rows.texts("med_type")[0], work.bills.med_types
    suspect |= _of_codes([not text or text in program.undecided_med_types for text in texts], codes)

    def refuse(row: int) -> Refusal | None:
        day = int(work.day[row])
        since, until = (date_of(int(column[of[row]])) for column in (members.cover_from, members.cover_to))
        known = None if day == NO_DAY else date_of(day)
        return refused_by_plan(program, "", texts[codes[row]] or "", known, (since, until))

    def keys(rows: Integers) -> list[Integers]:
        days = work.day[rows], members.cover_from[of[rows]], members.cover_to[of[rows]]
        return [codes[rows], *(np.unique(column, return_inverse=True)[1] for column in days)]

    work.put_aside_alike(suspect, keys, refuse)


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
    """Refuse rows that lack something a benefit of their case needs."""
    lists = dict(work.program.item_lists)
    applied = [{one.benefit.id for one in case.applying.benefits} if case.applying else set() for case in cases.cases]
    lacks: dict[str, Flags] = {}
    suspect = np.zeros(len(work.use), np.bool_)
    for benefit in work.program.benefits:
        mine = of_cases(np.array([benefit.id in ids for ids in applied], np.bool_), cases.of_row)
        for name in _asked_for(benefit, lists):
            if name not in lacks:
                lacks[name] = _lacking(work, name)
            suspect |= mine & lacks[name]

    def refuse(row: int) -> Refusal | None:
        applying = cases.cases[cases.of_row[row]].applying
        settlement = next(work.bills.read(np.array([row])))
        found = None if applying is None else needed_amounts(settlement, applying, lists)
        return found if isinstance(found, Refusal) else None

    def keys(rows: Integers) -> list[Integers]:
        return [cases.of_row[rows], *(flags[rows].astype(np.int64) for flags in lacks.values())]

    work.put_aside_alike(suspect, keys, refuse)


_ITEMS, _DAYS = "items", "days"


def _asked_for(benefit: BenefitProgram, lists: Lists) -> list[str]:
    """What a benefit needs from a bill: amounts by their columns, its items, the days of its stay."""
    asked = sorted({name for quantity in benefit.needed for _, name in QUANTITIES[quantity]} - ABSENT_IS_ZERO)
    if benefit.items_on is not None and lists[benefit.items_on] is not None:
        asked.append(_ITEMS)
    if benefit.allowance is not None and benefit.allowance.per == "day":
        asked.append(_DAYS)
    return asked


def _lacking(work: Work, name: str) -> Flags:
    """The rows that lack this item of what benefits need."""
    if name == _ITEMS:
        codes, texts = work.bills.rows.texts("items")
        return _of_codes([text == "" for text in texts], codes)
    if name == _DAYS:
        return np.asarray((work.bills.admission < 0) | (work.bills.discharge < work.bills.admission))
    missing = work.bills.missing([name])
    return np.zeros(len(work.use), np.bool_) if missing is None else missing


def listed_costs(work: Work, cases: Cases) -> tuple[dict[str, Integers], Flags]:
    """The cost of each row's listed items, by list, in fen; and the members for whom it depends on the year so far."""
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
    """Members to whom lifetime limits have paid something in earlier years."""
    codes, texts = work.members.rows.texts("paid_before")
    return np.append(_of_codes([text not in ("", "0") for text in texts], codes), False)


def _of_codes(which: Sequence[bool], codes: Integers) -> Flags:
    """The rows whose code is one of `which`."""
    return np.array(which, np.bool_)[codes] if any(which) else np.zeros(len(codes), np.bool_)
