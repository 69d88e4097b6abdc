"""One attempt at a task: what the function that does the task is given, and what it may raise.

The function returns when the task is done. A HuiminError means that the task has failed, and why, and that no further
attempt would help. Any other error is a mistake in the program, and the task has failed too. Only trouble with the
database does not count as a failure.
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
    """This attempt failed and counts as one. Another follows after 1, 2, 4 … seconds, at most an hour. `code` says
    why.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotNowError(Exception):
    """A party that the work needs cannot be reached. The attempt does not count, and all tasks of this kind wait for a
    while.

    `retry_after`: after how many seconds another attempt makes sense, if that is known; else 0.
    """

    def __init__(self, code: str, retry_after: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class StoppedError(Exception):
    """The task no longer belongs to this worker: it was cancelled, or another worker has taken it."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("cancelled" if cancelled else "taken over")
        self.cancelled = cancelled


@dataclass(slots=True)
class Attempt:
    """This worker's attempt at a task that it holds."""

    task: Task
    kind: Kind
    _said: float = field(default=0.0)

    def progress(self, done: int, of: int, step: str = "") -> None:
        """Report progress, and that the worker is alive. Raises StoppedError if the work has to end here.

        It may be called often, since it writes to the database at most twice a second.
        """
        if time.monotonic() - self._said < _SAID_EVERY:
            return
        self._said = time.monotonic()
        said = {"done": done, "of": of, "step": step}
        if not still_held(self.task).update(progress=said, due_at=timezone.now() + self.kind.silent):
            rows = Task.objects.of_every_city().filter(pk=self.task.pk, status=Status.CANCELLED)
            raise StoppedError(cancelled=rows.exists())
