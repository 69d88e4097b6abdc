"""Histories in the table: numbered, append-only, walled by city, encrypted where they tell of a person, sealed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.encryption import UnreadableCiphertextError
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.events.recording import History, histories_of, history_of
from huimin.platform.foundation.models import AppendOnlyError, City, RecordedEvent
from huimin.platform.foundation.services import writing_together
from huimin.platform.foundation.statements import QueuedModelError
from huimin.platform.seals.rows import moment_column
from huimin.platform.seals.services import seal_waiting
from huimin.platform.seals.verification import verify_seals
from tampering import behind_the_triggers

BILL = Subject("bill", "1")


def tamper(column: str, value: object, key: int) -> None:
    with behind_the_triggers("foundation_recordedevent") as cursor:
        cursor.execute(f"UPDATE foundation_recordedevent SET {column} = %s WHERE id = %s", [value, key])  # noqa: S608


def another_city() -> City:
    return City.objects.create(code="other", name_zh="他市", name_en="Other")


def test_a_subject_of_which_nothing_is_recorded_has_no_events(city: City) -> None:
    assert history_of(city, BILL).events == []


def test_what_was_appended_is_read_back_as_it_was_given(city: City) -> None:
    at, before = now(city), now(city) - timedelta(days=3)
    history = history_of(city, BILL)
    history.append("held", actor="client:1", at=at, happened_at=before, data={"code": "x"})
    history.append("asked", actor="staff:2", at=at, reason="why", personal={"name": "王芳"}, undoes=1)
    found = history_of(city, BILL)
    assert found.events == history.events
    assert [(one.number, one.kind, one.reason, one.undoes) for one in found.events] == [
        (1, "held", "", None),
        (2, "asked", "why", 1),
    ]
    assert (found.events[0].happened_at, found.events[0].learned_at) == (before, at)
    assert found.events[1].personal == {"name": "王芳"}


def test_an_event_that_says_no_other_time_happened_when_we_learned_of_it(city: City) -> None:
    event = History(city, BILL).append("held", actor="client:1", at=now(city))
    assert event.happened_at == event.learned_at


def test_a_history_does_not_go_back_with_the_calendar_of_a_demonstration(city: City) -> None:
    history = History(city, BILL)
    first = history.append("held", actor="client:1", at=now(city))
    second = history.append("closed", actor="staff:2", at=now(city) - timedelta(days=30))
    assert second.learned_at == second.happened_at == first.learned_at


def test_two_events_cannot_have_one_number(city: City) -> None:
    one, other = History(city, BILL), History(city, BILL)
    one.append("held", actor="client:1", at=now(city))
    with pytest.raises(IntegrityError), transaction.atomic():
        other.append("held", actor="client:1", at=now(city))


def test_histories_of_several_subjects_are_told_apart_and_one_without_events_is_empty(city: City) -> None:
    for number in ("1", "2"):
        History(city, Subject("bill", number)).append("held", actor=f"client:{number}", at=now(city))
    History(city, Subject("payment", "1")).append("opened", actor="x", at=now(city))
    found = histories_of(city, "bill", [1, 2, 3])
    assert {one: [event.actor for event in history.events] for one, history in found.items()} == {
        "1": ["client:1"],
        "2": ["client:2"],
        "3": [],
    }
    assert histories_of(city, "bill", []) == {}


def test_another_city_has_a_history_of_its_own_under_the_same_number(city: City) -> None:
    other = another_city()
    History(city, BILL).append("held", actor="client:1", at=now(city))
    assert history_of(other, BILL).events == []
    History(other, BILL).append("closed", actor="client:2", at=now(city))
    assert [event.kind for event in history_of(city, BILL).events] == ["held"]
    assert [event.kind for event in histories_of(other, "bill", [1])["1"].events] == ["closed"]


def test_an_event_is_never_changed_nor_deleted(city: City) -> None:
    History(city, BILL).append("held", actor="client:1", at=now(city))
    row = RecordedEvent.objects.of(city).get(subject_kind="bill")
    for act in (row.delete, row.save, RecordedEvent.objects.of(city).delete):
        with pytest.raises(AppendOnlyError):
            act()


def test_a_reason_keeps_no_identity_number(city: City) -> None:
    History(city, BILL).append("found", actor="staff:1", at=now(city), reason="证件 110101199003077758 已核对")
    assert "19900307" not in RecordedEvent.objects.of(city).get(subject_kind="bill").reason


def test_what_tells_of_a_person_is_encrypted_and_bound_to_its_event(city: City) -> None:
    history = History(city, BILL)
    history.append("held", actor="client:1", at=now(city), personal={"name": "王芳"})
    history.append("held", actor="client:1", at=now(city), personal={"name": "李强"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT personal FROM foundation_recordedevent WHERE subject_kind = 'bill' ORDER BY number")
        first, second = (bytes(row[0]) for row in cursor.fetchall())
    assert "王芳".encode() not in first
    key = RecordedEvent.objects.of(city).get(subject_kind="bill", number=1).pk
    tamper("personal", second, key)
    with pytest.raises(UnreadableCiphertextError):
        history_of(city, BILL)


def test_a_history_that_was_appended_to_in_a_block_of_writes_can_be_read_there(city: City) -> None:
    with writing_together():
        History(city, BILL).append("held", actor="client:1", at=now(city))
        try:
            assert [event.kind for event in history_of(city, BILL).events] == ["held"]
        except QueuedModelError:
            pytest.fail("events are inserted at once, so that who comes later in the block sees them")


def test_events_are_sealed_and_one_that_was_changed_is_named(city: City) -> None:
    History(city, BILL).append("held", actor="client:1", at=now(city))
    row = RecordedEvent.objects.of(city).get(subject_kind="bill")
    seal_waiting()
    assert verify_seals(city).faults == []
    tamper("kind", "closed", row.pk)
    (fault,) = verify_seals(city).faults
    assert fault.startswith(f"RecordedEvent {row.pk}, sealed in block") and fault.endswith("was changed")


def test_how_long_an_event_waits_for_its_seal_is_told_by_when_it_was_written(city: City) -> None:
    """Events that were taken over from older tables are as old as what they tell of, and are sealed today."""
    assert moment_column(RecordedEvent) == "recorded_at"
    History(city, BILL).append("held", actor="client:1", at=datetime(2020, 1, 1, tzinfo=UTC))
    assert RecordedEvent.objects.of(city).get(subject_kind="bill").recorded_at > now(city) - timedelta(minutes=5)
