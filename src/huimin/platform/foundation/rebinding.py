"""Binds ciphertexts of the old form to their places. Only migrations use it (ADR 22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from huimin.platform.foundation.encryption import OLD_FORM, Place, decrypt_old_form, encrypt

__all__ = ["bind_ciphertext", "rebind", "triggers_lifted"]

_ROWS_AT_ONCE = 500


def bind_ciphertext(table: str, columns: Sequence[str], row: Sequence[str] = ("id",)) -> migrations.RunPython:
    """The migration operation that binds a table's encrypted columns to their places. `row` has the columns that
    identify a row.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        rebind(schema_editor.connection, table, columns, row)

    return migrations.RunPython(forwards, atomic=False)


def rebind(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], row: Sequence[str] = ("id",)) -> int:
    """Encrypt again what still has the old form, some hundred rows a transaction. Returns the number of rows.

    If it is stopped between two transactions it goes on from there, since rows of the new form are not selected.
    """
    count, last = 0, 0
    while True:
        with transaction.atomic(connection.alias), triggers_lifted(connection, table):
            rows = _rows_of_old_form(connection, table, columns, row, last)
            for key, city, names, blobs in rows:
                _bind(connection, table, key, _bound(city, table, names, dict(zip(columns, blobs, strict=True))))
        if not rows:
            return count
        count, last = count + len(rows), rows[-1][0]


def _rows_of_old_form(
    connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], row: Sequence[str], last: int
) -> list[tuple[int, int, list[Any], list[Any]]]:
    wanted = ", ".join(f'"{name}"' for name in ("id", "city_id", *row, *columns))
    old = " OR ".join(f'substr("{column}", 1, 1) = %s' for column in columns)
    text = f'SELECT {wanted} FROM "{table}" WHERE id > %s AND ({old}) ORDER BY id LIMIT {_ROWS_AT_ONCE}'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [last, *[OLD_FORM] * len(columns)])
        found = cursor.fetchall()
    middle = 2 + len(row)
    return [(values[0], values[1], list(values[2:middle]), list(values[middle:])) for values in found]


def _bound(city: int, table: str, names: Sequence[Any], blobs: dict[str, Any]) -> dict[str, bytes]:
    """The columns of a row that have the old form, encrypted for their places."""
    name = " ".join(map(str, names))
    return {
        column: encrypt(decrypt_old_form(bytes(blob)), Place(city, table, column, name))
        for column, blob in blobs.items()
        if blob is not None and bytes(blob[:1]) == OLD_FORM
    }


def _bind(connection: BaseDatabaseWrapper, table: str, key: int, blobs: dict[str, bytes]) -> None:
    changes = ", ".join(f'"{column}" = %s' for column in blobs)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {changes} WHERE id = %s', [*blobs.values(), key])  # noqa: S608


@contextmanager
def triggers_lifted(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Lift the table's append-only triggers until the block ends. If the machine stops, the transaction around it
    brings them back: both databases also roll back changes to triggers.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # PostgreSQL refuses to alter a table for which checks are pending.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _text in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, text in triggers:
            cursor.execute(text, None)
