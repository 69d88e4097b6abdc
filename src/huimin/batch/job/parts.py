"""Decides one part of a job: its decisions as a file, its refusals, and sums that can be added to those of other
parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.adjudication import Program, compile_plan
from huimin.batch.decide.by_column import Decided, decide_columns
from huimin.batch.decide.cases import Known
from huimin.batch.decide.result_rows import AMOUNTS, DECISION_COLUMNS, csv_text
from huimin.batch.decide.sums import Sums
from huimin.batch.parquet.decisions import decisions_table, write_parquet
from huimin.batch.reports.account import Paid, account_tally, change_tally
from huimin.batch.table.asked_columns import lacking_columns
from huimin.batch.table.fact_columns import Members, Settlements
from huimin.batch.table.gathering import gathered_column
from huimin.batch.table.rows import Integers, Rows
from huimin.money import format_yuan
from huimin.terms.loading import LoadedPlan

__all__ = [
    "PartResult",
    "Task",
    "decide_part",
    "decisions_of",
    "write_decisions",
]


class Asked(Protocol):
    """The part of a request that concerns the decisions themselves and not the engine that makes them."""

    @property
    def plan(self) -> LoadedPlan: ...
    @property
    def compare(self) -> LoadedPlan | None: ...
    @property
    def account(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a job: the program; one to compare it with; whether to account for the year."""

    program: Program
    first_day: date
    compared: Program | None = None
    account: bool = False
    known: tuple[Known, Known] = field(default_factory=lambda: (Known(), Known()), compare=False, repr=False)
    """The cases that parts have met so far, of the program and of the one it is compared with."""

    @classmethod
    def of(cls, request: Asked) -> Task:
        compared = None if request.compare is None else compile_plan(request.compare.plan)
        return cls(compile_plan(request.plan.plan), request.plan.plan.cover.first_day, compared, request.account)

    def lacking(self, members: Collection[str], bills: Collection[str]) -> list[str]:
        """The sentences of `lacking_columns` for both programs."""
        programs = [program for program in (self.program, self.compared) if program is not None]
        return list(dict.fromkeys(one for program in programs for one in lacking_columns(program, members, bills)))


@dataclass(frozen=True, slots=True)
class PartResult:
    """`decisions` in the order of the members' years. `refused` and `undecided` are sorted rows of files."""

    decisions: pa.Table
    refused: pa.Table
    undecided: list[tuple[str, ...]]
    sums: Sums


def decide_part(
    task: Task,
    members: Members,
    rows: Rows,
    member_of: Integers | None = None,
    *,
    threads: int = 1,
    repeated: bool = True,
) -> PartResult:
    """Decide `rows`, which must be whole years of members.

    `repeated`: whether some id may occur twice among them.
    """
    bills = Settlements(rows)

    def decide(program: Program, known: Known) -> Decided:
        return decide_columns(
            program, members, bills, member_of=member_of, threads=threads, repeated=repeated, known=known
        )

    decided = decide(task.program, task.known[0])
    names = _names(task.program)
    sums = _sums(task.program, decided)
    if task.account:
        sums.account = account_tally(names, members.rows, decided)
    if task.compared is not None:
        before = decide(task.compared, task.known[1])
        old, new = (
            Paid.of(_names(program), found, len(members))
            for program, found in ((task.compared, before), (task.program, decided))
        )
        sums.changes = change_tally(task.first_day, old, new, members.rows)
    undecided = decided.undecided.texts(bills)
    return PartResult(decisions_of(task.program, rows, decided), decided.refused.table(), undecided, sums)


def _sums(program: Program, decided: Decided) -> Sums:
    lines, names = decided.lines, program.line_names
    totals, count = _sums_by(lines.benefit, lines.payable, len(names))
    sums = Sums(
        decided.adjudicated,
        len(decided.undecided),
        int(count[-1]),
        decided.cancelled,
        decided.one_by_one,
        decided.refused.by_code(),
    )
    sums.payable = {
        ("payable", name): [int(totals[place]), int(count[place])] for place, name in enumerate(_names(program))
    }
    sums.unknown = {
        (benefit, f"{term}: {why}"): [bills]
        for (benefit, term, why), bills in decided.undecided.bills_by_term().items()
    }
    return sums


@njit(cache=True, nogil=True)
def _sums_by(code: Any, values: Any, codes: int) -> Any:
    """The sum of the values of each code, and the number of rows of each code."""
    found, count = np.zeros(codes, np.int64), np.zeros(codes, np.int64)
    for row in range(len(code)):
        found[code[row]] += values[row]
        count[code[row]] += 1
    return found, count


def _names(program: Program) -> list[str]:
    return [benefit.id for benefit in program.benefits]


def decisions_of(program: Program, settlements: Rows, decided: Decided) -> pa.Table:
    """The lines with the ids of their bills and members; amounts in fen."""
    lines = decided.lines
    ids = [gathered_column(settlements.table.column(name), lines.row) for name in ("setl_id", "psn_no")]
    return decisions_table(program, ids, lines.benefit, [getattr(lines, name) for name in AMOUNTS])


def write_decisions(path: Path, table: pa.Table, *, header: bool) -> None:
    """Parquet (fen), or by the ending CSV (yuan), with or without the names of columns above it."""
    if path.suffix == ".parquet":
        write_parquet(str(path), table)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(csv_text([DECISION_COLUMNS] if header else [], _in_yuan(table)))


def _in_yuan(decisions: pa.Table) -> Iterator[tuple[str, ...]]:
    """Rows as text, amounts in yuan with two decimals."""
    names = [*DECISION_COLUMNS[:3], *(f"{name}_fen" for name in AMOUNTS)]
    for setl_id, psn_no, benefit, *amounts in zip(*(decisions.column(name).to_pylist() for name in names), strict=True):
        yield (str(setl_id), str(psn_no), benefit, *map(format_yuan, amounts))
