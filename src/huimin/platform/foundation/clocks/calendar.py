"""Which days are working days: the State Council's notice of each year, and what a city has declared itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import chinese_calendar

__all__ = ["Calendar"]

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """A city's working days. What the city declared overrides the national calendar."""

    days_off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day. In a year whose calendar is not published yet, Mondays to Fridays are
        working days.
        """
        if day in self.days_off or day in self.worked:
            return day in self.worked
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < _SATURDAY

    def is_published(self, day: date) -> bool:
        """Whether the year's holidays are published, so that a day counted in it will not change."""
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return False
        return True
