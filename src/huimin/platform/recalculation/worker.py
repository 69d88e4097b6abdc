"""The worker of `huimin serve`: takes up what waits, runs the job over columns, and keeps what came of it."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from huimin.batch import JobSummary, Request, run
from huimin.platform.claims.figures import payable_by_benefit
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.selectors import all_cities
from huimin.platform.foundation.working import give_up_lost, keep_working, told_of
from huimin.platform.recalculation.facts_files import write_members, write_settlements
from huimin.platform.recalculation.models import Recalculation, Status
from huimin.settlement.cells import read_csv
from huimin.terms import load_plan_text

__all__ = ["recalculate_waiting", "work"]

log = logging.getLogger("huimin.recalculation")
_SILENT = timedelta(minutes=2)
_HEARD_EVERY = 1.0


def work(pause: float = 1.0, until: Callable[[], bool] = lambda: False) -> None:
    """Run until told to stop."""
    keep_working(recalculate_waiting, pause, until)


def recalculate_waiting() -> bool:
    """Run the first that waits, or that lost its worker: it goes on where that one was. False where there is none."""
    give_up_lost(Recalculation, _SILENT)
    silent = Q(status=Status.RUNNING, heard_at__lt=timezone.now() - _SILENT)
    for city in all_cities():
        rows = Recalculation.objects.of(city)
        found = rows.filter(Q(status=Status.WAITING) | silent).order_by("pk").select_related("plan_year").first()
        if found is not None and _taken(found):
            _recalculate(found)
            return True
    return False


def _taken(found: Recalculation) -> bool:
    """Whether it is ours: of two workers one changes the row that both saw."""
    same = Recalculation.objects.of(found.city).filter(pk=found.pk, status=found.status, heard_at=found.heard_at)
    return bool(same.update(status=Status.RUNNING, heard_at=timezone.now(), attempts=F("attempts") + 1))


def _recalculate(found: Recalculation) -> None:
    home: Path = settings.HOME / "recalculations" / str(found.pk)
    rows = Recalculation.objects.of(found.city).filter(pk=found.pk)
    try:
        summary = _run(found, home, _heard(found))
    except Exception as error:  # noqa: BLE001 - told_of logs it, or raises it again
        # It must not end the worker, which would take it up again and again.
        told = told_of(error, f"recalculation {found.pk}")
        rows.update(status=Status.FAILED, **told, finished_at=now(found.city))
    else:
        rows.update(
            status=Status.DONE,
            summary=asdict(summary),
            changes=_changes(home / "out" / "comparison.csv"),
            standing=payable_by_benefit(found.city, found.plan_year),
            finished_at=now(found.city),
        )
    # The files name people's bills: they are not kept longer than they are needed.
    shutil.rmtree(home, ignore_errors=True)


def _run(found: Recalculation, home: Path, progress: Callable[[str, int, int], None]) -> JobSummary:
    home.mkdir(parents=True, exist_ok=True)
    year = found.plan_year
    write_members(home / "members.parquet", found.city, year)
    write_settlements(home / "settlements.parquet", found.city, year)
    request = Request(
        load_plan_text(found.plan_text, found.sources_text),
        home / "members.parquet",
        home / "settlements.parquet",
        home / "out",
        compare=load_plan_text(year.plan_text, year.sources_text),
    )
    return run(request, progress=progress)


def _heard(found: Recalculation) -> Callable[[str, int, int], None]:
    rows, last = Recalculation.objects.of(found.city).filter(pk=found.pk), [0.0]

    def progress(step: str, done: int, of: int) -> None:
        if time.monotonic() - last[0] > _HEARD_EVERY:
            last[0] = time.monotonic()
            rows.update(step=step, done=done, of=of, heard_at=timezone.now())

    return progress


def _fen(yuan: str) -> int:
    """Of a sum with two decimals, which may be larger than any one amount."""
    return int(yuan.replace(".", ""))


def _changes(path: Path) -> list[list[str | int]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(read_csv(file))[1:]
    return [
        [by, value, int(more), int(less), _fen(before), _fen(after), int(undecided_before), int(undecided_after)]
        for by, value, more, less, before, after, _difference, undecided_before, undecided_after in rows
    ]
