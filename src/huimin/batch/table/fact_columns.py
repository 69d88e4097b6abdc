"""Members and settlements as columns. Whatever cannot be read in bulk is left to the row readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

import numpy as np

from huimin.batch.table.identifiers import Names
from huimin.batch.table.rows import MISSING, ODD, PLAIN, Flags, Integers, Rows, date_of, days_since_epoch
from huimin.errors import InputError, Refusal
from huimin.settlement import AMOUNT_FIELDS, CARE_COLUMNS, Member, Settlement, care_from_row
from huimin.settlement.member import completed_years
from huimin.settlement.reading import (
    LONGEST_ID,
    LONGEST_PSN_NO,
    member_from_row,
    members_from_rows,
    missing_id,
    parse_day,
    parse_time,
    settlement_from_row,
    text_fault,
)
from huimin.settlement.vocabulary import MED_TYPE_WORDS

__all__ = ["NO_DAY", "Members", "Settlements", "ages_of", "missing_ids", "unusable_ids"]

_COVER = ("cover_from", "cover_to")
_WORDS = ("sex", "insutype")
_HISTORY = ("birth_date", "continuous_years", "claim_free_years", "diag_history", "paid_before")


def ages_of(members: Rows, first_day: date) -> Integers:
    """Completed years on a day by member; −1 where the birth date is not known."""
    codes, born = members.parsed("birth_date", parse_day)
    return np.array([-1 if day is None else completed_years(day, first_day) for day in born], np.int64)[codes]


def unusable_ids(ids: Names) -> Flags:
    """Rows without an id, or with one that is too long."""
    return ids.empty | ids.longer_than(LONGEST_ID)


def missing_ids(rows: Rows, ids: Names, unusable: Flags) -> list[Refusal]:
    """A refusal for each row without a usable id, naming its place."""
    which = np.flatnonzero(unusable)
    return [missing_id(rows.where(row), text) for row, text in zip(which.tolist(), ids.texts(which), strict=True)]


class Members:
    """Members sorted by their number as text. `faulty` has, by row, why that member's bills cannot be decided."""

    def __init__(self, rows: Rows) -> None:
        order = Names(rows.column("psn_no")).order
        if order is not None:
            rows = rows.take(order)
        self.rows = rows
        self.psn_no = Names(rows.column("psn_no"))
        self.cover_from, self.cover_to = (self._days(name) for name in _COVER)
        self.faulty: dict[int, str] = {}
        self._find_faults()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first_day(self) -> date:
        """The earliest day on which a cover begins; the first of 1970 where none is known."""
        known = self.cover_from[self.cover_from >= 0]
        return date_of(int(known.min()) if len(known) else 0)

    def slice(self, first: int, end: int) -> Members:
        """Members `first` to `end` − 1, with what is known of them."""
        part = object.__new__(Members)
        part.rows = self.rows.slice(first, end)
        part.psn_no = Names(part.rows.column("psn_no"))
        part.cover_from, part.cover_to = self.cover_from[first:end], self.cover_to[first:end]
        part.faulty = {row - first: reason for row, reason in self.faulty.items() if first <= row < end}
        return part

    def _days(self, name: str) -> Integers:
        codes, days = self.rows.parsed(name, parse_day)
        return np.array([-1 if day is None else days_since_epoch(day) for day in days], np.int64)[codes]

    def _find_faults(self) -> None:
        """Rows that may be faulty are read one by one; the others are plain."""
        odd = (self.cover_from < 0) | (self.cover_to < 0) | (self.cover_to < self.cover_from)
        for name in (*_HISTORY, *_WORDS):
            codes, texts = self.rows.texts(name)
            faulty = np.array([not _can_be_read(name, text) for text in texts], np.bool_)
            odd |= faulty[codes]
        odd |= self.psn_no.empty | self.psn_no.spoilt
        odd |= self.psn_no.like_a_neighbour
        suspects = np.flatnonzero(odd)
        suspect = dict(zip(suspects.tolist(), self.rows.as_text(suspects), strict=True))
        found = members_from_rows(suspect.values()).faulty
        for index, row in suspect.items():
            if row["psn_no"] in found:
                self.faulty[index] = found[row["psn_no"]]

    def read(self, indices: Integers) -> Iterator[Member]:
        """Members as the evaluator's objects."""
        return map(member_from_row, self.rows.as_text(indices))


