"""`huimin adjudicate` and `huimin account`: files in; decisions, refusals and a summary out.

Always: rows read = adjudicated + undecided + cancelled + refused.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huimin.batch.facts import Members
from huimin.batch.local import Local, Progress
from huimin.batch.memory import kept_memory
from huimin.batch.parts import Task
from huimin.batch.results import result_tables
from huimin.batch.sources import Source, open_members, open_settlements
from huimin.batch.summary import JobSummary, summary_of
from huimin.batch.workroom import workroom
from huimin.terms.loading import LoadedPlan

__all__ = ["Request", "adjudicate_files", "run"]

FORMAT = "huimin-job/4"


@dataclass(frozen=True)
class Request:
    """What a job is asked for. `compare`: also say who would be paid how much more or less than under that plan."""

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
) -> JobSummary:
    """Run a job on this machine.

    `memory`: bytes that it may take; `rows_per_part` instead of what that allows. A job that was killed goes on where
    it was when it is run again, and ends in the same bytes. Raises InputError: `unusable_file`, `unusable_out`,
    `busy_out`, `too_little_memory`.
    """
    with kept_memory():
        return _run(request, memory, threads or os.cpu_count() or 1, rows_per_part, progress)


def _run(
    request: Request, memory: int | None, threads: int, rows_per_part: int | None, progress: Progress | None
) -> JobSummary:
    task = Task.of(request)
    people = open_members(request.members)
    bills = open_settlements(request.settlements)
    members = Members(people.read(threads))
    local = Local.planned(task, members, bills, memory, threads, rows_per_part, progress)
    with workroom(request.out, _identity(request, task, people, bills, local.parts.count)) as room:
        if not room.has(_SUMMARY):
            rows_read, sums = local.run(room)
            summary = summary_of(request.plan, task.program, "local", rows_read, sums, people, bills)
            tables = result_tables(request.plan.plan, task, sums)
            local.assemble(room, summary, tables)
        found = room.json(_SUMMARY)
        room.publish([*found["files"], _SUMMARY_FILE])
    return JobSummary(**found["summary"])


_SUMMARY, _SUMMARY_FILE = "assembled.json", "summary.json"


def _identity(request: Request, task: Task, people: Source, bills: Source, parts: int) -> dict[str, Any]:
    """A job that is alike in all of this does the same again."""
    return {
        "format": FORMAT,
        "plan": [request.plan.digest, task.program.digest],
        "compare": None if request.compare is None else request.compare.digest,
        "account": request.account,
        "members": people.stamp,
        "settlements": bills.stamp,
        "parts": parts,
    }
