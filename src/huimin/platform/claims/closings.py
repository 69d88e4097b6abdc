"""Compares the queue of held bills with the audit, which is sealed and says how each bill was closed."""

from __future__ import annotations

from datetime import datetime

from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.models import City
from huimin.platform.foundation.selectors import audited

__all__ = ["faults_of_closings"]

_ACTION, _LOOKED = "review_", "review_opened"
"""Closings are recorded as `review_` and the outcome. That somebody looked at a review is recorded too, and is no
closing.
"""
Closing = tuple[str, str, datetime | None]
"""Outcome, who closed it, and when."""


def faults_of_closings(city: City) -> list[str]:
    """A sentence for each held bill that was closed, opened again or given another outcome without an entry in the
    audit.
    """
    told = _told(city)
    faults = []
    fields = ("pk", "setl_id", "outcome", "closed_by", "closed_at")
    for pk, setl_id, outcome, closed_by, closed_at in ReviewItem.objects.of(city).order_by("pk").values_list(*fields):
        stands = None if closed_at is None else (outcome, closed_by, closed_at)
        said = told.get(f"review:{pk}")
        if stands != said:
            faults.append(f"review {pk} of settlement {setl_id} is {_words(stands)}; the audit says {_words(said)}")
    return faults


def _told(city: City) -> dict[str, Closing]:
    """The closing of each review according to the audit, by subject. A review is closed only once."""
    return {
        event.subject: (event.action.removeprefix(_ACTION), event.actor, event.at)
        for event in audited(city, _ACTION)
        if event.action != _LOOKED
    }


def _words(closing: Closing | None) -> str:
    if closing is None:
        return "open"
    outcome, actor, at = closing
    return f"closed as {outcome or 'nothing'} by {actor or 'nobody'} at {at}"
