"""Row keys that are known before their rows are inserted."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from huimin.platform.foundation.kept import kept

__all__ = ["reserved_keys"]

_KEYS_AT_ONCE = 100
_KEPT_SECONDS = 60
"""Keys that were not used by then are let go: sealing relies on it that no row comes with a key drawn long ago."""


def reserved_keys(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> Sequence[int]:
    """`count` keys that no other row of the table has or will have.

    A PostgreSQL connection takes a hundred at a time, so that most calls ask nothing; between workers, keys do not
    follow the order of arrival.
    """
    if connection.vendor != "postgresql":
        return _from_sqlite(connection, model, count)
    drawn = kept(connection).keys
    until, keys = drawn.get(model, (0.0, []))
    if len(keys) < count or time.monotonic() > until:
        keys = _from_sequence(connection, model, max(_KEYS_AT_ONCE, count))
        until = time.monotonic() + _KEPT_SECONDS
    drawn[model] = until, keys[count:]
    return keys[:count]


def _from_sequence(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> list[int]:
    """A sequence gives a number once, whatever becomes of the transaction: they may be kept for later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(key for (key,) in cursor.fetchall())


def _from_sqlite(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> range:
    """SQLite's own counter, moved on. It goes back with the transaction, so that none may be kept for later."""
    table = model._meta.db_table
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        found = cursor.fetchall()
        if not found:
            # The counter's row comes with a table's first row.
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s) RETURNING seq", [table, count])
            found = cursor.fetchall()
    ((last,),) = found
    return range(last - count + 1, last + 1)
