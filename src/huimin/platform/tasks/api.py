"""Everything of `tasks` that other contexts may import."""

from __future__ import annotations

from huimin.platform.tasks.attempts import Attempt, NotNowError, TryAgainError
from huimin.platform.tasks.folders import folder
from huimin.platform.tasks.kinds import Kind, Lane, Write, register_kinds
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.schedules import Monthly, Nightly
from huimin.platform.tasks.selectors import (
    Failing,
    Figures,
    Standing,
    View,
    Waiting,
    count,
    counts,
    failing,
    figures,
    standing_of,
    tasks,
    under_way,
    waiting,
)
from huimin.platform.tasks.services import cancel_task, enqueue, enqueue_each, retry_task, stop
from huimin.platform.tasks.worker import work_on_tasks

__all__ = [
    "Attempt",
    "Failing",
    "Figures",
    "Kind",
    "Lane",
    "Monthly",
    "Nightly",
    "NotNowError",
    "Standing",
    "Status",
    "Task",
    "TryAgainError",
    "View",
    "Waiting",
    "Write",
    "cancel_task",
    "count",
    "counts",
    "enqueue",
    "enqueue_each",
    "failing",
    "figures",
    "folder",
    "register_kinds",
    "retry_task",
    "standing_of",
    "stop",
    "tasks",
    "under_way",
    "waiting",
    "work_on_tasks",
]
