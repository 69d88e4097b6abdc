"""What a worker does where money came back that may have been owed back: nothing is paid by it."""

from __future__ import annotations

import json

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from huimin.platform.payouts.overpayments.settling import settle
from huimin.platform.payouts.policies import locked_policy
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["settle_overpayments", "settle_soon"]


def settle_soon(city: City, policy_number: str, key: str) -> None:
    """Have a worker settle a policy: whoever holds a payout may not lock its policy as well."""
    enqueue(city=city, kind="settle_overpayments", key=key, payload={"policy": policy_number})


def settle_overpayments(attempt: Attempt) -> Write:
    """Safe to run twice."""
    city, number = attempt.task.city, str(json.loads(attempt.task.payload)["policy"])

    def write() -> None:
        policy = locked_policy(city, number)
        if policy is not None:
            settle(policy, queue_actor(city).text)

    return write
