"""When scheduled work is due: every night, or on a day of each month, in the city's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

__all__ = ["Monthly", "Nightly", "Schedule"]


@dataclass(frozen=True, slots=True)
class Nightly:
    hour: int

    def next_after(self, moment: datetime) -> tuple[str, datetime]:
        """The key of the next task, which is its day, and when it is due. `moment` is in the city's zone."""
        due = moment.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        if due <= moment:
            due += timedelta(days=1)
        return f"{due:%Y-%m-%d}", due


@dataclass(frozen=True, slots=True)
class Monthly:
    """`day`: 1 to 28, which every month has."""

    day: int
    hour: int

    def next_after(self, moment: datetime) -> tuple[str, datetime]:
        """The key of the next task, which is its month, and when it is due. `moment` is in the city's zone."""
        due = moment.replace(day=self.day, hour=self.hour, minute=0, second=0, microsecond=0)
        if due <= moment:
            due = (due.replace(day=1) + timedelta(days=32)).replace(day=self.day)
        return f"{due:%Y-%m}", due


Schedule: TypeAlias = Nightly | Monthly
