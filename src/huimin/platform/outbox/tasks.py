"""A worker's task: makes one attempt to deliver a message, and tells the queue how it ended."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.outbox.delivering import End, deliver
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError

__all__ = ["deliver_message"]


def deliver_message(attempt: Attempt) -> None:
    """Deliver the message outside a transaction. If the machine stops before the task is marked, it is sent twice with
    the same key.
    """
    outcome = deliver(attempt.task)
    if outcome.end is End.UNREACHABLE:
        raise NotNowError(outcome.code, outcome.retry_after)
    if outcome.end is End.NOT_TAKEN:
        raise TryAgainError(outcome.code)
    if outcome.end is End.HOPELESS:
        raise HuiminError(f"the message cannot be delivered: {outcome.code}", code=outcome.code)
