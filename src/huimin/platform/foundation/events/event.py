"""Subjects and their events, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

__all__ = ["Event", "Subject", "has_happened", "that_stand"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that has a history: its kind, and its id among those of the kind in its city."""

    kind: str
    id: str

    def __str__(self) -> str:
        """As the audit writes it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a subject. Times have a zone; their days are days of that zone."""

    number: int
    """Counts the subject's events from 1, in the order in which we learned of them."""
    kind: str
    happened_at: datetime
    """When it happened or takes effect. That may be long before we learned of it, or still to come."""
    learned_at: datetime
    actor: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Its details by name: codes, numbers of records, amounts in fen. No personal data."""
    personal: Mapping[str, Any] = field(default_factory=dict)
    """Its details that are personal data. They are encrypted in the database."""
    undoes: int | None = None
    """The number of an earlier event that this one takes back."""


def that_stand(events: Iterable[Event]) -> list[Event]:
    """The events that count, by number: those that no other event took back. If an event that takes another back is
    itself taken back, the other counts again.
    """
    in_order = sorted(events, key=lambda event: event.number)
    undone: set[int] = set()
    for event in reversed(in_order):
        if event.undoes is not None and event.number not in undone:
            undone.add(event.undoes)
    return [event for event in in_order if event.number not in undone]


def has_happened(event: Event, today: date) -> bool:
    """Whether the event has happened by this day.

    An event that was still to come when we learned of it happens on its day. Any other had happened when we learned of
    it, and counts as happened even if a demonstration's calendar has been put back since.
    """
    return event.happened_at <= event.learned_at or event.happened_at.date() <= today
