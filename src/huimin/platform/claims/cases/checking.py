"""Compares the stored columns of held bills with their histories, reports differences and corrects the queue."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from huimin.platform.claims.cases.case import Case, cases_of
from huimin.platform.claims.cases.rules import Happened, Place, Turn
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.events import that_stand
from huimin.platform.foundation.models import City

__all__ = ["check_queue"]

_AT_ONCE = 200


def check_queue(city: City, told: Callable[[int, int], None] = lambda _done, _of: None) -> list[str]:
    """A sentence for each held bill whose columns are not what its history says. `told` is called with the number of
    bills compared and of all bills.

    A place in the queue that differs is corrected. How a bill was closed is never rewritten.
    """
    keys = list(ReviewItem.objects.of(city).order_by("pk").values_list("pk", flat=True))
    faults: list[str] = []
    for start in range(0, len(keys), _AT_ONCE):
        told(start, len(keys))
        with transaction.atomic():
            rows = ReviewItem.objects.of(city).select_for_update().filter(pk__in=keys[start : start + _AT_ONCE])
            for case in cases_of(city, rows.defer("body").order_by("pk")):
                faults += _faults_of(case)
    return faults


def _faults_of(case: Case) -> list[str]:
    review, faults = case.review, []
    name = f"review {review.pk} of settlement {review.setl_id}"
    stored, computed = Place(Turn(review.turn), review.due_on, review.taken_by), case.place
    if stored != computed:
        faults.append(f"{name}: the queue says {_words(stored)}; its history says {_words(computed)}")
        case.keep_place()
    ended, said = _ended(case), (review.outcome, review.closed_by) if review.closed_at is not None else None
    if ended != said:
        faults.append(f"{name}: the row says {_closing(said)}; its history says {_closing(ended)}")
    return faults


def _ended(case: Case) -> tuple[str, str] | None:
    """Outcome, and who closed it; None for an open case."""
    closings = [event for event in that_stand(case.events) if event.kind == Happened.CLOSED]
    return (str(closings[-1].data["outcome"]), closings[-1].actor) if closings else None


def _words(place: Place) -> str:
    due = f"due {place.due_on}" if place.due_on is not None else "nothing due"
    return f"{place.turn}, {due}, taken by {place.taken_by or 'nobody'}"


def _closing(closing: tuple[str, str] | None) -> str:
    return "open" if closing is None else f"closed as {closing[0]} by {closing[1]}"
