"""Deadlines: each rule's days are counted from the events of a subject, on the city's calendar (ADR 29)."""

from __future__ import annotations

from huimin.platform.foundation.clocks.calendar import Calendar
from huimin.platform.foundation.clocks.counting import Clock, Moratorium, State, clocks, first_due
from huimin.platform.foundation.clocks.rules import ClockRule, MeasuredFrom, Source, Unit

__all__ = [
    "Calendar",
    "Clock",
    "ClockRule",
    "MeasuredFrom",
    "Moratorium",
    "Source",
    "State",
    "Unit",
    "clocks",
    "first_due",
]
