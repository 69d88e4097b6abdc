"""Doing what waits in the queue, as a worker would, inside a test."""

from __future__ import annotations

import math

from django.utils import timezone

from huimin.platform.tasks.kinds import Lane
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.worker import Worker, once

__all__ = ["a_worker", "due_now", "work_off"]


def a_worker(*lanes: Lane, name: str = "test:1") -> Worker:
    """One that plans nothing of its own, so that a test sees its own tasks alone."""
    return Worker(lanes or tuple(Lane), name, next_plan=math.inf)


def work_off(*lanes: Lane) -> int:
    """Do all that is due in these lanes. Returns how many rounds found something."""
    worker, rounds = a_worker(*(lanes or (Lane.JOBS,))), 0
    while once(worker):
        rounds += 1
    return rounds


def due_now(task: Task) -> None:
    """As if the time for which it waits had passed."""
    Task.objects.of_every_city().filter(pk=task.pk).update(due_at=timezone.now())
