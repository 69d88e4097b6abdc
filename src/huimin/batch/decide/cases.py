"""Which benefits apply to which rows. Rows that a plan cannot tell apart are one case, and one of them is asked for
all.

The conditions themselves are asked in one place, `adjudication.applying`, for one row of each case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from huimin.adjudication.applying import Applied, Applying, applying_to, asks_of_bills
from huimin.adjudication.condition_facts import UnknownFactError, diseases_of, hospital_lists_of, member_facts
from huimin.adjudication.decisions import UndecidedBenefit
from huimin.adjudication.pre_existing import with_history
from huimin.adjudication.program import Program
from huimin.batch.table.asked_columns import BILL_COLUMNS, MEMBER_COLUMNS
from huimin.batch.table.distinct import combined, distinct
from huimin.batch.table.rows import Flags, Integers, Rows
from huimin.settlement import Member, Settlement
from huimin.settlement.care import listed, says_none

__all__ = ["Case", "Cases", "Known", "cases_of", "member_classes"]

_MOST_KNOWN, _MOST_KNOWN_TOGETHER = 1 << 14, 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """The benefits that apply to the rows of a case, or why these rows are held."""

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
        """Whether the rows are decided but no benefit applies to them."""
        return self.applying is not None and not self.benefits


@dataclass(frozen=True, slots=True)
class Cases:
    """`of_row` is the place of each row's case in `cases`."""

    of_row: Integers
    cases: tuple[Case, ...]


class Known:
    """One program's cases by the texts that tell them apart, kept because a job's parts meet the same cases again."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, ...], Case] = {}
        self._made: dict[tuple[int, ...], tuple[tuple[Case, ...], Any]] = {}

    def case(self, texts: tuple[str, ...], decide: Callable[[], Case]) -> Case:
        """The case of these texts; `decide` is called if it was not met before."""
        found = self._cases.get(texts)
        if found is None:
            found = decide()
            if len(self._cases) < _MOST_KNOWN:
                self._cases[texts] = found
        return found

    def made_of(self, cases: tuple[Case, ...], make: Callable[[], T]) -> T:
        """What `make` gives for these cases; it is called only if they were not met together before."""
        key = tuple(
            map(id, cases)
        )  # `id` is safe here: the cases are kept, so that Python gives their ids to no other object
        if key in self._made:
            return cast(T, self._made[key][1])
        made = make()
        if len(self._made) < _MOST_KNOWN_TOGETHER:
            self._made[key] = cases, made
        return made


def member_classes(program: Program, members: Rows) -> Integers:
    """A class for each member. Members of one class are alike in everything the terms may ask for, except their
    cover.
    """
    return combined([members.texts(name)[0] for name in _member_columns(program)], len(members))


def _member_columns(program: Program) -> list[str]:
    asked = program.facts_asked_for
    columns = {name for name, facts in MEMBER_COLUMNS.items() if facts & asked}
    if program.pre_existing is not None:
        columns.add("continuous_years")  # it says which of the years is the first
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
    columns = list(dict.fromkeys(column for fact, column in BILL_COLUMNS.items() if fact in asked))
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
    first, inverse = distinct(combined(keys, len(keys[0])))

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


def _case(program: Program, member: Member, settlement: Settlement) -> Case:
    member = with_history(program, member)
    facts = member_facts(program.cover_from, member)
    try:
        return Case(applying_to(program, member, settlement, facts, of_bill=asks_of_bills(program, facts)))
    except UnknownFactError as error:
        return Case(None, error.fact)
