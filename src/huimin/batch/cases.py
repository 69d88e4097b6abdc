"""Which benefits apply to which rows: rows that a plan cannot tell apart are one case, decided by one of them.

The conditions themselves are asked in one place, `adjudication.applying`, for one row of each case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from huimin.adjudication.admission import PRE_EXISTING_FACTS
from huimin.adjudication.applying import Applied, Applying, applying_to, asks_of_bills
from huimin.adjudication.decisions import UndecidedBenefit
from huimin.adjudication.facts import UnknownFactError, diseases_of, hospital_lists_of, member_facts
from huimin.adjudication.pre_existing import with_history
from huimin.adjudication.program import Program
from huimin.batch.rows import Flags, Integers, Rows
from huimin.settlement import Member, Settlement
from huimin.settlement.care import listed, says_none

__all__ = ["Case", "Cases", "Known", "cases_of", "member_classes"]

_SMALL_TABLE = 1 << 16
_MOST_KNOWN, _MOST_KNOWN_TOGETHER = 1 << 14, 64
T = TypeVar("T")
_MEMBER_COLUMNS = {
    "birth_date": frozenset({"age"}),
    "insutype": frozenset({"basic_insurance"}),
    "edition": frozenset({"edition"}),
    "continuous_years": frozenset({"continuous_years"}),
    "claim_free_years": frozenset({"claim_free_years"}),
    "pre_existing": PRE_EXISTING_FACTS,
    "diag_history": PRE_EXISTING_FACTS,
}
"""The facts of a member that a column tells."""
_BILL_COLUMNS = {
    "hospital_level": "hosp_lv",
    "hospital_list": "fixmedins_code",
    "place": "place",
    "ward": "ward",
    "settled_by_basic_insurance": "insu_settled",
    "accident": "accident",
    "disease": "diag_codes",
    "related_pre_existing": "diag_codes",
}
"""The column in which a fact of a bill is told."""


@dataclass(frozen=True, slots=True)
class Case:
    """What applies, or why the rows of the case are held."""

    applying: Applying | None
    unknown: str = ""

    @property
    def benefits(self) -> tuple[Applied, ...]:
        """The benefits that apply, or may."""
        return self.applying.benefits if self.applying is not None else ()

    @property
    def undecided(self) -> tuple[UndecidedBenefit, ...]:
        return tuple(one.undecided for one in self.benefits if one.undecided is not None)

    @property
    def nothing_applies(self) -> bool:
        """The rows are decided, and no benefit pays for them."""
        return self.applying is not None and not self.benefits


@dataclass(frozen=True, slots=True)
class Cases:
    """`of_row` is the place of each row's case in `cases`."""

    of_row: Integers
    cases: tuple[Case, ...]


