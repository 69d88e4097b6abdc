"""The state of a decision by column: which rows are still in use, which were put aside, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa

from huimin.adjudication.program import Program
from huimin.batch.decide.refusals import Refusals
from huimin.batch.table.distinct import combined, distinct
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.rows import Flags, Integers
from huimin.errors import Refusal
from huimin.settlement import Member, Settlement
from huimin.settlement.record import OTHER_PAYERS

__all__ = ["ABSENT_IS_ZERO", "LINE_COLUMNS", "Lines", "Work", "of_cases"]

T = TypeVar("T")
ABSENT_IS_ZERO = frozenset(OTHER_PAYERS)
LINE_COLUMNS = ("row", "benefit", "base", "deductible_applied", "excess", "payable")


@dataclass(slots=True)
class Lines:
    """Decisions: the row of the bill, the place of the benefit in the program, and fen. All of one length."""

    row: Integers
    benefit: Integers
    base: Integers
    deductible_applied: Integers
    excess: Integers
    payable: Integers

    def take(self, places: Integers) -> Lines:
        return Lines(*(getattr(self, name)[places] for name in LINE_COLUMNS))


@dataclass(slots=True)
class Work:
    """`member_of` is each bill's member, −1 for a stranger; `day` the day that places it in the cover year."""

    program: Program
    members: Members
    bills: Settlements
    member_of: Integers
    use: Flags
    day: Integers
    refused: Refusals = field(default_factory=Refusals)
    cancelled: int = 0

    @classmethod
    def on(cls, program: Program, members: Members, bills: Settlements, member_of: Integers | None = None) -> Work:
        """Begin with all rows in use. `member_of` can be given if it is known already."""
        if member_of is None:
            member_of = bills.psn_no.places_in(members.psn_no)
        return cls(program, members, bills, member_of, np.ones(len(bills), np.bool_), bills.day(program.bill_date))

    def put_aside(
        self, which: Flags, read: Callable[[Integers], Iterable[T]], refuse: Callable[[int, T], Refusal | None]
    ) -> None:
        """Refuse the rows of `which` that are in use.

        `read(rows)` gives what `refuse` needs for each row. `refuse(row, what)` returns the refusal, or None if the row
        may stay.
        """
        rows = np.flatnonzero(which & self.use)
        for row, what in zip(rows.tolist(), read(rows), strict=True):
            refusal = refuse(row, what)
            if refusal is not None:
                self.refused.add([refusal])
                self.use[row] = False

    def put_aside_alike(
        self, which: Flags, keys: Callable[[Integers], Sequence[Integers]], refuse: Callable[[int], Refusal | None]
    ) -> None:
        """Refuse the rows of `which` that are in use; rows that are equal in all keys are refused for one reason.

        `keys(rows)` are columns of codes. `refuse(row)` returns the refusal, or None if the rows may stay. It is called
        once for all rows with equal keys, so its code and reason may depend on nothing but the keys.
        """
        rows = np.flatnonzero(which & self.use)
        if not rows.size:
            return
        first, kind = distinct(combined(keys(rows), len(rows)))
        found = [refuse(int(row)) for row in rows[first]]
        out = np.array([one is not None for one in found], np.bool_)[kind]
        self.put_aside_rows(
            rows[out],
            pa.array(["" if one is None else one.code for one in found], pa.string()).take(pa.array(kind[out])),
            pa.array(["" if one is None else one.reason for one in found], pa.string()).take(pa.array(kind[out])),
        )

    def put_aside_rows(self, rows: Integers, codes: pa.Array, reasons: pa.Array) -> None:
        """Refuse these rows, each with its code and its reason."""
        self.refused.add_rows(self.bills.ids.take(rows).as_text(), codes, reasons)
        self.use[rows] = False

    def objects(self, row: int) -> tuple[Member, Settlement]:
        """A row's member and settlement as the evaluator's objects."""
        return next(self.members.read(self.member_of[[row]])), next(self.bills.read(np.array([row])))


def of_cases(which: Flags, of_row: Integers) -> Flags:
    """The rows whose case is one of `which`; rows of no case (−1) are not."""
    return np.append(which, False)[of_row] if which.any() else np.zeros(len(of_row), np.bool_)
