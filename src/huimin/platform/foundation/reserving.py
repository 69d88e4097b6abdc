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
"""Keys that are older than this are dropped, because sealing relies on no row having a key that was drawn long ago."""


def reserved_keys(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> Sequence[int]:
    """`count` keys that no other row of the table has or will have.

    A PostgreSQL connection takes a hundred at a time, so that most calls need no query. Keys of different workers are
    not in order of arrival.
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
    """Draw keys from the sequence. It gives each number once even if the transaction rolls back, so that they can be
    kept for later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(key for (key,) in cursor.fetchall())


def _from_sqlite(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> range:
    """Advance SQLite's own counter. It goes back if the transaction rolls back, so that keys cannot be kept for
    later.
    """
    table = model._meta.db_table
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        found = cursor.fetchall()
        if not found:
            # SQLite makes the counter's row only with the table's first row.
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s) RETURNING seq", [table, count])
            found = cursor.fetchall()
    ((last,),) = found
    return range(last - count + 1, last + 1)
