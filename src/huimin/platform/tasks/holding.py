"""Taking tasks, and giving them back or marking them. Only this module changes who holds a task.

A worker holds a task by its own name and the attempt's number. If a worker counted as lost and comes back, it finds
that another holds the task, and its result is not written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huimin.platform.tasks.kinds import Kind, Lane, Write
from huimin.platform.tasks.models import Status, Task, TaskQuerySet

__all__ = [
    "MOST_LOSSES",
    "LostError",
    "finish",
    "finish_together",
    "give_back",
    "mark_failed",
    "still_held",
    "still_held_of",
    "take",
    "try_later",
]

log = logging.getLogger("huimin.work")
MOST_LOSSES = 5
"""A task during which so many workers ended is taken to be the cause."""
_LONGEST_WAIT = 3600
_ORDER = ("-priority", "due_at", "pk")
_NO_FAULT = {"fault": "", "fault_code": "", "fault_values": None}


class LostError(Exception):
    """Another worker has one of the tasks, because this one was too slow."""


def take(lanes: Sequence[Lane], kinds: Mapping[str, Kind], worker: str) -> list[Task]:
    """Take the next tasks of these lanes and kinds for this worker; more than one only of a kind that is done in
    batches.

    A task that was tried before is taken alone: if it is the one that ends its worker, no others are blamed.
    """
    now = timezone.now()
    due = Task.objects.of_every_city().filter(lane__in=lanes, finished_at=None, kind__in=kinds, due_at__lte=now)
    if not due.order_by(*_ORDER).values_list("pk")[:1]:
        # Without a lock, because most rounds find nothing and SQLite has one lock for all writers. Ordered, so that
        # PostgreSQL uses the index even with a plan made for any lane.
        return []
    most = max((kind.batch for kind in kinds.values() if kind.lane in lanes), default=1)
    with transaction.atomic():
        unlocked = due.select_related("city").select_for_update(of=("self",), skip_locked=True)
        rows = list(unlocked.order_by(*_ORDER)[:most])
        tasks = _together_with_first(_without_lost(rows, now), kinds)
        for task in tasks:
            task.status, task.attempts, task.worker = Status.RUNNING, task.attempts + 1, worker
        if tasks:
            keys, silent = [task.pk for task in tasks], kinds[tasks[0].kind].silent
            Task.objects.of_every_city().filter(pk__in=keys).update(
                status=Status.RUNNING,
                attempts=F("attempts") + 1,
                losses=tasks[0].losses,
                worker=worker,
                due_at=now + silent,
            )
    # If every task found had lost too many workers, others may be due after them.
    return tasks if tasks or not rows else take(lanes, kinds, worker)


def _without_lost(rows: Sequence[Task], now: datetime) -> list[Task]:
    """Count a loss for tasks whose worker has not reported in time. Tasks that lost too many workers are marked as
    failed.
    """
    kept = []
    for task in rows:
        task.losses += task.status == Status.RUNNING
        if task.losses < MOST_LOSSES:
            kept.append(task)
            continue
        log.error("%s %s ended its worker %s times and is not taken up again", task.kind, task.pk, MOST_LOSSES)
        Task.objects.of_every_city().filter(pk=task.pk).update(
            status=Status.FAILED,
            losses=task.losses,
            finished_at=now,
            fault=f"its worker ended {MOST_LOSSES} times while doing it; it is not taken up again",
            fault_code="worker_lost",
            fault_values={"times": str(MOST_LOSSES)},
        )
    return kept


def _together_with_first(rows: Sequence[Task], kinds: Mapping[str, Kind]) -> list[Task]:
    if not rows:
        return []
    first = rows[0]
    if first.attempts or first.losses:
        return [first]
    like = [task for task in rows if task.kind == first.kind and not task.attempts and not task.losses]
    return like[: kinds[first.kind].batch]


def still_held(task: Task) -> TaskQuerySet[Task]:
    """The task's row, if the worker that took it still holds it."""
    return Task.objects.of_every_city().filter(
        pk=task.pk, status=Status.RUNNING, worker=task.worker, attempts=task.attempts
    )


def still_held_of(tasks: Sequence[Task]) -> list[Task]:
    """Those of these tasks, which were taken together, that the worker still holds."""
    held = set(_held_together(tasks).values_list("pk", flat=True))
    return [task for task in tasks if task.pk in held]


def _held_together(tasks: Sequence[Task]) -> TaskQuerySet[Task]:
    first = tasks[0]
    return Task.objects.of_every_city().filter(
        pk__in=[task.pk for task in tasks], status=Status.RUNNING, worker=first.worker, attempts=first.attempts
    )


def finish(task: Task, write: Write | None) -> bool:
    """Mark the task as done and write its result in one transaction. Returns False, and writes nothing, if it is no
    longer held.
    """
    changes = {"status": Status.DONE, "finished_at": timezone.now(), **_NO_FAULT}
    if write is None:
        return bool(still_held(task).update(**changes))
    with transaction.atomic():
        held = bool(still_held(task).update(**changes))
        if held:
            write()
    return held


def finish_together(tasks: Sequence[Task]) -> None:
    """Mark tasks that were taken together as done. Call it within the transaction of their results.

    Raises LostError if one of them is no longer held: let it end the transaction.
    """
    changes = {"status": Status.DONE, "finished_at": timezone.now(), **_NO_FAULT}
    if _held_together(tasks).update(**changes) != len(tasks):
        raise LostError


def mark_failed(task: Task, told: Mapping[str, object]) -> None:
    """Mark the task as failed: no further attempt is made. `told` has the fault, its code and values."""
    still_held(task).update(status=Status.FAILED, finished_at=timezone.now(), **told)


def try_later(task: Task, code: str) -> None:
    """Let it wait for its next attempt: 1, 2, 4 … seconds, an hour at most."""
    wait = min(2 ** (task.attempts - 1), _LONGEST_WAIT)
    due = timezone.now() + timedelta(seconds=wait)
    still_held(task).update(status=Status.WAITING, due_at=due, fault_code=code)


def give_back(tasks: Sequence[Task]) -> None:
    """Let others take these tasks as if they had not been taken, because what ended the attempt was not their fault."""
    for task in tasks:
        still_held(task).update(status=Status.WAITING, due_at=timezone.now(), attempts=F("attempts") - 1)
