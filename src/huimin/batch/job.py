"""`huimin adjudicate`: files in; decisions, refusals and a summary out.

Always: rows read = adjudicated + cancelled + refused.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from huimin.adjudication import Program, compile_plan
from huimin.batch.account import ChangeLine, account_lines, change_lines
from huimin.batch.columns import Decided, decide_columns
from huimin.batch.facts import Members, Settlements
from huimin.batch.files import read_rows, write_results
from huimin.batch.frames import decisions_table
from huimin.money import format_yuan
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS, MEMBER_COLUMNS, SETTLEMENT_COLUMNS
from huimin.terms.loading import LoadedPlan

__all__ = ["JobSummary", "account_files", "adjudicate_files"]


@dataclass(frozen=True)
class JobSummary:
    """What summary.json holds. Amounts in yuan with two decimals."""

    plan: str
    plan_digest: str
    program_digest: str
    engine: str
    rows_read: int
    adjudicated: int
    cancelled: int
    refused: int
    refused_by_code: dict[str, int]
    payable: str
    payable_by_benefit: dict[str, str]
    ignored_columns: list[str]


@dataclass(frozen=True, slots=True)
class _Facts:
    """A job's two files, and the kind of file its results are."""

    members: Members
    settlements: Settlements
    kind: str


def adjudicate_files(
    loaded: LoadedPlan, members_path: Path, settlements_path: Path, out: Path, compare: LoadedPlan | None = None
) -> JobSummary:
    """Decide every settlement of a file and write the results into `out`, all of them or none.

    With `compare`, the same bills are decided under that plan as well, and comparison.csv says who would be paid how
    much more or less than under it.
    """
    facts = _read(members_path, settlements_path)
    program, decided = _decide(loaded, facts)
    summary = _summary(loaded, program, facts, decided)
    tables = {}
    if compare is not None:
        other, before = _decide(compare, facts)
        changes = change_lines(
            loaded.plan.cover.first_day,
            (_names(other), before.lines),
            (_names(program), decided.lines),
            facts.members.rows,
            decided.member_of,
        )
        tables["comparison.csv"] = [_CHANGE, *map(_change_row, changes)]
    decisions = decisions_table(program, facts.settlements.rows, decided)
    write_results(out, decisions, decided.refused, asdict(summary), facts.kind, tables)
    return summary


def account_files(loaded: LoadedPlan, members_path: Path, settlements_path: Path, out: Path) -> JobSummary:
    """Decide every settlement of a file and write the year's account beside the decisions."""
    facts = _read(members_path, settlements_path)
    program, decided = _decide(loaded, facts)
    summary = _summary(loaded, program, facts, decided)
    lines = account_lines(loaded.plan, _names(program), facts.members.rows, decided)
    rows = [(x.benefit, x.area, x.insurer, str(x.bills), str(x.members), format_yuan(x.payable)) for x in lines]
    decisions = decisions_table(program, facts.settlements.rows, decided)
    write_results(out, decisions, decided.refused, asdict(summary), facts.kind, {"account.csv": [_ACCOUNT, *rows]})
    return summary


_ACCOUNT = ("benefit", "area", "insurer", "bills", "members", "payable")
_CHANGE = ("by", "value", "members_more", "members_less", "before", "after", "difference")


def _change_row(line: ChangeLine) -> tuple[str, ...]:
    amounts = (line.before, line.after, line.after - line.before)
    return (line.by, line.value, str(line.members_more), str(line.members_less), *map(format_yuan, amounts))


def _read(members_path: Path, settlements_path: Path) -> _Facts:
    kind = "parquet" if settlements_path.is_dir() or settlements_path.suffix.lower() == ".parquet" else "csv"
    members, bills = read_rows(members_path, MEMBER_COLUMNS), read_rows(settlements_path, SETTLEMENT_COLUMNS)
    return _Facts(Members(members), Settlements(bills), kind)


def _decide(loaded: LoadedPlan, facts: _Facts) -> tuple[Program, Decided]:
    program = compile_plan(loaded.plan)
    return program, decide_columns(program, facts.members, facts.settlements, threads=os.cpu_count() or 1)


def _names(program: Program) -> list[str]:
    return [benefit.id for benefit in program.benefits]


def _summary(loaded: LoadedPlan, program: Program, facts: _Facts, decided: Decided) -> JobSummary:
    totals = np.zeros(len(program.benefits), np.int64)
    np.add.at(totals, decided.lines.benefit, decided.lines.payable)
    return JobSummary(
        plan=program.plan,
        plan_digest=loaded.digest,
        program_digest=program.digest,
        engine="local",
        rows_read=len(facts.settlements),
        adjudicated=decided.adjudicated,
        cancelled=decided.cancelled,
        refused=len(decided.refused),
        refused_by_code=dict(sorted(Counter(refusal.code for refusal in decided.refused).items())),
        payable=format_yuan(int(totals.sum())),
        payable_by_benefit={name: format_yuan(int(n)) for name, n in zip(_names(program), totals, strict=True)},
        ignored_columns=[name for name in facts.settlements.rows.names if name not in KNOWN_SETTLEMENT_COLUMNS],
    )
