"""Rules for clocks: how many days somebody has, from which event on, and which days do not count."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["ClockRule", "MeasuredFrom", "Source", "Unit"]


class Source(enum.StrEnum):
    """Why a deadline must be kept."""

    LAW = "law"
    CONTRACT = "contract"
    PROMISE = "promise"


class Unit(enum.StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"


class MeasuredFrom(enum.StrEnum):
    """Which of an event's two times a clock starts from."""

    LEARNED = "learned"
    """When we learned of it, since nobody can act before that."""
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock for a kind of subject, in terms of kinds of events."""

    name: str
    source: Source
    clause: str
    """The source of the rule: the law and its article, the contract's clause, or who promised it."""
    days: int
    starts: frozenset[str]
    stops: frozenset[str]
    """The events that end a run: what was due was done, or is no longer due. A later event of `starts` begins a new
    run.
    """
    pauses: frozenset[str] = frozenset()
    """The events after which somebody else has to act, so that the days do not count …"""
    resumes: frozenset[str] = frozenset()
    """… until one of these events."""
    unit: Unit = Unit.DAYS
    ends_on_working_day: bool = False
    """Whether a last day that is not a working day moves to the next working day (民法典第二百零三条)."""
    measured_from: MeasuredFrom = MeasuredFrom.LEARNED

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError(f"the clock {self.name} has {self.days} days; expected 0 or more")
        both = self.pauses & self.resumes
        if both:
            raise ValueError(
                f"the clock {self.name} cannot pause and resume with the same event: {', '.join(sorted(both))}"
            )
