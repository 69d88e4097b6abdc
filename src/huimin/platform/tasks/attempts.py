"""One attempt at a task: what the function that does it is given, and what it may raise to say how the attempt ended.

The function returns when the task is done. HuiminError says that the task has failed and why: no further
attempt would help. Any other error is a fault of ours, and the task has failed too; unless the database was in
trouble, which counts against no task.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.utils import timezone

from huimin.platform.tasks.holding import still_held
from huimin.platform.tasks.kinds import Kind
from huimin.platform.tasks.models import Status, Task

__all__ = ["Attempt", "NotNowError", "StoppedError", "TryAgainError"]

_SAID_EVERY = 0.5


class TryAgainError(Exception):
    """This attempt failed and counts. Another follows after 1, 2, 4 … seconds, an hour at most. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotNowError(Exception):
    """A party that the work needs cannot be reached. That counts against no task; all of this kind wait for a while.

    `retry_after`: seconds before which another attempt makes no sense, where that is known.
    """

    def __init__(self, code: str, retry_after: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class StoppedError(Exception):
    """The task is not this worker's any more: it was cancelled, or another worker took it up."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("cancelled" if cancelled else "taken over")
        self.cancelled = cancelled


@dataclass(slots=True)
class Attempt:
    """An attempt of this worker at a task that it holds."""

    task: Task
    kind: Kind
    _said: float = field(default=0.0)

    def progress(self, done: int, of: int, step: str = "") -> None:
        """Say how far it is, and that the worker still lives. Raises StoppedError where the work is to end here.

        It may be called often: twice a second it reaches the database.
        """
        if time.monotonic() - self._said < _SAID_EVERY:
            return
        self._said = time.monotonic()
        said = {"done": done, "of": of, "step": step}
        if not still_held(self.task).update(progress=said, due_at=timezone.now() + self.kind.silent):
            rows = Task.objects.of_every_city().filter(pk=self.task.pk, status=Status.CANCELLED)
            raise StoppedError(cancelled=rows.exists())
