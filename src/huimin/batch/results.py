"""What a job says beside its decisions: refusals in one order, the year's account, the difference to another plan."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from huimin.batch.account import ChangeLine, account_lines, change_lines
from huimin.batch.parts import Sums, Task, csv_text, refusal_row
from huimin.errors import Refusal
from huimin.money import format_yuan
from huimin.settlement.cells import read_csv, write_csv
from huimin.terms.model import Plan

__all__ = ["COMPARISON", "REFUSED_COLUMNS", "comparison_text", "result_tables", "write_refused"]

COMPARISON = "comparison.csv"
REFUSED_COLUMNS = ("setl_id", "code", "reason")
_ACCOUNT = ("benefit", "area", "insurer", "bills", "members", "payable")
_CHANGE = ("by", "value", "members_more", "members_less", "before", "after", "difference")


def result_tables(plan: Plan, task: Task, sums: Sums) -> dict[str, str]:
    """Further files of the results, as CSV by name."""
    tables = {}
    if task.compared is not None:
        tables[COMPARISON] = comparison_text(change_lines(sums.changes))
    if task.account:
        lines = account_lines(plan, [benefit.id for benefit in task.program.benefits], sums.account)
        rows = [(x.benefit, x.area, x.insurer, str(x.bills), str(x.members), format_yuan(x.payable)) for x in lines]
        tables["account.csv"] = csv_text([_ACCOUNT], rows)
    return tables


def comparison_text(lines: Iterable[ChangeLine]) -> str:
    """The content of comparison.csv."""
    return csv_text([_CHANGE], map(_change_row, lines))


def _change_row(line: ChangeLine) -> tuple[str, ...]:
    amounts = (line.before, line.after, line.after - line.before)
    return (line.by, line.value, str(line.members_more), str(line.members_less), *map(format_yuan, amounts))


def write_refused(path: Path, sorted_files: Sequence[Path], more: Iterable[Refusal]) -> None:
    """One file of the refusals in several, each sorted and without names of columns, and of some more."""
    with ExitStack() as stack, path.open("w", encoding="utf-8", newline="") as out:
        files = [stack.enter_context(file.open(encoding="utf-8", newline="")) for file in sorted_files]
        parts: list[Iterator[tuple[str, ...]]] = [map(tuple, read_csv(file)) for file in files]
        write_csv(out, [REFUSED_COLUMNS], heapq.merge(*parts, sorted(map(refusal_row, more))))
