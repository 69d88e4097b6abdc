"""A job's tables beside its decisions: refusals in one order, the year's account, the comparison with another plan."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.batch.decide.result_rows import csv_text
from huimin.batch.decide.sums import Sums
from huimin.batch.reports.account import ChangeLine, account_lines, change_lines
from huimin.money import format_yuan
from huimin.settlement.cells import read_csv, write_csv
from huimin.terms.model import Plan

if TYPE_CHECKING:
    from huimin.batch.job.parts import Task

__all__ = ["COMPARISON", "comparison_text", "result_tables", "write_joined"]

COMPARISON = "comparison.csv"
_ACCOUNT = ("benefit", "area", "insurer", "bills", "members", "payable", "undecided")
_CHANGE = (
    "by",
    "value",
    "members_more",
    "members_less",
    "before",
    "after",
    "difference",
    "undecided_before",
    "undecided_after",
)


def result_tables(plan: Plan, task: Task, sums: Sums) -> dict[str, str]:
    """Further files of the results, as CSV by name."""
    tables = {}
    if task.compared is not None:
        tables[COMPARISON] = comparison_text(change_lines(sums.changes))
    if task.account:
        lines = account_lines(plan, [benefit.id for benefit in task.program.benefits], sums.account)
        rows = [
            (x.benefit, x.area, x.insurer, str(x.bills), str(x.members), format_yuan(x.payable), str(x.undecided))
            for x in lines
        ]
        tables["account.csv"] = csv_text([_ACCOUNT], rows)
    return tables


def comparison_text(lines: Iterable[ChangeLine]) -> str:
    """The content of comparison.csv."""
    return csv_text([_CHANGE], map(_change_row, lines))


def _change_row(line: ChangeLine) -> tuple[str, ...]:
    amounts = (line.before, line.after, line.after - line.before)
    undecided = (line.undecided_before, line.undecided_after)
    members = (line.members_more, line.members_less)
    return (line.by, line.value, *map(str, members), *map(format_yuan, amounts), *map(str, undecided))


def write_joined(
    path: Path, columns: Sequence[str], sorted_files: Sequence[Path], more: Iterable[Sequence[str]] = ()
) -> None:
    """Merge several sorted files without column names, and some more rows, into one sorted file."""
    with ExitStack() as stack, path.open("w", encoding="utf-8", newline="") as out:
        files = [stack.enter_context(file.open(encoding="utf-8", newline="")) for file in sorted_files]
        parts: list[Iterator[tuple[str, ...]]] = [map(tuple, read_csv(file)) for file in files]
        write_csv(out, [columns], heapq.merge(*parts, sorted(map(tuple, more))))
