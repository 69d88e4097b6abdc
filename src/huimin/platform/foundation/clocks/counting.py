"""Clocks as a pure function of events: what is due when, what is paused, what was done in time or missed."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from huimin.platform.foundation.clocks.calendar import Calendar
from huimin.platform.foundation.clocks.rules import ClockRule, MeasuredFrom, Unit
from huimin.platform.foundation.events import Event, that_stand

__all__ = ["Clock", "Moratorium", "State", "clocks", "first_due"]

_DAY = timedelta(days=1)


class State(enum.StrEnum):
    RUNNING = "running"
    OVERDUE = "overdue"
    PAUSED = "paused"
    KEPT = "kept"
    MISSED = "missed"
    """It was done, but after the last day."""


@dataclass(frozen=True, slots=True)
class Moratorium:
    """Days that do not count for any clock, for instance after a flood. Both days are included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of a rule: from an event that starts it until what was due is done."""

    rule: ClockRule
    state: State
    started_on: date
    due_on: date | None
    """The last day. None while the clock is paused, because it is not known then."""
    days_left: int
    """How many of the rule's days are still to come; 0 on the last day and after it."""
    paused_since: date | None = None
    stopped_on: date | None = None


@dataclass(slots=True)
class _Run:
    started: date
    stopped: date | None = None
    pauses: list[tuple[date, date]] = field(default_factory=list)
    """(day of the pause, day on which it ended), in order."""
    paused: date | None = None


def clocks(
    events: Iterable[Event],
    rules: Iterable[ClockRule],
    calendar: Calendar,
    moratoria: Sequence[Moratorium],
    today: date,
) -> tuple[Clock, ...]:
    """Every run of each rule, in the order of the rules.

    The day of the event that starts a clock does not count; the next day is the first. Days of a moratorium do not
    count, nor do the days from the one after a pause begins to the one on which it ends. Events may be given in any
    order; of two at the same moment, the one that we learned of first comes first.
    """
    standing = that_stand(events)
    return tuple(_clock(rule, run, calendar, moratoria, today) for rule in rules for run in _runs(standing, rule))


def first_due(found: Iterable[Clock]) -> date | None:
    """The earliest last day among the running clocks. None if no clock runs."""
    days = (clock.due_on for clock in found if clock.stopped_on is None)
    return min((day for day in days if day is not None), default=None)


def _runs(events: Iterable[Event], rule: ClockRule) -> Iterator[_Run]:
    run: _Run | None = None
    for moment, _number, kind in sorted((_moment(event, rule), event.number, event.kind) for event in events):
        day = moment.date()
        if run is not None and kind in rule.stops:
            run.stopped = day
            yield run
            run = None
        if run is None:
            run = _Run(day) if kind in rule.starts else None
        elif kind in rule.pauses and run.paused is None:
            run.paused = day
        elif kind in rule.resumes and run.paused is not None:
            run.pauses.append((run.paused, day))
            run.paused = None
    if run is not None:
        yield run


def _moment(event: Event, rule: ClockRule) -> datetime:
    return event.learned_at if rule.measured_from == MeasuredFrom.LEARNED else event.happened_at


def _clock(rule: ClockRule, run: _Run, calendar: Calendar, moratoria: Sequence[Moratorium], today: date) -> Clock:
    days: list[date] = []
    due: date | None = run.started
    while due is not None and len(days) < rule.days:
        due = _next(run, due)
        if due is not None and _free(run, due, moratoria) and (rule.unit == Unit.DAYS or calendar.is_working(due)):
            days.append(due)
    if rule.ends_on_working_day or rule.unit == Unit.WORKING_DAYS:
        while due is not None and not (_free(run, due, moratoria) and calendar.is_working(due)):
            due = _next(run, due)
    if due is None:
        state = State.PAUSED if run.stopped is None else State.KEPT
        return Clock(rule, state, run.started, None, rule.days - len(days), run.paused, run.stopped)
    left = sum(day > (run.stopped or today) for day in days)
    return Clock(rule, _state(run, due, today), run.started, due, left, run.paused, run.stopped)


def _next(run: _Run, day: date) -> date | None:
    """The day after `day`; None if the clock is paused by then and has not been resumed."""
    return None if run.paused is not None and day >= run.paused else day + _DAY


def _free(run: _Run, day: date, moratoria: Sequence[Moratorium]) -> bool:
    """Whether neither a pause that ended nor a moratorium covers the day."""
    return not any(paused < day <= resumed for paused, resumed in run.pauses) and not any(
        one.first_day <= day <= one.last_day for one in moratoria
    )


def _state(run: _Run, due: date, today: date) -> State:
    if run.stopped is not None:
        return State.KEPT if run.stopped <= due else State.MISSED
    return State.RUNNING if today <= due else State.OVERDUE
