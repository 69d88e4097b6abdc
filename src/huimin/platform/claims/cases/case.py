"""A held bill with its history. Events are appended, and its place in the queue is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.rules import Happened, Place, clocks_of_case, place_of, statuses_of_case
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.approvals.services import drop
from huimin.platform.foundation.clocks import Clock
from huimin.platform.foundation.clocks.declared import CityDays, days_of_city
from huimin.platform.foundation.events import Event, Subject
from huimin.platform.foundation.events.recording import History, histories_of, history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit

__all__ = [
    "SUBJECT",
    "USE_CASE",
    "Case",
    "case_of",
    "cases_of",
    "close",
    "first_due_on",
    "lock_open_case",
    "locked_case",
    "open_case",
    "subject_of",
]

SUBJECT = "review"
"""The kind of the subject of a held bill, in histories and in the audit."""
USE_CASE = "held_bill"
"""The use case that a second person agrees to: carrying out what a handler found about a held bill (reviews.py)."""


def subject_of(review_id: int) -> Subject:
    return Subject(SUBJECT, str(review_id))


@dataclass(slots=True)
class Case:
    """One held bill. Lock its row before you append an event."""

    review: ReviewItem
    history: History
    days: CityDays

    @property
    def events(self) -> Sequence[Event]:
        return self.history.events

    @property
    def place(self) -> Place:
        return place_of(self.events, self.days.calendar, self.days.moratoria)

    def statuses(self, today: date) -> frozenset[str]:
        return statuses_of_case(self.events, today)

    def clocks(self, today: date) -> tuple[Clock, ...]:
        return clocks_of_case(self.events, self.days.calendar, self.days.moratoria, today)

    def happens(
        self, kind: Happened, *, actor: str, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None
    ) -> None:
        """Append an event, and store the place in the queue that follows from it."""
        self.history.append(kind, actor=actor, at=at, reason=reason, data=data)
        self.keep_place()

    def keep_place(self) -> None:
        place, review = self.place, self.review
        review.turn, review.due_on, review.taken_by = place.turn.value, place.due_on, place.taken_by
        rows = ReviewItem.objects.of(review.city).filter(pk=review.pk)
        rows.update(turn=review.turn, due_on=review.due_on, taken_by=review.taken_by)


def first_due_on(city: City, moment: datetime) -> date | None:
    """The first day on which something is due for a bill that is held at this moment."""
    days = days_of_city(city)
    return place_of([Event(1, Happened.HELD, moment, moment)], days.calendar, days.moratoria).due_on


def open_case(review: ReviewItem) -> None:
    """Begin the history of a bill that is held for the first time. The caller has set its `due_on` to `first_due_on`.

    Call it in the transaction that holds it.
    """
    data = {"code": review.code, "amount": review.amount}
    history = History(review.city, subject_of(review.pk))
    history.append(Happened.HELD, actor=f"client:{review.client_id}", at=review.received_at, data=data)


def case_of(review: ReviewItem) -> Case:
    return Case(review, history_of(review.city, subject_of(review.pk)), days_of_city(review.city))


def cases_of(city: City, reviews: Iterable[ReviewItem]) -> list[Case]:
    """The cases of several held bills, in their order."""
    rows = list(reviews)
    if not rows:
        return []
    histories, days = histories_of(city, SUBJECT, [row.pk for row in rows]), days_of_city(city)
    return [Case(row, histories[str(row.pk)], days) for row in rows]


def lock_open_case(city: City, review_id: int) -> Case | None:
    """The case, with its row locked; None if it is closed or does not exist."""
    row = ReviewItem.objects.fetch_one(city, {"id": review_id, "closed_at": None}, lock=True)
    return None if row is None else case_of(row)


def locked_case(city: City, review_id: int) -> Case:
    """The case, with its row locked. Raises ReviewError (`review_closed`) if there is no open one."""
    case = lock_open_case(city, review_id)
    if case is None:
        raise ReviewError("this review is already closed, or does not exist", code="review_closed")
    return case


def close(
    case: Case, outcome: str, *, by: str, at: datetime, note: str = "", fact: SettlementFact | None = None
) -> None:
    """Take the bill out of the queue. An open proposal is dropped, and the audit records who closed the bill."""
    review = case.review
    drop(city=review.city, use_case=USE_CASE, subject=subject_of(review.pk), by=by, reason=outcome)
    data = {"outcome": outcome, **({"settlement": fact.pk} if fact is not None else {})}
    case.happens(Happened.CLOSED, actor=by, at=at, reason=note, data=data)
    review.closed_at, review.closed_by, review.outcome, review.note = at, by, outcome, note
    review.settlement = fact
    ReviewItem.objects.rewrite(review, "closed_at", "closed_by", "outcome", "note", "settlement")
    record_audit(city=review.city, actor=by, action=f"review_{outcome}", subject=str(subject_of(review.pk)), at=at)
