"""The statuses of a subject. Several may hold at once, and none is stored: they follow from its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.events.event import Event, has_happened, that_stand

__all__ = ["StatusRule", "statuses"]


@dataclass(frozen=True, slots=True)
class StatusRule:
    """When a status holds, in terms of kinds of events."""

    status: str
    begins: frozenset[str] = frozenset()
    """The status holds from such an event on …"""
    ends: frozenset[str] = frozenset()
    """… until one of these events."""
    ahead: frozenset[str] = frozenset()
    """It also holds while such an event is known but still to come, such as a cancellation at the end of the month."""

    def __post_init__(self) -> None:
        both = self.begins & self.ends
        if both:
            raise ValueError(f"{self.status} cannot begin and end with the same event: {', '.join(sorted(both))}")


def statuses(events: Iterable[Event], rules: Iterable[StatusRule], today: date) -> frozenset[str]:
    """The statuses that hold on this day. Of events at the same moment, the one that we learned of later decides."""
    standing = that_stand(events)
    happened = sorted(
        (event for event in standing if has_happened(event, today)), key=lambda event: (event.happened_at, event.number)
    )
    to_come = {event.kind for event in standing if not has_happened(event, today)}
    return frozenset(rule.status for rule in rules if _holds(rule, happened) or rule.ahead & to_come)


def _holds(rule: StatusRule, happened: list[Event]) -> bool:
    """Whether the last event that the rule knows begins the status."""
    known = rule.begins | rule.ends
    return next((event.kind in rule.begins for event in reversed(happened) if event.kind in known), False)
