"""The table of tasks: pieces of work that wait, are being done, or have ended."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from huimin.platform.foundation.fields import EncryptedTextField
from huimin.platform.foundation.models import CityQuerySet, CityRow

__all__ = ["Status", "Task", "TaskQuerySet"]

M = TypeVar("M", bound=models.Model)


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """No further attempt is made. A person has to look at it, and may let it be tried again."""
    CANCELLED = "cancelled"


class TaskQuerySet(CityQuerySet[M]):
    def of_every_city(self) -> Self:
        """Tasks of all cities, for workers and for those who run the server."""
        return self.all()


class Task(CityRow):
    """One piece of work of a kind (tasks/kinds.py). The row is written in the transaction of what caused it.

    It is done at least once: if a worker is killed in the middle, another does it again. The queue uses the real time,
    even if a demonstration city has its own calendar.
    """

    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=20)
    """The kind's lane when the task was written. Workers look for tasks by lane."""
    key = models.CharField(max_length=120)
    """What the task is for: a kind has one task for each key. Receivers of messages recognise repeats by it."""
    payload = EncryptedTextField(bound_to=("kind", "key"), null=True)
    """JSON for the function that does the work; None if it needs nothing."""
    priority = models.SmallIntegerField(default=0)
    """Of two tasks that are due, the one with the greater number is done first."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    due_at = models.DateTimeField()
    """While it waits: the earliest time to do it. While it is being done: the time after which its worker counts as
    lost.
    """
    attempts = models.PositiveIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    """How many workers ended, or stopped reporting, while they did it."""
    worker = models.CharField(max_length=80, blank=True)
    """The worker that took it last: host and process."""
    progress = models.JSONField(null=True)
    """The progress that the worker last reported: `done` of `of`, and the `step` it is at."""
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    """When it was done, failed or was cancelled; None while it is open."""
    fault = models.TextField(blank=True)
    """Why the last attempt failed, in English, for logs; a page makes its sentence from the code and its values."""
    fault_code = models.CharField(max_length=60, blank=True)
    fault_values = models.JSONField(null=True)
    objects: ClassVar[TaskQuerySet[Any]] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "kind", "key"], name="one_task_for_a_key")]
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "-priority", "due_at", "id"],
                name="tasks_open",
                condition=models.Q(finished_at__isnull=True),
            ),
            models.Index(
                fields=["city", "-finished_at"], name="tasks_ended", condition=models.Q(finished_at__isnull=False)
            ),
            models.Index(fields=["city", "-finished_at"], name="tasks_failed", condition=models.Q(status="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_under_way(self) -> bool:
        return self.status in (Status.WAITING, Status.RUNNING)

    @property
    def percent_done(self) -> int:
        said = self.progress or {}
        return 100 * said["done"] // said["of"] if said.get("of") else 0
