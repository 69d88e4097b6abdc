"""What each trouble of a database is answered with: by the driver's own name for it, however deep it lies."""

from __future__ import annotations

import errno

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

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
