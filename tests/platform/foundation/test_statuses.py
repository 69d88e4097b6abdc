"""Statuses follow from events: several at once, of events to come too, and without those that were taken back."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from happening import event, happened
from huimin.platform.foundation.events import StatusRule, Subject, statuses, that_stand

COVER = (
    StatusRule("in_force", frozenset({"began"}), frozenset({"cancelled"})),
    StatusRule("cancellation_pending", ahead=frozenset({"cancelled"})),
    StatusRule("refund_due", frozenset({"cancelled"}), frozenset({"refunded"})),
)
MAY, JUNE = date(2022, 5, 1), date(2022, 6, 1)


def test_a_subject_without_events_has_no_status() -> None:
    assert statuses([], COVER, MAY) == frozenset()


def test_several_statuses_hold_at_once() -> None:
    events = [event(1, "began", date(2022, 1, 1)), event(2, "cancelled", JUNE, learned=MAY)]
    assert statuses(events, COVER, MAY) == {"in_force", "cancellation_pending"}


def test_what_takes_effect_later_is_ahead_until_the_day_before_and_has_happened_on_the_day() -> None:
    events = [event(1, "began", date(2022, 1, 1)), event(2, "cancelled", JUNE, learned=MAY)]
    assert statuses(events, COVER, date(2022, 5, 31)) == {"in_force", "cancellation_pending"}
    assert statuses(events, COVER, JUNE) == {"refund_due"}


def test_an_event_that_was_taken_back_never_happens() -> None:
    events = [event(1, "began", date(2022, 1, 1)), event(2, "cancelled", JUNE, learned=MAY)]
    withdrawn = [*events, event(3, "withdrawn", MAY, undoes=2)]
    assert statuses(withdrawn, COVER, MAY) == statuses(withdrawn, COVER, JUNE) == {"in_force"}


def test_a_taking_back_that_was_itself_taken_back_leaves_the_event_as_it_was() -> None:
    events = [
        event(1, "began", MAY),
        event(2, "cancelled", MAY),
        event(3, "withdrawn", MAY, undoes=2),
        event(4, "withdrawn", MAY, undoes=3),
    ]
    assert [one.number for one in that_stand(events)] == [1, 2, 4]
    assert statuses(events, COVER, MAY) == {"refund_due"}


def test_of_events_of_one_moment_the_one_learned_of_later_decides_in_whatever_order_they_are_given() -> None:
    events = happened("began 2022-05-01", "cancelled 2022-05-01", "refunded 2022-05-01")
    assert {statuses(order, COVER, MAY) for order in permutations(events)} == {frozenset()}


def test_what_was_learned_late_stands_where_it_happened() -> None:
    events = [event(1, "refunded", JUNE), event(2, "cancelled", MAY, learned=date(2022, 7, 1))]
    assert statuses(events, COVER, date(2022, 7, 1)) == frozenset()


def test_a_calendar_that_was_put_back_leaves_what_was_recorded() -> None:
    assert statuses([event(1, "began", JUNE)], COVER, MAY) == {"in_force"}


def test_a_status_that_begins_and_ends_with_one_event_is_refused() -> None:
    with pytest.raises(ValueError, match="in_force cannot begin and end with the same event: began"):
        StatusRule("in_force", frozenset({"began"}), frozenset({"began"}))


def test_a_subject_is_written_as_the_audit_writes_it() -> None:
    assert str(Subject("review", "12")) == "review:12"
