"""What one can do who may write to the database: put the triggers aside, change a row, bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

__all__ = ["behind_the_triggers"]


@contextmanager
def behind_the_triggers(table: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # PostgreSQL refuses to alter a table for which checks are pending.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield cursor
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _text in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield cursor
        for _name, text in triggers:
            cursor.execute(text, None)
