"""What a worker does with a message: one attempt to deliver it, and what that comes to for the queue."""

from __future__ import annotations

import json

from huimin.errors import HuiminError
from huimin.platform.messages.api import keep_sent
from huimin.platform.outbox.delivering import End, deliver, gateway_key, words_of
from huimin.platform.tasks.api import Attempt, NotNowError, Task, TryAgainError, Write, enqueue

__all__ = ["deliver_message"]


def deliver_message(attempt: Attempt) -> Write | None:
    """Deliver it outside a transaction. If the machine stops before it is marked, it goes twice, with the same key.

    What a resident was told is kept for their message centre, also where it does not get to the telephone.
    """
    outcome = deliver(attempt.task)
    if outcome.end is End.UNREACHABLE:
        raise NotNowError(outcome.code, outcome.retry_after)
    if outcome.end is End.NOT_TAKEN:
        raise TryAgainError(outcome.code)
    if outcome.end is End.HOPELESS:
        if outcome.code == "not_received":
            _keep(attempt.task, received=False)
        raise HuiminError(f"the message cannot be delivered: {outcome.code}", code=outcome.code)
    if words_of(attempt.task) is None:
        return None
    return lambda: _keep(attempt.task, received=True)


def _keep(task: Task, *, received: bool) -> None:
    """Once policies were told of, people of 65 and over are asked whether that was meant."""
    words = words_of(task)
    if words is None:
        return
    resident_id, template, text = words
    key = gateway_key(task)
    keep_sent(city=task.city, key=key, resident_id=resident_id, template=template, text=text, received=received)
    if template == "policies_issued":
        order = json.loads(task.payload)["order"]
        enqueue(city=task.city, kind="ask_was_it_you", key=order, payload={"order": order})
