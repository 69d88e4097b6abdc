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
from huimin.batch.account import Tally, account_tally, added, change_tally, paid_by_member
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
    cancelled: int = 0
    one_by_one: int = 0
    """Members who were decided by the evaluator."""
    refused: Counter[str] = field(default_factory=Counter)
    payable: Tally = field(default_factory=dict)
    """[fen] by ("payable", benefit)."""
    changes: Tally = field(default_factory=dict)
    account: Tally = field(default_factory=dict)

    def with_refusals(self, refusals: Iterable[Refusal]) -> Sums:
        self.refused.update(refusal.code for refusal in refusals)
        return self

    @classmethod
    def of(cls, parts: Sequence[Sums]) -> Sums:
        return cls(
            sum(part.adjudicated for part in parts),
            sum(part.cancelled for part in parts),
            sum(part.one_by_one for part in parts),
            sum((part.refused for part in parts), Counter()),
            *(added(getattr(part, name) for part in parts) for name in ("payable", "changes", "account")),
        )

    def to_json(self) -> dict[str, Any]:
        tallies = {name: [[*key, *found] for key, found in getattr(self, name).items()] for name in _TALLIES}
        return {
            "adjudicated": self.adjudicated,
            "cancelled": self.cancelled,
            "one_by_one": self.one_by_one,
            "refused": dict(self.refused),
            **tallies,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Sums:
        tallies = ({(one, other): sums for one, other, *sums in found[name]} for name in _TALLIES)
        adjudicated, cancelled, one_by_one = (int(found[name]) for name in ("adjudicated", "cancelled", "one_by_one"))
        return cls(adjudicated, cancelled, one_by_one, Counter(found["refused"]), *tallies)


_TALLIES = ("payable", "changes", "account")


def decide_part(
    task: Task,
    members: Members,
    rows: Rows,
    member_of: Integers | None = None,
    *,
    threads: int = 1,
    repeated: bool = True,
) -> tuple[pa.Table, list[Refusal], Sums]:
    """Decisions in the order of the members' years, refusals sorted, and sums. `rows` are whole years of members.

    `repeated`: whether some id may stand twice among them.
    """
    bills = Settlements(rows)

    def decide(program: Program, known: Known) -> Decided:
        return decide_columns(
            program, members, bills, member_of=member_of, threads=threads, repeated=repeated, known=known
        )

    decided = decide(task.program, task.known[0])
    names = _names(task.program)
    totals = _sums_by(decided.lines.benefit, decided.lines.payable, len(names))
    sums = Sums(decided.adjudicated, decided.cancelled, decided.one_by_one).with_refusals(decided.refused)
    sums.payable = {("payable", name): [int(total)] for name, total in zip(names, totals, strict=True)}
    if task.account:
        sums.account = account_tally(names, members.rows, decided)
    if task.compared is not None:
        before = decide(task.compared, task.known[1])
        old, new = (
            dict(zip(of, paid_by_member(lines, decided.member_of, len(of), len(members)), strict=True))
            for of, lines in ((_names(task.compared), before.lines), (names, decided.lines))
        )
        sums.changes = change_tally(task.first_day, old, new, members.rows)
    return decisions_table(task.program, rows, decided), decided.refused, sums


@njit(cache=True, nogil=True)
def _sums_by(code: Any, values: Any, codes: int) -> Any:
    """The sum of the values of each code."""
    found = np.zeros(codes, np.int64)
    for row in range(len(code)):
        found[code[row]] += values[row]
    return found


def _names(program: Program) -> list[str]:
    return [benefit.id for benefit in program.benefits]


def decisions_table(program: Program, settlements: Rows, decided: Decided) -> pa.Table:
    """The lines with the ids of their bills and members; amounts in fen."""
    lines = decided.lines
    names = pa.array(_names(program), pa.string())
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
