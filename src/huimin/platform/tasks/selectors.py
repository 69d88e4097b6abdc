"""Reads the queue for pages, the command line and health checks."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.tasks.kinds import Lane, kinds_of
from huimin.platform.tasks.models import Status, Task, TaskQuerySet

__all__ = [
    "Failing",
    "Figures",
    "Standing",
    "View",
    "Waiting",
    "count",
    "counts",
    "failing",
    "figures",
    "standing_of",
    "tasks",
    "under_way",
    "waiting",
]

_PAGE = 50
_ENDED_SHOWN = timedelta(days=30)
"""Tasks older than this are not counted for pages, since there may be millions of messages."""


class View(enum.StrEnum):
    """Which of a city's tasks are shown."""

    FAILED = "failed"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of the queue. `failed` counts tasks that somebody has to look at. `oldest` is how long the first task
    that could be done now has been waiting; zero if there is none.
    """

    waiting: int
    running: int
    failed: int
    oldest: timedelta


def figures(lanes: Sequence[Lane] = tuple(Lane)) -> Figures:
    """The state of the queue of all cities, for whoever runs the server. Tasks planned for later do not count."""
    rows, moment = Task.objects.of_every_city().filter(kind__in=kinds_of(lanes)), timezone.now()
    begun = Q(due_at__lte=moment) | Q(attempts__gt=0)
    found = rows.filter(finished_at=None).aggregate(
        waiting=Count("pk", filter=Q(status=Status.WAITING) & begun),
        running=Count("pk", filter=Q(status=Status.RUNNING)),
        first=Min("created_at", filter=Q(status=Status.WAITING) & begun),
    )
    failed = rows.filter(status=Status.FAILED, finished_at__isnull=False, kind__in=_looked_after(lanes)).count()
    age = timedelta() if found["first"] is None else max(timedelta(), moment - found["first"])
    return Figures(found["waiting"], found["running"], failed, age)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one task stands, for whoever asked for it; `fault_code` and `fault_values` say why it failed."""

    status: str
    is_under_way: bool
    percent_done: int
    fault_code: str
    fault_values: Mapping[str, Any] | None


def standing_of(city: City, task_ids: Iterable[int]) -> dict[int, Standing]:
    """How these tasks of the city stand, by their ids."""
    rows = Task.objects.of(city).filter(pk__in=list(task_ids)).defer("payload")
    return {
        row.pk: Standing(row.status, row.is_under_way, row.percent_done, row.fault_code, row.fault_values)
        for row in rows
    }


def _looked_after(lanes: Iterable[Lane]) -> list[str]:
    return [name for name, kind in kinds_of(lanes).items() if not kind.seen_by_asker]


def tasks(city: City, view: View, number: int = 1, kind: str = "") -> Paged[Task]:
    """A page of the city's tasks, without their content. Open ones come in the order in which they will be done."""
    rows = _seen(city, view)
    if kind:
        rows = rows.filter(kind=kind)
    order = ("-priority", "due_at", "pk") if view is View.OPEN else ("-finished_at", "-pk")
    return paged(rows.order_by(*order).defer("payload"), number, _PAGE)


def under_way(city: City, kind: str) -> bool:
    """Whether a task of the kind is being done, or will be as soon as a worker is free."""
    now_or_soon = Q(status=Status.RUNNING) | Q(due_at__lte=timezone.now())
    return Task.objects.of(city).filter(now_or_soon, kind=kind, finished_at=None).exists()


def count(city: City, view: View) -> int:
    return _seen(city, view).count()


def counts(city: City) -> dict[View, int]:
    return {view: count(city, view) for view in View}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that may be done now and is not. `oldest`: for how long the first of it has waited."""

    kind: str
    count: int
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class Failing:
    """Work of one kind that has failed for one reason, and that somebody has to look at."""

    kind: str
    code: str
    count: int


def waiting(city: City) -> list[Waiting]:
    """The city's queues, the longest first. One statement."""
    moment = timezone.now()
    rows = Task.objects.of(city).filter(finished_at=None, due_at__lte=moment, status=Status.WAITING)
    found = rows.values_list("kind").annotate(n=Count("pk"), first=Min("created_at")).order_by("-n", "kind")
    return [Waiting(kind, n, max(timedelta(), moment - first)) for kind, n, first in found]


def failing(city: City) -> list[Failing]:
    """What of the city's work has failed and why, the most frequent first. One statement."""
    rows = Task.objects.of(city).filter(status=Status.FAILED, finished_at__isnull=False)
    found = rows.values_list("kind", "fault_code").annotate(n=Count("pk")).order_by("-n", "kind", "fault_code")
    return [Failing(kind, code, n) for kind, code, n in found]


def _seen(city: City, view: View) -> TaskQuerySet[Task]:
    rows = Task.objects.of(city)
    if view is View.OPEN:
        return rows.filter(finished_at=None)
    ended = rows.filter(status=view.value, finished_at__isnull=False)
    return ended if view is View.FAILED else ended.filter(finished_at__gte=timezone.now() - _ENDED_SHOWN)
