"""What each trouble of a database is answered with, by the driver's own name for it; and what SQLite must be set to."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from huimin.platform.foundation import checks
from huimin.platform.foundation.checks import sqlite_keeps_what_it_acknowledges
from huimin.platform.foundation.unavailable import trouble_of


class OfSqlite(Exception):
    def __init__(self, name: str) -> None:
        self.sqlite_errorname = name


class OfPostgresql(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


class LostConnection(OfPostgresql):
    pass


LostConnection.__name__ = "OperationalError"


def told(cause: BaseException, error: type[Exception] = OperationalError) -> tuple[str, int] | None:
    try:
        raise error("said") from cause
    except error as caught:
        trouble = trouble_of(caught)
    return None if trouble is None else (trouble.code, trouble.retry_after)


AWAY, BUSY, SLOW = ("database_unavailable", 2), ("database_busy", 1), ("database_slow", 3)
FULL = ("storage_full", 60)


@pytest.mark.parametrize(
    ("cause", "answer"),
    [
        (OfSqlite("SQLITE_BUSY"), BUSY),
        (OfSqlite("SQLITE_BUSY_SNAPSHOT"), BUSY),
        (OfSqlite("SQLITE_LOCKED_SHAREDCACHE"), BUSY),
        (OfSqlite("SQLITE_FULL"), FULL),
        (OfSqlite("SQLITE_CONSTRAINT_UNIQUE"), None),
        *((OfPostgresql(state), BUSY) for state in ("55P03", "40P01", "40001")),
        *((OfPostgresql(state), SLOW) for state in ("57014", "HM001")),
        (OfPostgresql("53100"), FULL),
        *((OfPostgresql(state), AWAY) for state in ("57P01", "53300", "25006", "08006", "08001")),
        (OfPostgresql("23505"), None),
        (OfPostgresql(None), None),
        (LostConnection(None), AWAY),
        (OSError(errno.ENOSPC, "full"), FULL),
        (OSError(errno.EDQUOT, "full"), FULL),
        (OSError(errno.EACCES, "no"), None),
    ],
)
def test_a_trouble_is_told_by_the_drivers_word_for_it(cause: BaseException, answer: tuple[str, int] | None) -> None:
    assert told(cause) == answer
    deeper = ValueError("between")
    deeper.__cause__ = cause
    assert told(deeper) == answer


def test_a_database_that_closed_its_connection_is_away_and_any_other_error_is_none_of_these() -> None:
    assert told(ValueError("closed"), InterfaceError) == AWAY
    assert told(ValueError("other"), DatabaseError) is None


RIGHT = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@dataclass
class Opened:
    """A database as the check sees it: of which maker, in which file, and what it is set to."""

    vendor: str = "sqlite"
    name: str = "huimin.sqlite3"
    pragmas: dict[str, object] = field(default_factory=lambda: dict(RIGHT))

    @property
    def settings_dict(self) -> dict[str, str]:
        return {"NAME": self.name}

    @contextmanager
    def cursor(self) -> Iterator[Opened]:
        yield self

    def execute(self, text: str) -> Opened:
        self.asked = text.removeprefix("PRAGMA ")
        return self

    def fetchone(self) -> tuple[object]:
        return (self.pragmas[self.asked],)


@pytest.mark.parametrize(
    ("database", "faults"),
    [
        (Opened(), []),
        (Opened(pragmas={**RIGHT, "journal_mode": "delete"}), ["SQLite has journal_mode=delete; expected wal"]),
        (Opened(pragmas={**RIGHT, "synchronous": 1}), ["SQLite has synchronous=1; expected 2"]),
        (Opened(pragmas={**RIGHT, "foreign_keys": 0}), ["SQLite has foreign_keys=0; expected 1"]),
        (Opened(name=":memory:", pragmas={}), []),
        (Opened(vendor="postgresql", pragmas={}), []),
    ],
)
def test_sqlite_in_a_file_must_keep_what_it_acknowledges(
    database: Opened, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "connections", {"default": database})
    found = sqlite_keeps_what_it_acknowledges(None, ["default"])
    assert [(one.msg, one.id) for one in found] == [(fault, "huimin.E002") for fault in faults]
    assert sqlite_keeps_what_it_acknowledges(None) == []
