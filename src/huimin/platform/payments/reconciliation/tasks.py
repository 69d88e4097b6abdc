"""What a worker does each morning, or when it is asked: fetch the file of a day, and compare it."""

from __future__ import annotations

import json
from datetime import date, timedelta

from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import DoorError, Unreachable
from huimin.platform.payments.providers import usual_company
from huimin.platform.payments.reconciliation.company import counterpart_of
from huimin.platform.payments.reconciliation.models import DayState, ReconciledDay
from huimin.platform.payments.reconciliation.services import reconcile
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write

__all__ = ["fetch_and_compare", "fetched"]


def fetch_and_compare(attempt: Attempt) -> Write | None:
    """Of the day before, unless the task names another. A file that is not there yet is asked for again later."""
    city = attempt.task.city
    asked = json.loads(attempt.task.payload or "{}")
    provider = asked.get("provider", usual_company())
    day = date.fromisoformat(asked["day"]) if asked else today(city) - timedelta(days=1)
    fetched(city, provider, day)
    return None


def fetched(city: City, provider: str, day: date) -> None:
    """Fetch the file of a day and compare it, unless the day is closed. Raises what has the task tried again."""
    if ReconciledDay.objects.of(city).filter(provider=provider, day=day, state=DayState.CLOSED).exists():
        return
    try:
        content = counterpart_of(provider).fetch(city, day)
    except Unreachable as failure:
        raise NotNowError(failure.code, failure.retry_after) from failure
    except DoorError as failure:
        raise TryAgainError(failure.reason if failure.reason == "file_not_ready" else failure.code) from failure
    reconcile(actor=queue_actor(city), provider=provider, day=day, content=content)
