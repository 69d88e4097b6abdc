"""Removing sessions that were kept for as long as the law asks."""

from __future__ import annotations

from datetime import UTC, datetime

from huimin.platform.disclosure.models import ShownMoment
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.services import record_audit
from huimin.platform.tasks.api import Attempt, Write

__all__ = ["remove_old_sessions"]


def remove_old_sessions(attempt: Attempt) -> Write:
    """Remove what need not be kept any more, and say in the audit how much it was. Nothing to remove is not told.

    A demonstration city whose calendar was moved ahead loses nothing before the real day comes: the day of the
    database, which begins later than the city's. It would refuse all rows where one of them is too young.
    """
    city = attempt.task.city
    day = min(today(city), datetime.now(UTC).date())

    def remove() -> None:
        count = ShownMoment.objects.remove_expired(city, day)
        if count:
            record_audit(
                city=city,
                actor=queue_actor(city).text,
                action="old_sessions_removed",
                subject=str(day),
                at=now(city),
                detail={"moments": count},
            )

    return remove
