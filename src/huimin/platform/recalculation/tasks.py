"""A worker's task: runs a recalculation as a job by column and stores the result."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from huimin.batch import JobSummary, Request, run
from huimin.platform.catalogue.api import plan_year_by_id
from huimin.platform.claims.api import payable_by_benefit
from huimin.platform.recalculation.facts_files import write_members, write_settlements
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.tasks.api import Attempt, Write, folder
from huimin.settlement.cells import read_csv
from huimin.terms import load_plan_text

__all__ = ["recalculate"]


def recalculate(attempt: Attempt) -> Write:
    rows = Recalculation.objects.of(attempt.task.city)
    found: Recalculation = rows.get(task=attempt.task.pk)
    with folder(attempt) as home:
        # The folder has what an earlier worker had finished: the job goes on from there.
        summary = _run(found, home, attempt)
        changes = _changes(home / "out" / "comparison.csv")

    def write() -> None:
        rows.filter(pk=found.pk).update(
            summary=asdict(summary), changes=changes, standing=payable_by_benefit(found.city, found.plan_year_id)
        )

    return write


def _run(found: Recalculation, home: Path, attempt: Attempt) -> JobSummary:
    year = plan_year_by_id(found.city, found.plan_year_id)
    write_members(home / "members.parquet", found.city, year)
    write_settlements(home / "settlements.parquet", found.city, year)
    request = Request(
        load_plan_text(found.plan_text, found.sources_text),
        home / "members.parquet",
        home / "settlements.parquet",
        home / "out",
        compare=load_plan_text(year.plan_text, year.sources_text),
    )
    return run(request, progress=lambda step, done, of: attempt.progress(done, of, step))


def _fen(yuan: str) -> int:
    """The fen of a sum with two decimals, which may be larger than `parse_yuan` allows for one amount."""
    return int(yuan.replace(".", ""))


def _changes(path: Path) -> list[list[str | int]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(read_csv(file))[1:]
    return [
        [by, value, int(more), int(less), _fen(before), _fen(after), int(undecided_before), int(undecided_after)]
        for by, value, more, less, before, after, _difference, undecided_before, undecided_after in rows
    ]
