"""Counting what a settlement asks of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from huimin.platform.foundation import remembered
from huimin.platform.foundation.postgresql.base import LimitedConnection
from platform_support import Caller

MOST_ROUNDS = 4
"""Between the platform and PostgreSQL: the lock, the questions, the fact, and the writes with their COMMIT."""


@dataclass
class Counted:
    statements: int = 0
    """With BEGIN and COMMIT."""
    rounds: int = 0
    committed_with_writes: bool = False


def counted(api: Caller, body: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What a settlement takes."""
    return counted_of(lambda: api.settle(body), monkeypatch)


def counted_of(call: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What a call to the API takes that succeeds. What goes together is one round."""
    together: list[range] = []
    found = Counted()
    one_round = LimitedConnection.one_round

    @contextmanager
    def noted(self: Any) -> Iterator[Any]:
        before = len(connection.queries_log)
        with one_round(self):
            yield
        together.append(range(before, len(connection.queries_log)))
        found.committed_with_writes = self.info.transaction_status == TransactionStatus.IDLE

    with monkeypatch.context() as patched, CaptureQueriesContext(connection) as captured:
        patched.setattr(LimitedConnection, "one_round", noted)
        # What was remembered before is remembered still, however slow the machine is.
        patched.setattr(remembered, "time", SimpleNamespace(monotonic=lambda: 0.0))
        assert call().status_code == 200
    # Keys are drawn a hundred at a time: which settlement of some fifty draws them depends on what ran before. On
    # SQLite a table's first row begins its count.
    passing = ("SAVEPOINT", "RELEASE", "SELECT nextval", "INSERT INTO sqlite_sequence", "BEGIN", "COMMIT")
    mine = [
        number
        for number, query in enumerate(captured.captured_queries, captured.initial_queries)
        if not query["sql"].startswith(passing)
    ][1:]  # without the test's own look-up of the client
    alone = [number for number in mine if not any(number in numbers for numbers in together)]
    found.statements, found.rounds = len(mine) + 2, len(alone) + len(together)
    return found
