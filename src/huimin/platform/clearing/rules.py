"""The calendar of the clearing. Both numbers are our own assumptions: agreements with hospitals may name others."""

from __future__ import annotations

__all__ = ["DAYS_TO_ANSWER", "MADE_ON_DAY"]

MADE_ON_DAY = 3
"""Of the month that follows: by then a bill of the last evening has come."""
DAYS_TO_ANSWER = 10
"""The last of them counts: an answer on that day is in time."""
