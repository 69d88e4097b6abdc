"""Small jobs: the evaluator decides their bills one by one, so that neither arrays nor a compiler are loaded (ADR 24).

The files that it writes are, byte for byte, those of the job over columns. Parquet files are read and written by Arrow
here too.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huimin.adjudication import Program, compile_plan
from huimin.batch.decide.bill_by_bill import DecidedBills, DecidedLine, TextRow, decide_bill_by_bill
from huimin.batch.decide.result_rows import (
    AMOUNTS,
    DECISION_COLUMNS,
    REFUSED_COLUMNS,
    UNDECIDED_COLUMNS,
    csv_text,
    refusal_row,
)
from huimin.batch.files.job_directory import JobDirectory, job_directory
from huimin.batch.files.text_tables import TEXT_FILES, open_text_table, stamp_of
from huimin.batch.reports.summary import JobSummary, summary_of
from huimin.batch.table.asked_columns import lacking_columns
from huimin.extras import require
from huimin.money import format_yuan
from huimin.settlement.amounts import yuan_of_fen
from huimin.settlement.cells import original
from huimin.settlement.layout import FEN, Layout
from huimin.settlement.reading import MEMBERS, SETTLEMENTS

if TYPE_CHECKING:
    from huimin.batch.files.excel import Sheets
    from huimin.batch.job.running import Request

__all__ = ["MOST_BYTES", "MOST_ROWS", "is_small", "run_if_small"]

MOST_ROWS = 12_000
"""The most rows of either file. About as many bills are decided in the time in which a job by column loads its
compiler.
"""
MOST_BYTES = 4 << 20
"""The most bytes of either file. A larger one is not even opened to count its rows."""


@dataclass(frozen=True, slots=True)
class SmallFile:
    """All rows of a file as texts. `where` names the place of a row in the file.

    `table` has the columns as Arrow read them, where the file is Parquet.
    """

    columns: Collection[str]
    rows: Sequence[TextRow]
    where: Callable[[int], str]
    stamp: tuple[tuple[str, int, int], ...]
    ignored: tuple[str, ...]
    sheets: Sheets | None = None
    table: Any = None


def is_small(request: Request) -> bool:
    """Whether the files are small enough to try, and nothing is asked for that only a job by column can do."""
    if request.compare is not None or request.account:
        return False
    return all(0 < _size(path) <= MOST_BYTES for path in (request.members, request.settlements))


def run_if_small(request: Request, say: Callable[[str], None] | None = None) -> JobSummary | None:
    """Run a job if it is small. None where it is not: then nothing has been written.

    Raises InputError: `unusable_file`, `unusable_out`, `busy_out`.
    """
    if not is_small(request):
        return None
    with _without_collector():
        return _run(request, say)


def _run(request: Request, say: Callable[[str], None] | None) -> JobSummary | None:
    members = _read(request.members, MEMBERS)
    bills = None if members is None else _read(request.settlements, SETTLEMENTS)
    if members is None or bills is None:
        return None
    program = compile_plan(request.plan.plan)
    if say is not None:
        for sentence in lacking_columns(program, members.columns, bills.columns):
            say(sentence)
    found = decide_bill_by_bill(program, members.rows, bills.rows, bills.where)
    if found.beyond:
        return None
    summary = summary_of(request.plan, program, "local", len(bills.rows), found.sums, members, bills)
    job = {"plan": [request.plan.digest, program.digest], "members": members.stamp, "settlements": bills.stamp}
    with job_directory(request.out, {"format": "huimin-small-job/1", **job}) as scratch:
        scratch.publish(_write(scratch, program, bills, found, summary))
    return summary


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the garbage collector: facts and decisions have no reference cycles, so that it would search them in
    vain.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _size(path: Path) -> int:
    """Bytes of a file that a small job may read; 0 for any other file, for a directory, and where there is no file."""
    known = path.suffix.lower() in (*TEXT_FILES, ".parquet")
    return path.stat().st_size if known and path.is_file() else 0


def _read(path: Path, layout: Layout) -> SmallFile | None:
    """The file's rows; None if there are too many."""
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, layout)
    table = open_text_table(path, layout)
    if table.count > MOST_ROWS:
        return None
    records = list(table.records())
    rows = _rows(table.columns, [cells for _, cells in records])
    columns = [name for name in table.columns if name is not None]
    return SmallFile(
        columns, rows, lambda place: f"{table.unit} {records[place][0]}", (stamp_of(path),), table.ignored, table.sheets
    )


def _rows(columns: Sequence[str | None], records: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Records as rows. Texts that `neutral` has made harmless are restored, and whole fen become yuan."""
    kept = [(place, name.removesuffix(FEN)) for place, name in enumerate(columns) if name is not None]
    in_fen = [name.removesuffix(FEN) for name in columns if name is not None and name.endswith(FEN)]
    rows = []
    for cells in records:
        row = {name: cells[place] for place, name in kept}
        if "'" in "".join(cells):
            row = {name: original(cell) for name, cell in row.items()}
        for name in in_fen:
            row[name] = yuan_of_fen(row[name])
        rows.append(row)
    return rows


def _read_parquet(path: Path, layout: Layout) -> SmallFile | None:
    require("batch", "a Parquet file")
    from huimin.batch.files.sources import open_source  # noqa: PLC0415 - Arrow takes a quarter of a second

    source = open_source(path, layout)
    if source.count > MOST_ROWS:
        return None
    rows = source.read()
    return SmallFile(
        source.schema.names, rows.all_as_text(), rows.where, source.stamp, source.ignored, table=rows.table
    )


def _write(
    scratch: JobDirectory, program: Program, bills: SmallFile, found: DecidedBills, summary: JobSummary
) -> list[str]:
    """Write the results into the job's directory. Returns their names in the order in which they are to appear."""
    decisions = _write_decisions(scratch, program, bills.table, found.lines)
    scratch.put_text("refused.csv", csv_text([REFUSED_COLUMNS], map(refusal_row, found.refused)))
    scratch.put_text("undecided.csv", csv_text([UNDECIDED_COLUMNS], found.undecided))
    scratch.put_json("summary.json", asdict(summary), indent=2)
    return [decisions, "refused.csv", "undecided.csv", "summary.json"]


def _write_decisions(scratch: JobDirectory, program: Program, table: Any, lines: Sequence[DecidedLine]) -> str:
    if table is None:
        scratch.put_text("decisions.csv", csv_text([DECISION_COLUMNS], map(_in_yuan, lines)))
        return "decisions.csv"
    import numpy as np  # noqa: PLC0415 - as in _read_parquet

    from huimin.batch.parquet.decisions import decisions_table, write_parquet  # noqa: PLC0415 - the same

    place = {name: n for n, name in enumerate(program.line_names)}
    rows = np.array([row for row, _, _ in lines], np.int64)
    ids = [table.column(name).take(rows).combine_chunks() for name in ("setl_id", "psn_no")]
    benefits = np.array([place[line.benefit] for _, _, line in lines], np.int64)
    amounts = [np.array([getattr(line, name) for _, _, line in lines], np.int64) for name in AMOUNTS]
    decisions = decisions_table(program, ids, benefits, amounts)
    scratch.put("decisions.parquet", lambda path: write_parquet(str(path), decisions))
    return "decisions.parquet"


def _in_yuan(found: DecidedLine) -> tuple[str, ...]:
    _, settlement, line = found
    amounts = line.base, line.deductible_applied, line.excess, line.payable
    return (settlement.setl_id, settlement.psn_no, line.benefit, *map(format_yuan, amounts))
