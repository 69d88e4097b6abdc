"""Clocks follow from events: both sides of each boundary, holidays, pauses, moratoria, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from happening import event, happened
from huimin.platform.foundation.clocks import (
    Calendar,
    Clock,
    ClockRule,
    MeasuredFrom,
    Moratorium,
    Source,
    State,
    Unit,
    clocks,
    first_due,
)
from huimin.platform.foundation.events import Event

CALENDAR = Calendar()
WORDS = {
    "starts": frozenset({"held"}),
    "stops": frozenset({"closed"}),
    "pauses": frozenset({"asked"}),
    "resumes": frozenset({"answered"}),
}
LAW = ClockRule("decision", Source.LAW, "保险法第二十三条", 30, **WORDS)
ROLLING = ClockRule("decision", Source.LAW, "保险法第二十三条", 30, ends_on_working_day=True, **WORDS)
PROMISE = ClockRule("answer", Source.PROMISE, "ours", 2, unit=Unit.WORKING_DAYS, **WORDS)
HELD = date(2026, 3, 2)
"""A Monday; the next holiday is in April."""


def clock(rule: ClockRule, events: list[Event], today: date = HELD, *moratoria: Moratorium) -> Clock:
    (found,) = clocks(events, [rule], CALENDAR, moratoria, today)
    return found


def test_the_day_of_the_event_does_not_count() -> None:
    found = clock(LAW, happened("held 2026-03-02"))
    assert (found.started_on, found.due_on, found.days_left) == (HELD, date(2026, 4, 1), 30)


def test_it_is_kept_on_the_last_day_and_missed_on_the_next() -> None:
    assert clock(LAW, happened("held 2026-03-02", "closed 2026-04-01")).state == State.KEPT
    assert clock(LAW, happened("held 2026-03-02", "closed 2026-04-02")).state == State.MISSED


def test_it_runs_on_the_last_day_and_is_overdue_on_the_next() -> None:
    last = clock(LAW, happened("held 2026-03-02"), date(2026, 4, 1))
    after = clock(LAW, happened("held 2026-03-02"), date(2026, 4, 2))
    before = clock(LAW, happened("held 2026-03-02"), date(2026, 3, 31))
    assert (before.state, last.state, after.state) == (State.RUNNING, State.RUNNING, State.OVERDUE)
    assert (before.days_left, last.days_left, after.days_left) == (1, 0, 0)


def test_working_days_leave_out_weekends_and_holidays_and_count_weekends_that_are_worked() -> None:
    # 2026: 30 September is a Wednesday, 1 to 7 October are holidays, Saturday 10 October is worked.
    assert clock(PROMISE, happened("held 2026-09-30")).due_on == date(2026, 10, 9)
    assert clock(PROMISE, happened("held 2026-10-08")).due_on == date(2026, 10, 10)
    assert clock(PROMISE, happened("held 2026-03-06")).due_on == date(2026, 3, 10)


def test_a_last_day_on_which_nobody_works_is_followed_by_the_next_working_day_where_the_rule_says_so() -> None:
    # 30 days after 1 September are 1 October, a holiday until the 7th.
    assert clock(LAW, happened("held 2026-09-01")).due_on == date(2026, 10, 1)
    assert clock(ROLLING, happened("held 2026-09-01")).due_on == date(2026, 10, 8)
    assert clock(ROLLING, happened("held 2026-08-31")).due_on == date(2026, 9, 30)


def test_what_is_due_at_once_is_due_on_the_same_day() -> None:
    at_once = ClockRule("tell", Source.LAW, "保险法第二十二条", 0, **WORDS)
    assert clock(at_once, happened("held 2026-03-07")).due_on == date(2026, 3, 7)
    on_a_working_day = ClockRule("tell", Source.LAW, "x", 0, unit=Unit.WORKING_DAYS, **WORDS)
    assert clock(on_a_working_day, happened("held 2026-03-07")).due_on == date(2026, 3, 9)


def test_a_pause_leaves_out_its_days_and_resuming_restores_the_rest() -> None:
    paused = clock(LAW, happened("held 2026-03-02", "asked 2026-03-12"), date(2026, 6, 1))
    assert (paused.state, paused.due_on, paused.days_left) == (State.PAUSED, None, 20)
    assert paused.paused_since == date(2026, 3, 12)
    resumed = clock(LAW, happened("held 2026-03-02", "asked 2026-03-12", "answered 2026-06-01"), date(2026, 6, 1))
    assert (resumed.state, resumed.due_on, resumed.days_left) == (State.RUNNING, date(2026, 6, 21), 20)


def test_a_pause_of_no_whole_day_changes_nothing() -> None:
    assert clock(LAW, happened("held 2026-03-02", "asked 2026-03-12", "answered 2026-03-12")).due_on == date(2026, 4, 1)


def test_a_pause_on_the_last_day_comes_too_late_and_one_the_day_before_does_not() -> None:
    last = clock(LAW, happened("held 2026-03-02", "asked 2026-04-01"), date(2026, 4, 2))
    before = clock(LAW, happened("held 2026-03-02", "asked 2026-03-31"), date(2026, 4, 2))
    assert (last.state, last.due_on) == (State.OVERDUE, date(2026, 4, 1))
    assert (before.state, before.days_left) == (State.PAUSED, 1)


def test_what_is_done_while_it_is_paused_is_kept() -> None:
    found = clock(LAW, happened("held 2026-03-02", "asked 2026-03-12", "closed 2027-01-01"))
    assert (found.state, found.due_on, found.stopped_on) == (State.KEPT, None, date(2027, 1, 1))


def test_pauses_and_answers_that_come_twice_count_once() -> None:
    once = happened("held 2026-03-02", "asked 2026-03-12", "answered 2026-03-20")
    twice = happened(
        *("held 2026-03-02", "asked 2026-03-12", "asked 2026-03-14"),
        *("answered 2026-03-20", "answered 2026-03-25"),
    )
    assert clock(LAW, once).due_on == clock(LAW, twice).due_on == date(2026, 4, 9)


def test_a_moratorium_leaves_out_both_of_its_days_and_all_between() -> None:
    one_day = Moratorium(date(2026, 3, 12), date(2026, 3, 12))
    assert clock(LAW, happened("held 2026-03-02"), HELD, one_day).due_on == date(2026, 4, 2)
    on_the_last = Moratorium(date(2026, 4, 1), date(2026, 4, 3))
    assert clock(LAW, happened("held 2026-03-02"), HELD, on_the_last).due_on == date(2026, 4, 4)
    after = Moratorium(date(2026, 4, 2), date(2026, 4, 30))
    assert clock(LAW, happened("held 2026-03-02"), HELD, after).due_on == date(2026, 4, 1)


def test_a_last_day_does_not_move_into_a_moratorium() -> None:
    monday = Moratorium(date(2026, 10, 8), date(2026, 10, 8))
    assert clock(ROLLING, happened("held 2026-09-01"), HELD, monday).due_on == date(2026, 10, 9)


def test_what_begins_again_is_a_run_of_its_own() -> None:
    events = happened("held 2026-03-02", "closed 2026-03-05", "held 2026-03-10")
    first, second = clocks(events, [LAW], CALENDAR, (), HELD)
    assert (first.state, first.stopped_on) == (State.KEPT, date(2026, 3, 5))
    assert (second.state, second.due_on) == (State.RUNNING, date(2026, 4, 9))


def test_an_event_that_starts_a_clock_again_while_it_runs_changes_nothing() -> None:
    assert clock(LAW, happened("held 2026-03-02", "held 2026-03-10")).due_on == date(2026, 4, 1)


def test_nothing_runs_before_the_event_that_starts_it() -> None:
    assert clocks(happened("asked 2026-03-02", "closed 2026-03-03"), [LAW], CALENDAR, (), HELD) == ()


def test_a_clock_goes_by_when_we_learned_of_it_unless_its_rule_says_otherwise() -> None:
    late = [event(1, "held", HELD, learned=date(2026, 3, 20))]
    by_the_world = ClockRule("x", Source.CONTRACT, "3.2", 30, measured_from=MeasuredFrom.HAPPENED, **WORDS)
    assert clock(LAW, late).started_on == date(2026, 3, 20)
    assert clock(by_the_world, late).started_on == HELD


def test_an_event_that_was_taken_back_starts_no_clock() -> None:
    assert clocks([event(1, "held", HELD), event(2, "mistaken", HELD, undoes=1)], [LAW], CALENDAR, (), HELD) == ()


def test_the_first_thing_due_is_the_earliest_of_the_clocks_that_run() -> None:
    open_ones = clocks(happened("held 2026-03-02"), [LAW, PROMISE], CALENDAR, (), HELD)
    assert first_due(open_ones) == date(2026, 3, 4)
    paused = clocks(happened("held 2026-03-02", "asked 2026-03-03"), [LAW, PROMISE], CALENDAR, (), HELD)
    assert first_due(paused) is None
    assert first_due(clocks(happened("held 2026-03-02", "closed 2026-03-03"), [LAW], CALENDAR, (), HELD)) is None


def test_what_a_city_declares_counts_before_the_national_calendar() -> None:
    day, saturday = date(2026, 3, 3), date(2026, 3, 7)
    city = Calendar(days_off=frozenset({day}), worked=frozenset({saturday}))
    assert (CALENDAR.is_working(day), city.is_working(day)) == (True, False)
    assert (CALENDAR.is_working(saturday), city.is_working(saturday)) == (False, True)


def test_of_a_year_that_is_not_published_mondays_to_fridays_are_worked_and_the_calendar_says_so() -> None:
    friday, saturday = date(2099, 1, 2), date(2099, 1, 3)
    assert (CALENDAR.is_working(friday), CALENDAR.is_working(saturday)) == (True, False)
    assert not CALENDAR.is_published(friday)
    assert CALENDAR.is_published(HELD)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": -1}, "has -1 days"),
        ({"days": 1, "resumes": frozenset({"asked"})}, "cannot pause and resume with the same event: asked"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ClockRule("x", Source.LAW, "x", **{**WORDS, **changes})  # type: ignore[arg-type]


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
RULES = st.builds(
    lambda days, unit, rolls: ClockRule("x", Source.LAW, "x", days, unit=unit, ends_on_working_day=rolls, **WORDS),
    st.integers(0, 40),
    st.sampled_from(Unit),
    st.booleans(),
)


@given(RULES, DAYS, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_pausing_never_shortens(rule: ClockRule, start: date, pauses: list[tuple[int, int]]) -> None:
    events, day, due = [event(1, "held", start)], start, clock(rule, [event(1, "held", start)]).due_on
    for after, long in pauses:
        events.append(event(len(events) + 1, "asked", day := day + timedelta(after)))
        events.append(event(len(events) + 1, "answered", day := day + timedelta(long)))
        before, due = due, clock(rule, events).due_on
        assert before is not None and due is not None and due >= before


@given(RULES, DAYS, st.integers(0, 39), st.integers(0, 200))
def test_resuming_restores_the_rest(rule: ClockRule, start: date, after: int, long: int) -> None:
    asked, answered = start + timedelta(after), start + timedelta(after + long)
    events = [event(1, "held", start), event(2, "asked", asked)]
    paused = clock(rule, events, answered)
    resumed = clock(rule, [*events, event(3, "answered", answered)], answered)
    if paused.state == State.PAUSED:
        assert resumed.days_left == paused.days_left
        if not long:
            assert resumed.due_on == clock(rule, [event(1, "held", start)]).due_on
    else:
        assert resumed.due_on == paused.due_on


@given(RULES, st.data())
def test_the_order_in_which_events_are_given_changes_nothing(rule: ClockRule, data: st.DataObject) -> None:
    days = data.draw(st.lists(st.dates(date(2025, 1, 1), date(2025, 1, 5)), min_size=1, max_size=8))
    kinds = st.sampled_from(["held", "asked", "answered", "closed"])
    events = [event(number, data.draw(kinds), day) for number, day in enumerate(days, start=1)]
    shuffled = data.draw(st.permutations(events))
    assert clocks(events, [rule], CALENDAR, (), HELD) == clocks(shuffled, [rule], CALENDAR, (), HELD)


@given(RULES, DAYS, DAYS)
def test_of_one_moment_the_event_with_the_smaller_number_comes_first(rule: ClockRule, start: date, today: date) -> None:
    paused = [event(1, "held", start), event(2, "answered", start), event(3, "asked", start)]
    running = [event(1, "held", start), event(2, "asked", start), event(3, "answered", start)]
    assert clock(rule, running, today) == clock(rule, paused[:1], today)
    if rule.days:
        assert clock(rule, paused, today).state == State.PAUSED
