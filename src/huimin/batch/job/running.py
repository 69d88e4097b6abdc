"""`huimin adjudicate` and `huimin account`: files in; decisions, refusals and a summary out.

Always: rows read = adjudicated + undecided + cancelled + refused. A small job is decided bill by bill, any other by
column; both write the same bytes (ADR 24). What decides by column is loaded only where it is wanted.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from huimin.batch.job.small_jobs import run_if_small
from huimin.batch.reports.summary import JobSummary
from huimin.extras import require
from huimin.terms.loading import LoadedPlan

__all__ = ["Progress", "Request", "adjudicate_files", "run"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done ("reading", "deciding"), how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Request:
    """What a job is asked for. With `compare` it also says who would be paid how much more or less than under that
    plan.
    """

    plan: LoadedPlan
    members: Path
    settlements: Path
    out: Path
    compare: LoadedPlan | None = None
    account: bool = False


def adjudicate_files(
    plan: LoadedPlan, members: Path, settlements: Path, out: Path, compare: LoadedPlan | None = None
) -> JobSummary:
    """Decide every settlement of a file and write the results into `out`, all of them or none. See `run`."""
    return run(Request(plan, members, settlements, out, compare))


def run(
    request: Request,
    *,
    memory: int | None = None,
    threads: int | None = None,
    rows_per_part: int | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] | None = None,
) -> JobSummary:
    """Run a job on this machine.

    `memory` is the number of bytes it may take; `rows_per_part` overrides what follows from that. With either, a small
    job is decided by column too. `say` is called, before the first bill is decided, with each sentence about a column
    that the files lack and the terms ask for. A job that was killed goes on where it was when it is run again, and ends
    in the same bytes. Raises InputError: `unusable_file`, `unusable_out`, `busy_out`, `too_little_memory`.
    """
    if memory is None and rows_per_part is None:
        summary = run_if_small(request, say)
        if summary is not None:
            return summary
    require("batch", "huimin.batch")
    from huimin.batch.job.one_machine import run_by_column  # noqa: PLC0415 - loads a compiler

    return run_by_column(request, memory, threads or os.cpu_count() or 1, rows_per_part, progress, say)
