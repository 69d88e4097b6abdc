"""Putting work into the queue, cancelling it, and trying it again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.tasks.kinds import Kind, Lane, kind_named, kinds_of
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.schedules import Schedule

__all__ = ["cancel_task", "enqueue", "enqueue_each", "plan_ahead", "retry_task", "stop"]


def enqueue(
    *, city: City, kind: str, key: str = "", payload: Mapping[str, Any] | None = None, nobody: bool = False
) -> Task:
    """Put a task into the queue. A worker takes it after the commit, and it is done at least once.

    `key` says what it is for, and a second task of the kind with the same key is refused; without a key there may be
    any number. `payload` has what the work needs, and is stored encrypted. `nobody` says that the task is for nobody
    and counts as done at once, while the same is written as for any other, so that nobody can tell them apart by time.
    Inside `writing_together` the returned task has no number yet.
    """
    task = _task(city, kind_named(kind), key, payload)
    if nobody:
        task.status, task.finished_at = Status.DONE, task.created_at
    Task.objects.queue([task])
    return task


def enqueue_each(
    *, city: City, kind: str, payloads: Mapping[str, Mapping[str, Any]], unless_there: bool = False
) -> None:
    """The same for many tasks of one kind, in one statement: what each needs, by its key.

    `unless_there`: one whose key the queue had before is left out, at the cost of looking.
    """
    known, there = kind_named(kind), set[str]()
    if unless_there:
        there = {key for (key,) in Task.objects.pick(city, ("key",), {"kind": kind, "key": list(payloads)})}
    Task.objects.queue([_task(city, known, key, payload) for key, payload in payloads.items() if key not in there])


def _task(city: City, known: Kind, key: str, payload: Mapping[str, Any] | None) -> Task:
    moment = timezone.now()
    return Task(
        city=city,
        kind=known.name,
        lane=known.lane,
        key=key or secrets.token_hex(16),
        payload=None if payload is None else json.dumps(payload, ensure_ascii=False),
        priority=known.priority,
        status=Status.WAITING,
        created_at=moment,
        due_at=moment,
    )


def stop(*, city: City, task_id: int) -> bool:
    """Cancel a task. If it is being done it stops when its worker next reports progress. Returns False if it has ended.

    The caller writes the audit.
    """
    rows = Task.objects.of(city).filter(pk=task_id, finished_at=None)
    return bool(rows.update(status=Status.CANCELLED, finished_at=timezone.now()))


@transaction.atomic
def cancel_task(*, actor: Actor, task_id: int) -> None:
    """Cancel a task, or settle one that failed, so that nobody has to look at it any more.

    Raises NotAllowed; HuiminError (`not_open`) if there is no such task, or it is done or cancelled; `task_is_kept` if
    what it is about was acknowledged to somebody outside.
    """
    authorise(actor, Action.CANCEL_TASK)
    city = actor.city
    kept = [name for name, kind in kinds_of(Lane).items() if kind.kept]
    if Task.objects.of(city).filter(pk=task_id, kind__in=kept).exists():
        raise HuiminError(
            f"task {task_id} is all that there is of what was acknowledged outside; it cannot be cancelled",
            code="task_is_kept",
        )
    failed = Task.objects.of(city).filter(pk=task_id, status=Status.FAILED)
    if not stop(city=city, task_id=task_id) and not failed.update(status=Status.CANCELLED):
        raise HuiminError(
            f"task {task_id} neither waits, nor is being done, nor has failed; `huimin work list` shows those that do",
            code="not_open",
        )
    record_audit(city=city, actor=actor.text, action="task_cancelled", subject=f"task:{task_id}", at=now(city))


@transaction.atomic
def retry_task(*, actor: Actor, task_id: int) -> None:
    """Let a task that failed or was cancelled be tried again.

    Raises NotAllowed; HuiminError (`not_failed`) if it neither failed nor was cancelled.
    """
    authorise(actor, Action.RETRY_TASK)
    city = actor.city
    rows = Task.objects.of(city).filter(pk=task_id, status__in=(Status.FAILED, Status.CANCELLED))
    fresh = {"status": Status.WAITING, "attempts": 0, "losses": 0, "progress": None, "finished_at": None}
    if not rows.update(**fresh, due_at=timezone.now()):
        raise HuiminError(
            f"task {task_id} is not among those that failed or were cancelled; `huimin work list` shows them",
            code="not_failed",
        )
    record_audit(city=city, actor=actor.text, action="task_retried", subject=f"task:{task_id}", at=now(city))


def plan_ahead(cities: Iterable[City], kinds: Iterable[tuple[Kind, Schedule]]) -> None:
    """Put each city's next task of each scheduled kind into the queue, due when its time comes.

    Any number of workers may do so, because the key, which is the day or the month, admits only one of the tasks.
    """
    local, moment = timezone.localtime(), timezone.now()
    rows = []
    for kind, schedule in kinds:
        key, due = schedule.next_after(local)
        fields = {"kind": kind.name, "lane": kind.lane, "key": key, "priority": kind.priority}
        fields |= {"created_at": moment, "due_at": due}
        rows += [Task(city=city, **fields) for city in cities]
    Task.objects.of_every_city().bulk_create(rows, ignore_conflicts=True)
