"""The database itself refuses to change facts: its triggers come back where they were lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from huimin.platform.disclosure.models import ShownMoment
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.triggers import ensure_triggers, expiring_tables, protected_tables
from huimin.platform.payments.models import PaymentCase
from neighbours import number
from platform_support import resident

FACTS, SEALED, EXPIRING = "foundation_auditevent", "payments_paymentcase", ShownMoment._meta.db_table


def triggers_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        return sorted(name for (name,) in cursor.fetchall())


def drop_triggers(table: str) -> None:
    """As SQLite does it when a migration changes the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in triggers_of(table):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def refusal_of(statement: str) -> str:
    """What the database answers to a statement that it refuses; empty where it does it. Nothing of it stays."""
    said = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        said = str(error)
    return said


def an_event(city: City) -> None:
    AuditEvent.objects.create(city=city, actor="test", action="test", subject="test", at=now(city))


def a_case(city: City) -> None:
    PaymentCase.objects.create(city=city, kind="paid_again", key="test", opened_at=now(city))


def a_moment(city: City) -> ShownMoment:
    return ShownMoment(
        city=city,
        session="s",
        key=f"k{number()}",
        resident=resident(city),
        by="test",
        at=now(city),
        address="enrol",
        did="opened",
        status=200,
        language="zh",
        large=False,
        version="0" * 64,
        personal="{}",
    )


@pytest.mark.parametrize(
    ("table", "row", "changing", "words"),
    [(FACTS, an_event, True, "is append-only"), (SEALED, a_case, False, "keeps its rows")],
)
def test_a_table_whose_triggers_were_lost_keeps_its_rows_again_after_the_next_migration(
    city: City, table: str, row: Callable[[City], None], changing: bool, words: str
) -> None:
    row(city)
    names, update, delete = triggers_of(table), f"UPDATE {table} SET id = id", f"DELETE FROM {table}"  # noqa: S608
    drop_triggers(table)
    assert [triggers_of(table), refusal_of(update), refusal_of(delete)] == [[], "", ""]
    for _ in range(2):
        ensure_triggers(None)
        assert triggers_of(table) == names
    assert words in refusal_of(delete)
    assert (words in refusal_of(update)) == changing
    assert (refusal_of(update) != "") == changing
    if connection.vendor == "postgresql":
        assert "keeps its rows" in refusal_of(f"TRUNCATE {table} CASCADE")


def test_a_row_that_the_law_wants_kept_for_years_may_go_the_day_after_its_last(city: City) -> None:
    names = triggers_of(EXPIRING)
    drop_triggers(EXPIRING)
    ensure_triggers(None)
    assert triggers_of(EXPIRING) == names
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT date('now')")
        else:
            cursor.execute("SELECT CURRENT_DATE")
        (found,) = cursor.fetchone()
    its_day = date.fromisoformat(str(found))
    for keep_until, kept in ((its_day, True), (its_day - timedelta(days=1), False)):
        moment = a_moment(city)
        moment.keep_until = keep_until
        moment.save()
        one = f"WHERE id = {moment.pk}"
        assert (refusal_of(f"DELETE FROM {EXPIRING} {one}") != "") == kept  # noqa: S608
        assert "is append-only" in refusal_of(f"UPDATE {EXPIRING} SET id = id {one}")  # noqa: S608


def test_facts_never_change_rows_with_sealed_columns_are_never_deleted_and_others_are_free() -> None:
    found = protected_tables()
    assert (found[FACTS], found[SEALED], found[EXPIRING]) == (True, False, True)
    assert "tasks_task" not in found
    assert expiring_tables() & {FACTS, SEALED, EXPIRING} == {EXPIRING}


def test_each_of_the_tables_gets_back_just_the_triggers_that_it_had(city: City) -> None:
    """Whole texts: a row that may go after years is not protected as one that stays for ever, nor the other way."""

    def texts() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table in (FACTS, SEALED, EXPIRING):
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
                else:
                    own = "tgrelid = %s::regclass AND NOT tgisinternal"
                    cursor.execute(f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE {own}", [table])  # noqa: S608
                found[table] = sorted(text for (text,) in cursor.fetchall())
        return found

    before = texts()
    assert all(before.values())
    for table in before:
        drop_triggers(table)
    assert not any(texts().values())
    ensure_triggers(None)
    assert texts() == before
