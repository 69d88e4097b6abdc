"""Rules of clocks: how many days somebody has, from which event on, and when the days do not count."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["ClockRule", "MeasuredFrom", "Source", "Unit"]


class Source(enum.StrEnum):
    """What obliges to keep a clock."""

    LAW = "law"
    CONTRACT = "contract"
    PROMISE = "promise"


class Unit(enum.StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"


class MeasuredFrom(enum.StrEnum):
    """Which of an event's two times a clock goes by."""

    LEARNED = "learned"
    """When we came to know of it: nobody can act before."""
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock of a kind of subject, told by kinds of events."""

    name: str
    source: Source
    clause: str
    """Where the rule stands: the law and its article, the contract's clause, or whose promise it is."""
    days: int
    starts: frozenset[str]
    stops: frozenset[str]
    """What was due has been done, or is no longer due. A later event of `starts` begins a new run."""
    pauses: frozenset[str] = frozenset()
    """From such an event on somebody else has to act, and the days do not count …"""
    resumes: frozenset[str] = frozenset()
    """… until one of these."""
    unit: Unit = Unit.DAYS
    ends_on_working_day: bool = False
    """A last day on which nobody works is followed by the next working day (民法典第二百零三条)."""
    measured_from: MeasuredFrom = MeasuredFrom.LEARNED

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError(f"the clock {self.name} has {self.days} days; expected 0 or more")
        both = self.pauses & self.resumes
        if both:
            raise ValueError(
                f"the clock {self.name} cannot pause and resume with the same event: {', '.join(sorted(both))}"
            )