class Known:
    """What is known of one program's cases, by the texts that tell them apart: a job's parts meet the same again."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, ...], Case] = {}
        self._made: dict[tuple[int, ...], tuple[tuple[Case, ...], Any]] = {}

    def case(self, texts: tuple[str, ...], decide: Callable[[], Case]) -> Case:
        """The case, decided where it was not met before."""
        found = self._cases.get(texts)
        if found is None:
            found = decide()
            if len(self._cases) < _MOST_KNOWN:
                self._cases[texts] = found
        return found

    def made_of(self, cases: tuple[Case, ...], make: Callable[[], T]) -> T:
        """What `make` gives for these very cases, made where they were not met together before."""
        key = tuple(map(id, cases))  # ids of cases that are kept, and so not given to others
        if key in self._made:
            return cast(T, self._made[key][1])
        made = make()
        if len(self._made) < _MOST_KNOWN_TOGETHER:
            self._made[key] = cases, made
        return made


def member_classes(program: Program, members: Rows) -> Integers:
    """A class of each member. Those of one class are alike in all that the terms may ask for, except their cover."""
    return _combined([members.texts(name)[0] for name in _member_columns(program)], len(members))


def _member_columns(program: Program) -> list[str]:
    asked = program.facts_asked_for
    columns = {name for name, facts in _MEMBER_COLUMNS.items() if facts & asked}
    if program.pre_existing is not None:
        columns.add("continuous_years")  # which of the years is the first
    if any(limit.per == "life" for benefit in program.benefits for limit in benefit.limits):
        columns |= {"continuous_years", "paid_before"}
    return sorted(columns)


def cases_of(
    program: Program,
    members: Rows,
    member_class: Integers,
    settlements: Rows,
    member_of: Integers,
    day: Integers,
    cover_from: Integers,
    use: Flags,
    objects: Callable[[int], tuple[Member, Settlement]],
    known: Known,
) -> Cases:
    """The cases of the rows in `use`; others have case −1. `objects` gives a row's member and settlement."""
    rows = None if use.all() else np.flatnonzero(use)
    at = slice(None) if rows is None else rows
    asked = program.facts_asked_for
    columns = list(dict.fromkeys(column for fact, column in _BILL_COLUMNS.items() if fact in asked))
    of_rows = [
        (day < cover_from[member_of] + waiting).astype(np.int64)
        for waiting in sorted({benefit.waiting_days for benefit in program.benefits} - {0})
    ]
    keys = [member_class[member_of[at]], settlements.texts("med_type")[0][at]]
    keys += [_bill_codes(program, settlements, column)[at] for column in columns]
    if program.asks_whether_items:
        codes, texts = settlements.texts("items")
        of_rows.append(np.array([int(says_none(text)) for text in texts], np.int64)[codes])
    keys += [fact[at] for fact in of_rows]
    first, inverse = _distinct(_combined(keys, len(keys[0])))

    def texts_of(row: int) -> tuple[str, ...]:
        texts = [_text(members, name, int(member_of[row])) for name in _member_columns(program)]
        texts += [_text(settlements, name, row) for name in ("med_type", *columns)]
        return *texts, *(str(fact[row]) for fact in of_rows)

    def case(row: int) -> Case:
        return _case(program, *objects(row))

    # In the order of their texts, so that parts with the same cases have them in the same order.
    firsts = (first if rows is None else rows[first]).tolist()
    told = sorted((texts_of(row), number, row) for number, row in enumerate(firsts))
    cases = tuple(known.case(texts, partial(case, row)) for texts, _, row in told)
    rank = np.empty(len(told), np.int64)
    rank[[number for _, number, _ in told]] = np.arange(len(told))
    if rows is None:
        return Cases(rank[inverse], cases)
    of_row = np.full(len(use), -1, np.int64)
    of_row[rows] = rank[inverse]
    return Cases(of_row, cases)


def _text(rows: Rows, name: str, row: int) -> str:
    codes, texts = rows.texts(name)
    return texts[int(codes[row])]


def _bill_codes(program: Program, settlements: Rows, column: str) -> Integers:
    """Codes of a column's texts; diagnoses and hospitals that the terms cannot tell apart have one code."""
    codes, texts = settlements.texts(column)
    if column == "diag_codes":
        told = [listed(text) if text else None for text in texts]
        return _grouped(codes, [(one is None, diseases_of(program, one)) for one in told])
    if column == "fixmedins_code":
        return _grouped(codes, [hospital_lists_of(program, text or None) for text in texts])
    return codes


def _grouped(codes: Integers, classes: Sequence[Any]) -> Integers:
    place = {value: n for n, value in enumerate(dict.fromkeys(classes))}
    return np.array([place[value] for value in classes], np.int64)[codes]


def _combined(keys: Sequence[Integers], length: int) -> Integers:
    """One code for each combination of codes, none larger than the number of rows."""
    combined, span = np.zeros(length, np.int64), 1
    for key in keys:
        most = int(key.max(initial=0))
        if most == 0:
            continue
        combined = key if span == 1 else combined * (most + 1) + key
        span *= most + 1
        if span > 2**31:
            combined = np.unique(combined, return_inverse=True)[1]
            span = int(combined.max()) + 1
    return combined


def _distinct(codes: Integers) -> tuple[Integers, Integers]:
    """The first row of each distinct code, and the place of every row's code among them."""
    size = int(codes.max(initial=0)) + 1
    if size > max(_SMALL_TABLE, len(codes)):
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return first, inverse
    first, inverse = _distinct_small(codes, size)
    return first, inverse


@njit(cache=True, nogil=True)
def _distinct_small(codes: Any, size: int) -> Any:
    place, first, inverse = np.full(size, -1, np.int64), np.empty(size, np.int64), np.empty(len(codes), np.int64)
    count = 0
    for row in range(len(codes)):
        if place[codes[row]] < 0:
            place[codes[row]] = count
            first[count] = row
            count += 1
        inverse[row] = place[codes[row]]
    return first[:count].copy(), inverse


def _case(program: Program, member: Member, settlement: Settlement) -> Case:
    member = with_history(program, member)
    facts = member_facts(program.cover_from, member)
    try:
        return Case(applying_to(program, member, settlement, facts, of_bill=asks_of_bills(program, facts)))
    except UnknownFactError as error:
        return Case(None, error.fact)