class Settlements:
    """Bills by column. `odd` marks rows that the row reader must read, so that they are refused with its reason."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        names = set(rows.names)
        self.ids = Names(rows.column("setl_id"))
        self.psn_no = Names(rows.column("psn_no"))
        self.time, time_state = rows.moments("setl_time", parse_time)
        self.amounts = {name: rows.fen(name) for name in AMOUNT_FIELDS if name in names}
        self.admission, first_state = self._day("begndate")
        self.discharge, last_state = self._day("enddate")
        self.odd: Flags = time_state != PLAIN
        for states in (first_state, last_state, *(states for _, states in self.amounts.values())):
            if states.any():
                self.odd |= states == ODD
        for column in CARE_COLUMNS:
            if column in names:
                codes, texts = rows.texts(column)
                self.odd |= np.array([not _care_can_be_read(column, text) for text in texts], np.bool_)[codes]
        self.odd |= np.array([one is None for one in self.med_types], np.bool_)[rows.texts("med_type")[0]]
        named = (self.ids, LONGEST_ID), (Names(rows.column("reverses")), LONGEST_ID), (self.psn_no, LONGEST_PSN_NO)
        for ids, longest in named:
            if len(ids):
                self.odd |= ids.spoilt | ids.longer_than(longest)
        self.odd |= self.psn_no.empty

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def med_types(self) -> list[str | None]:
        """For each code of the column's texts the national code; empty if nothing was reported, None if it cannot be
        read.
        """
        return [_med_type(text) for text in self.rows.texts("med_type")[1]]

    def _day(self, name: str) -> tuple[Integers, np.ndarray]:
        if self.rows.column(name) is None:
            return np.full(len(self), NO_DAY, np.int64), np.full(len(self), MISSING, np.int8)
        seconds, states = self.rows.moments(name, parse_time)
        return np.where(states == PLAIN, seconds // 86_400, NO_DAY), states

    def day(self, bill_date: str) -> Integers:
        """The day that places each bill in a cover year, in days since 1970; `NO_DAY` if it was not reported."""
        if bill_date == "settlement":
            return self.time // 86_400
        return self.admission if bill_date == "admission" else self.discharge

    @cached_property
    def unusable(self) -> Flags:
        return unusable_ids(self.ids)

    def read(self, indices: Integers) -> Iterator[Settlement]:
        """Bills as the evaluator's objects."""
        return map(settlement_from_row, self.rows.as_text(indices))

    def quantity(self, parts: Iterable[tuple[int, str]]) -> Integers:
        """A signed sum of reported amounts, in fen. The array may be shared and must not be changed."""
        total = self._nothing
        for sign, name in parts:
            if name in self.amounts:
                values, states = self.amounts[name]
                if name not in self.reported:
                    values = np.where(states == PLAIN, values, 0)
                if total is self._nothing and sign == 1:
                    total = values
                else:
                    total = total + values if sign == 1 else total - values
        return total

    def missing(self, names: Iterable[str]) -> Flags | None:
        """The rows in which one of these amounts was not reported; None if there are none."""
        found = None
        for name in names:
            if name not in self.amounts:
                return np.ones(len(self), np.bool_)
            if name not in self.reported:
                states = self.amounts[name][1] != PLAIN
                found = states if found is None else found | states
        return found

    @cached_property
    def reported(self) -> frozenset[str]:
        """Amounts that every row has, and that could be read."""
        return frozenset(name for name, (_, states) in self.amounts.items() if not states.any())

    @cached_property
    def _nothing(self) -> Integers:
        return np.zeros(len(self), np.int64)


NO_DAY = -(10**9)
"""The day of a bill whose day was not reported."""


_A_DAY = str(date(2000, 1, 1))


def _can_be_read(name: str, text: str) -> bool:
    """Whether a member whose other facts are plain could be read with this one."""
    try:
        member_from_row({"psn_no": "x", "cover_from": _A_DAY, "cover_to": _A_DAY, name: text})
    except InputError:
        return False
    return True


def _med_type(text: str) -> str | None:
    try:
        return MED_TYPE_WORDS.read(text) if text else ""
    except InputError:
        return None


def _care_can_be_read(column: str, text: str) -> bool:
    try:
        care_from_row({column: text})
    except InputError:
        return False
    return text_fault("", {column: text}) is None
