"""A worker's monthly task: evens out what rounding has left between insurers."""

from __future__ import annotations

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.pool.statements import close_months
from huimin.platform.tasks.api import Attempt

__all__ = ["even_out"]


def even_out(attempt: Attempt) -> None:
    """Close the months of the city that are over. It may run twice: a month is closed only once."""
    close_months(actor=queue_actor(attempt.task.city))
