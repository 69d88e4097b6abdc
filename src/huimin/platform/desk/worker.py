"""The worker of `huimin serve`: does the studies that wait, one after the other."""

from __future__ import annotations

import shutil
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from huimin.actuarial.runs import Run, perform
from huimin.errors import HuiminError
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.desk.models import Kind, Status, Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.selectors import all_cities
from huimin.platform.foundation.working import give_up_lost, keep_working, told_of
from huimin.platform.recalculation.facts_files import write_members, write_settlements

__all__ = ["study_waiting", "work"]

_SILENT = timedelta(minutes=10)
"""A step of the largest city takes less: who was not heard of for so long is gone."""
_HEARD_EVERY = 0.5


class _CancelledError(Exception):
    pass


def work(pause: float = 1.0, until: Callable[[], bool] = lambda: False) -> None:
    """Run until told to stop."""
    keep_working(study_waiting, pause, until)


def study_waiting() -> bool:
    """Do the first that waits, or that lost its worker. False where there is none."""
    give_up_lost(Study, _SILENT)
    silent = Q(status=Status.RUNNING, heard_at__lt=timezone.now() - _SILENT)
    for city in all_cities():
        found = Study.objects.of(city).filter(Q(status=Status.WAITING) | silent).order_by("pk").first()
        if found is not None and _taken(found):
            _do(found)
            return True
    return False


def _taken(found: Study) -> bool:
    """Whether it is ours: of two workers one changes the row that both saw."""
    same = Study.objects.of(found.city).filter(pk=found.pk, status=found.status, heard_at=found.heard_at)
    return bool(same.update(status=Status.RUNNING, heard_at=timezone.now(), attempts=F("attempts") + 1))


def _do(found: Study) -> None:
    """What was cancelled meanwhile stays so: only a running study is brought to its end."""
    running = Study.objects.of(found.city).filter(pk=found.pk, status=Status.RUNNING)
    home: Path = settings.HOME / "studies" / str(found.pk)
    terms = (found.plan_text, found.sources_text)
    run = Run(found.kind, *terms, found.people, found.seed, found.numbers, found.triangle_text)
    try:
        if found.kind == Kind.LOOKBACK:
            run = replace(run, files=_files(found.city, home), day=timezone.localdate(now(found.city)))
        outcome = perform(run, _heard(found))
    except _CancelledError:
        return
    except Exception as error:  # noqa: BLE001 - told_of logs it, or raises it again
        # It must not end the worker, which would take it up again and again.
        running.update(status=Status.FAILED, **told_of(error, f"study {found.pk}"), finished_at=now(found.city))
        return
    finally:
        # The files name people's bills: they are not kept longer than they are needed.
        shutil.rmtree(home, ignore_errors=True)
    books = {language: b64encode(book).decode() for language, book in outcome.workbooks.items()}
    running.update(
        status=Status.DONE, pages=outcome.pages, document=outcome.document, workbooks=books, finished_at=now(found.city)
    )


def _files(city: City, home: Path) -> tuple[Path, Path]:
    """The members and bills of the plan year on sale. Raises HuiminError (`nothing_on_sale`)."""
    year = plan_on_sale(city)
    if year is None:
        raise HuiminError("found no plan year on sale; expected one to look back on", code="nothing_on_sale")
    home.mkdir(parents=True, exist_ok=True)
    members, settlements = home / "members.parquet", home / "settlements.parquet"
    write_members(members, city, year)
    write_settlements(settlements, city, year)
    return members, settlements


def _heard(found: Study) -> Callable[[int, int], None]:
    rows = Study.objects.of(found.city).filter(pk=found.pk, status=Status.RUNNING)
    last = [0.0]

    def progress(done: int, of: int) -> None:
        if time.monotonic() - last[0] > _HEARD_EVERY:
            last[0] = time.monotonic()
            if not rows.update(done=done, of=of, heard_at=timezone.now()):
                raise _CancelledError

    return progress
