"""Subjects and their events, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

__all__ = ["Event", "Subject", "has_happened", "that_stand"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What has a history: a kind of thing, and which one of the kind in its city."""

    kind: str
    id: str

    def __str__(self) -> str:
        """As the audit writes it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a subject. Times have a zone; their days are days of that zone."""

    number: int
    """1, 2, 3 … in the subject's history, in the order in which we learned of its events."""
    kind: str
    happened_at: datetime
    """When it happened, or takes effect: that may be long before we learned of it, or still to come."""
    learned_at: datetime
    actor: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What belongs to it, by name: codes, numbers of records, amounts in fen. It tells of no person."""
    personal: Mapping[str, Any] = field(default_factory=dict)
    """What tells of a person. It is encrypted in the database."""
    undoes: int | None = None
    """The number of an earlier event that this one takes back."""


def that_stand(events: Iterable[Event]) -> list[Event]:
    """The events that nothing took back, by number. Where a taking back was itself taken back, the first stands."""
    in_order = sorted(events, key=lambda event: event.number)
    undone: set[int] = set()
    for event in reversed(in_order):
        if event.undoes is not None and event.number not in undone:
            undone.add(event.undoes)
    return [event for event in in_order if event.number not in undone]


def has_happened(event: Event, today: date) -> bool:
    """Whether it is no longer ahead of us on this day.

    What was ahead when we learned of it happens on its day. Anything else had happened by then: the calendar of a
    demonstration may have been put back since.
    """
    return event.happened_at <= event.learned_at or event.happened_at.date() <= today
