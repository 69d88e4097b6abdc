"""One part of a job decided: its decisions as a file, its refusals, and sums that add up with those of other parts."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numba import njit

from huimin.adjudication import Program, compile_plan
from huimin.batch.account import Paid, Tally, account_tally, added, change_tally
from huimin.batch.cases import Known
from huimin.batch.columns import Decided, decide_columns
from huimin.batch.facts import Members, Settlements
from huimin.batch.gathering import gathered_column
from huimin.batch.packed_parquet import can_be_packed, write_packed
from huimin.batch.rows import Integers, Rows
from huimin.errors import Refusal
from huimin.money import format_yuan
from huimin.settlement.cells import write_csv
from huimin.terms.loading import LoadedPlan

__all__ = [
    "FEN",
    "PartResult",
    "Sums",
    "Task",
    "csv_text",
    "decide_part",
    "decisions_table",
    "refusal_row",
    "write_decisions",
    "write_parquet",
]

FEN = ("base", "deductible_applied", "excess", "payable")
DECISION_COLUMNS = ("setl_id", "psn_no", "benefit", *FEN)


class Asked(Protocol):
    """What a request says of the decisions, whatever engine makes them."""

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
    """Cases of the program, and of the one it is compared with, that parts have met."""

    @classmethod
    def of(cls, request: Asked) -> Task:
        compared = None if request.compare is None else compile_plan(request.compare.plan)
        return cls(compile_plan(request.plan.plan), request.plan.plan.cover.first_day, compared, request.account)


@dataclass(slots=True)
class Sums:
    """Of a part, or of several."""

    adjudicated: int = 0
    undecided: int = 0
    not_covered: int = 0
    """Of the adjudicated bills: those to which no benefit applies."""
    cancelled: int = 0
    one_by_one: int = 0
    """Members who were decided by the evaluator."""
    refused: Counter[str] = field(default_factory=Counter)
    payable: Tally = field(default_factory=dict)
    """[fen, lines] by ("payable", benefit)."""
    unknown: Tally = field(default_factory=dict)
    """[bills] by (undecided benefit, what is not known of it and why)."""
    changes: Tally = field(default_factory=dict)
    account: Tally = field(default_factory=dict)

    def with_refusals(self, refusals: Iterable[Refusal]) -> Sums:
        self.refused.update(refusal.code for refusal in refusals)
        return self

    @classmethod
    def of(cls, parts: Sequence[Sums]) -> Sums:
        whole = cls(refused=sum((part.refused for part in parts), Counter()))
        for name in _COUNTS:
            setattr(whole, name, sum(getattr(part, name) for part in parts))
        for name in _TALLIES:
            setattr(whole, name, added(getattr(part, name) for part in parts))
        return whole

    def to_json(self) -> dict[str, Any]:
        tallies = {name: [[*key, *found] for key, found in getattr(self, name).items()] for name in _TALLIES}
        return {**{name: getattr(self, name) for name in _COUNTS}, "refused": dict(self.refused), **tallies}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Sums:
        sums = cls(refused=Counter(found["refused"]))
        for name in _COUNTS:
            setattr(sums, name, int(found[name]))
        for name in _TALLIES:
            setattr(sums, name, {(one, other): tally for one, other, *tally in found[name]})
        return sums


_COUNTS = ("adjudicated", "undecided", "not_covered", "cancelled", "one_by_one")
_TALLIES = ("payable", "unknown", "changes", "account")


@dataclass(frozen=True, slots=True)
class PartResult:
    """`decisions` in the order of the members' years; `refused` and the rows of undecided.csv sorted."""

    decisions: pa.Table
    refused: list[Refusal]
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
    """`rows` are whole years of members.

    `repeated`: whether some id may stand twice among them.
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
    return PartResult(decisions_table(task.program, rows, decided), decided.refused, undecided, sums)


def _sums(program: Program, decided: Decided) -> Sums:
    lines, names = decided.lines, program.line_names
    totals, count = _sums_by(lines.benefit, lines.payable, len(names))
    sums = Sums(
        decided.adjudicated, len(decided.undecided), int(count[-1]), decided.cancelled, decided.one_by_one
    ).with_refusals(decided.refused)
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
    """The sum of the values of each code, and the rows of each code."""
    found, count = np.zeros(codes, np.int64), np.zeros(codes, np.int64)
    for row in range(len(code)):
        found[code[row]] += values[row]
        count[code[row]] += 1
    return found, count


def _names(program: Program) -> list[str]:
    return [benefit.id for benefit in program.benefits]


def decisions_table(program: Program, settlements: Rows, decided: Decided) -> pa.Table:
    """The lines with the ids of their bills and members; amounts in fen."""
    lines = decided.lines
    names = pa.array(program.line_names, pa.string())
    columns = {
        "setl_id": gathered_column(settlements.table.column("setl_id"), lines.row),
        "psn_no": gathered_column(settlements.table.column("psn_no"), lines.row),
        "benefit": pa.DictionaryArray.from_arrays(pa.array(lines.benefit.astype(np.int32)), names),
        **{f"{name}_fen": pa.array(getattr(lines, name)) for name in FEN},
    }
    schema = pa.schema([pa.field(name, column.type, nullable=False) for name, column in columns.items()])
    return pa.table(columns, schema=schema)


def write_decisions(path: Path, table: pa.Table, *, header: bool) -> None:
    """Parquet (fen), or by the ending CSV (yuan), with or without the names of columns above it."""
    if path.suffix == ".parquet":
        write_parquet(str(path), table)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(csv_text([DECISION_COLUMNS] if header else [], _in_yuan(table)))


def write_parquet(path: str, table: pa.Table, files: Any = None) -> None:
    """Decisions in Parquet, at a path of this machine or of the file system `files` (of pyarrow.fs)."""
    if can_be_packed(table):
        with open(path, "wb") if files is None else files.open_output_stream(path) as file:  # noqa: PTH123
            write_packed(file, table, "psn_no")
        return
    # Texts as ids: differences of neighbours packed in bits are smaller than compressed pages, here too.
    packed = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    texts = [name for name in table.column_names if name not in packed]
    pq.write_table(
        table,
        path,
        filesystem=files,
        use_dictionary=texts,
        column_encoding=dict.fromkeys(packed, "DELTA_BINARY_PACKED"),
        compression={name: "snappy" if name in texts else "none" for name in table.column_names},
        write_statistics=["psn_no"],
    )


def _in_yuan(decisions: pa.Table) -> Iterator[tuple[str, ...]]:
    """Rows as text, amounts in yuan with two decimals."""
    names = [*DECISION_COLUMNS[:3], *(f"{name}_fen" for name in FEN)]
    for setl_id, psn_no, benefit, *amounts in zip(*(decisions.column(name).to_pylist() for name in names), strict=True):
        yield (str(setl_id), str(psn_no), benefit, *map(format_yuan, amounts))


def refusal_row(refusal: Refusal) -> tuple[str, str, str]:
    return refusal.setl_id, refusal.code, refusal.reason


def csv_text(*groups: Iterable[Sequence[str]]) -> str:
    """Rows as CSV in which no spreadsheet finds a formula (settlement.cells)."""
    buffer = io.StringIO(newline="")
    write_csv(buffer, *groups)
    return buffer.getvalue()
