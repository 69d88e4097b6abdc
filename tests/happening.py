"""Events of an invented subject, written shortly: `happened("held 2026-09-30", "closed 2026-10-09")`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from huimin.platform.foundation.events import Event

ZONE = ZoneInfo("Asia/Shanghai")


HELD_AT = datetime(2026, 3, 2, 9, tzinfo=ZONE)


def moment(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def event(number: int, kind: str, day: date, learned: date | None = None, undoes: int | None = None) -> Event:
    return Event(number, kind, moment(day), moment(learned or day), undoes=undoes)


def happened(*written: str) -> list[Event]:
    """One event for each text of a kind and a day, numbered in their order."""
    pairs = [text.split() for text in written]
    return [event(number, kind, date.fromisoformat(day)) for number, (kind, day) in enumerate(pairs, start=1)]
