"""A folder for the files of one task. It is removed when they are no longer needed, since they may name people and
bills.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.tasks.attempts import Attempt, StoppedError
from huimin.platform.tasks.models import Task

__all__ = ["folder", "remove_left_over"]


@contextmanager
def folder(attempt: Attempt) -> Iterator[Path]:
    """The task's folder on this machine, which is removed afterwards.

    It stays if another attempt will go on with its content: after trouble with the database, when the worker was asked
    to end, and when another worker has taken the task.
    """
    home = _home() / str(attempt.task.pk)
    home.mkdir(parents=True, exist_ok=True)
    try:
        yield home
    except BaseException as error:
        if not _goes_on(error):
            shutil.rmtree(home, ignore_errors=True)
        raise
    shutil.rmtree(home, ignore_errors=True)


def remove_left_over() -> None:
    """Remove the folders of tasks that have ended, because a worker that was killed could not do it."""
    for home in _home().glob("*"):
        if not Task.objects.of_every_city().filter(pk=home.name, finished_at=None).exists():
            shutil.rmtree(home, ignore_errors=True)


def _home() -> Path:
    path: Path = settings.HOME / "tasks"
    return path


def _goes_on(error: BaseException) -> bool:
    if isinstance(error, StoppedError):
        return not error.cancelled
    return not isinstance(error, Exception) or trouble_of(error) is not None
