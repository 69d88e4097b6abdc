"""The worker of `huimin serve`: does the studies that wait, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from huimin.actuarial.runs import Run, perform
from huimin.errors import HuiminError
from huimin.platform.desk.models import Status, Study
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.selectors import all_cities

__all__ = ["study_waiting", "work"]

_SILENT = timedelta(minutes=10)
"""A step of the largest city takes less: who was not heard of for so long is gone."""
_HEARD_EVERY = 0.5


class _CancelledError(Exception):
    pass


def work(pause: float = 1.0, until: Callable[[], bool] = lambda: False) -> None:
    """Run until told to stop."""
    while not until():
        if not study_waiting():
            time.sleep(pause)


def study_waiting() -> bool:
    """Do the first that waits, or that lost its worker. False where there is none."""
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
    return bool(same.update(status=Status.RUNNING, heard_at=timezone.now()))


def _do(found: Study) -> None:
    """What was cancelled meanwhile stays so: only a running study is brought to its end."""
    running = Study.objects.of(found.city).filter(pk=found.pk, status=Status.RUNNING)
    run = Run(found.kind, found.plan_text, found.sources_text, found.people, found.seed, found.numbers)
    try:
        outcome = perform(run, _heard(found))
    except _CancelledError:
        return
    except HuiminError as error:
        running.update(status=Status.FAILED, fault=error.message, finished_at=now(found.city))
        return
    running.update(status=Status.DONE, pages=outcome.pages, document=outcome.document, finished_at=now(found.city))


def _heard(found: Study) -> Callable[[int, int], None]:
    rows = Study.objects.of(found.city).filter(pk=found.pk, status=Status.RUNNING)
    last = [0.0]

    def progress(done: int, of: int) -> None:
        if time.monotonic() - last[0] > _HEARD_EVERY:
            last[0] = time.monotonic()
            if not rows.update(done=done, of=of, heard_at=timezone.now()):
                raise _CancelledError

    return progress
