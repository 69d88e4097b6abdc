"""What a worker does with a message: one attempt to deliver it, and what that comes to for the queue."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.outbox.delivering import End, deliver
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError

__all__ = ["deliver_message"]


def deliver_message(attempt: Attempt) -> None:
    """Deliver it outside a transaction. If the machine stops before it is marked, it goes twice, with the same key."""
    outcome = deliver(attempt.task)
    if outcome.end is End.UNREACHABLE:
        raise NotNowError(outcome.code, outcome.retry_after)
    if outcome.end is End.NOT_TAKEN:
        raise TryAgainError(outcome.code)
    if outcome.end is End.HOPELESS:
        raise HuiminError(f"the message cannot be delivered: {outcome.code}", code=outcome.code)
