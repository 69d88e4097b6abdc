"""Histories: the events of a subject, read from the table and appended to it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.event import Event, Subject
from huimin.platform.foundation.events.models import RecordedEvent
from huimin.platform.foundation.models import City

__all__ = ["History", "append_to_each", "histories_of", "history_of"]

_AT_ONCE = 500
"""So many rows go in one statement."""


@dataclass(slots=True)
class History:
    """The events of one subject; none if nothing has been recorded yet."""

    city: City
    subject: Subject
    events: list[Event] = field(default_factory=list)

    def append(
        self,
        kind: str,
        *,
        actor: str,
        at: datetime,
        happened_at: datetime | None = None,
        reason: str = "",
        data: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
        undoes: int | None = None,
    ) -> Event:
        """Append an event at once. Call it in the transaction of what it reports, with the subject locked.

        `at` is when we learned of it. Times in a history never go back: if a demonstration's calendar was put back, the
        event gets the time of the one before it.
        """
        event = self._next(
            kind=kind,
            actor=actor,
            learned_at=at,
            happened_at=happened_at,
            reason=reason,
            data=dict(data or {}),
            personal=dict(personal or {}),
            undoes=undoes,
        )
        RecordedEvent.objects.insert([_row(self.city, self.subject, event)])
        return event

    def _next(self, *, learned_at: datetime, happened_at: datetime | None = None, **named: Any) -> Event:
        """The event that follows on the last one, which the history now has; its row is still to be written."""
        last = self.events[-1] if self.events else None
        moment = max(learned_at, last.learned_at) if last is not None else learned_at
        number = last.number + 1 if last is not None else 1
        event = Event(number=number, happened_at=happened_at or moment, learned_at=moment, **named)
        self.events.append(event)
        return event


def append_to_each(
    histories: Iterable[History],
    kind: str,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add the same event to several histories, their rows together: for what happens to a whole list at once.

    Call it as `History.append`, with every subject locked.
    """
    rows = []
    for history in histories:
        event = history._next(kind=kind, actor=by, learned_at=at, reason=reason, data=dict(data or {}))
        rows.append(_row(history.city, history.subject, event))
    for start in range(0, len(rows), _AT_ONCE):
        RecordedEvent.objects.insert(rows[start : start + _AT_ONCE])


def history_of(city: City, subject: Subject) -> History:
    """The subject's history. Lock the subject before you append to it."""
    rows = RecordedEvent.objects.fetch(
        city, {"subject_kind": subject.kind, "subject_id": subject.id}, order_by=("number",)
    )
    return History(city, subject, [_event(row) for row in rows])


def histories_of(city: City, kind: str, ids: Iterable[object]) -> dict[str, History]:
    """The histories of several subjects of one kind, by id, for reading. Those without events are empty."""
    wanted = [str(one) for one in ids]
    found: dict[str, list[Event]] = defaultdict(list)
    if wanted:
        where = {"subject_kind": kind, "subject_id": wanted}
        for row in RecordedEvent.objects.fetch(city, where, order_by=("subject_id", "number")):
            found[row.subject_id].append(_event(row))
    return {one: History(city, Subject(kind, one), found[one]) for one in wanted}


def _row(city: City, subject: Subject, event: Event) -> RecordedEvent:
    return RecordedEvent(
        city=city,
        subject_kind=subject.kind,
        subject_id=subject.id,
        number=event.number,
        kind=event.kind,
        happened_at=event.happened_at,
        learned_at=event.learned_at,
        recorded_at=now(city),
        actor=event.actor,
        reason=event.reason,
        data=dict(event.data),
        personal=json.dumps(dict(event.personal), ensure_ascii=False) if event.personal else None,
        undoes=event.undoes,
    )


def _event(row: RecordedEvent) -> Event:
    return Event(
        number=row.number,
        kind=row.kind,
        happened_at=timezone.localtime(row.happened_at),
        learned_at=timezone.localtime(row.learned_at),
        actor=row.actor,
        reason=row.reason,
        data=row.data,
        personal=json.loads(row.personal) if row.personal is not None else {},
        undoes=row.undoes,
    )
