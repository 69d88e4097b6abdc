"""`huimin adjudicate`: files in; decisions, refusals and a summary out.

Always: rows read = adjudicated + cancelled + refused.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from huimin.adjudication import compile_plan
from huimin.batch.columns import decide_columns
from huimin.batch.files import MEMBER_COLUMNS, SETTLEMENT_COLUMNS, read_rows, write_results
from huimin.batch.frames import decisions_table
from huimin.money import format_yuan
from huimin.settlement.reading import KNOWN_SETTLEMENT_COLUMNS
from huimin.terms.loading import LoadedPlan

__all__ = ["JobSummary", "adjudicate_files"]


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


def adjudicate_files(loaded: LoadedPlan, members_path: Path, settlements_path: Path, out: Path) -> JobSummary:
    """Decide every settlement of a file and write the three results into `out`, all of them or none."""
    program = compile_plan(loaded.plan)
    members = read_rows(members_path, MEMBER_COLUMNS)
    settlements = read_rows(settlements_path, SETTLEMENT_COLUMNS)
    decided = decide_columns(program, members, settlements, threads=os.cpu_count() or 1)
    totals = np.zeros(len(program.benefits), np.int64)
    np.add.at(totals, decided.lines.benefit, decided.lines.payable)
    summary = JobSummary(
        plan=program.plan,
        plan_digest=loaded.digest,
        program_digest=program.digest,
        engine="local",
        rows_read=len(settlements),
        adjudicated=decided.adjudicated,
        cancelled=decided.cancelled,
        refused=len(decided.refused),
        refused_by_code=dict(sorted(Counter(refusal.code for refusal in decided.refused).items())),
        payable=format_yuan(int(totals.sum())),
        payable_by_benefit={b.id: format_yuan(int(n)) for b, n in zip(program.benefits, totals, strict=True)},
        ignored_columns=[name for name in settlements.names if name not in KNOWN_SETTLEMENT_COLUMNS],
    )
    kind = "parquet" if settlements_path.is_dir() or settlements_path.suffix.lower() == ".parquet" else "csv"
    write_results(out, decisions_table(program, settlements, decided), decided.refused, asdict(summary), kind)
    return summary
