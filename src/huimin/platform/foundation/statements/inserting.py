"""Inserts rows, at once or with the other writes of their block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from huimin.platform.foundation.fields import FenField, ReservedKey
from huimin.platform.foundation.kept import kept
from huimin.platform.foundation.reserving import reserved_keys

__all__ = ["insert", "queue", "queue_values", "rewrite", "rewrite_each"]

_MOST_VALUES = 30_000
"""The most values in one statement. PostgreSQL takes 65,535; SQLite takes 32,766 if it was built with its defaults."""
_FEW_VALUES = 50
"""psycopg caches the parsing of a statement with at most this many values."""
_PLAIN = frozenset({"bigint", "integer", "smallint", "text", "boolean", "date", "timestamp with time zone"})

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


def insert(connection: BaseDatabaseWrapper, model: type[M], rows: Sequence[M]) -> None:
    """Insert rows now and set their keys, in one statement unless they are thousands. Call it inside a transaction.

    Raises IntegrityError as the ORM does.
    """
    fields = _inserted(model)
    if isinstance(model._meta.pk, ReservedKey):
        fields = (*fields, model._meta.pk)
        _give_keys(connection, model, rows)
    for part in _parts(rows, len(fields)):
        text, values = _insert_text(connection, model, fields, len(part)), _values(connection, fields, part)
        with connection.cursor() as cursor:
            cursor.execute(f"{text} RETURNING id", values)
            keys = cursor.fetchall()
        for row, (key,) in zip(part, keys, strict=True):
            row.pk, row._state.adding, row._state.db = key, False, connection.alias


def queue(connection: BaseDatabaseWrapper, model: type[M], rows: Sequence[M], *, keyed: bool) -> None:
    """Insert rows with the writes of the block they are in, or now where there is none.

    `keyed` says that their keys are needed now. They come from a reserved range, so that keys of rows from different
    workers are not in order of arrival. Otherwise the rows may have no keys afterwards.
    """
    block = kept(connection).block
    if block is None:
        insert(connection, model, rows)
    elif rows:
        fields = _inserted(model)
        if keyed or isinstance(model._meta.pk, ReservedKey):
            fields = (*fields, model._meta.pk)
            _give_keys(connection, model, rows)
        columns = [_values(connection, (field,), rows) for field in fields]
        block.writes.extend(_inserts(connection, model, fields, columns))
        block.models.add(model)


def queue_values(
    connection: BaseDatabaseWrapper, model: type[M], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows given as values of these fields, with the writes of the block they are in: for rows by the hundred.

    Making an object for each row took longer than inserting it. Foreign keys are given as the other rows' keys. Fields
    check their values as usual.
    """
    if not rows:
        return
    fields = tuple(model._meta.get_field(name) for name in names)
    columns = [
        _prepared(connection, field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    statements = _inserts(connection, model, fields, columns)
    block = kept(connection).block
    if block is not None:
        block.writes.extend(statements)
        block.models.add(model)
        return
    with connection.cursor() as cursor:
        for text, values in statements:
            cursor.execute(text, values)


def rewrite(connection: BaseDatabaseWrapper, row: models.Model, names: Sequence[str]) -> None:
    """Write these fields of one row back, with the writes of the block it is in."""
    meta, quote = row._meta, connection.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection=connection) for field in fields]
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    text = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608
    block = kept(connection).block
    if block is not None:
        block.writes.append((text, [*values, row.pk]))
        block.models.add(type(row))
        return
    with connection.cursor() as cursor:
        cursor.execute(text, [*values, row.pk])


def rewrite_each(connection: BaseDatabaseWrapper, rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """The same for many rows of one table: one statement for PostgreSQL, where the fields are of plain types."""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields: tuple[Any, ...] = (meta.pk, *(meta.get_field(name) for name in names))
    types = _array_types(connection, type(rows[0]), fields)
    if types is None:
        for row in rows:
            rewrite(connection, row, names)
        return
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    table, columns = quote(meta.db_table), [quote(field.column) for field in fields]
    changes = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    text = f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS new({', '.join(columns)}) "  # noqa: S608
    text += f"WHERE {table}.{columns[0]} = new.{columns[0]}"
    values = [_values(connection, (field,), rows) for field in fields]
    block = kept(connection).block
    if block is not None:
        block.writes.append((text, values))
        block.models.add(type(rows[0]))
        return
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _inserts(
    connection: BaseDatabaseWrapper, model: type[models.Model], fields: tuple[Any, ...], columns: Sequence[list[Any]]
) -> Iterator[tuple[str, list[Any]]]:
    """The statements that insert rows, with their values. `columns`: the rows' values field by field.

    A few values have a placeholder each. More values, of plain types, go to PostgreSQL as one array for each column.
    The text is then the same for any number of rows and is parsed and planned once; parsing a text with a placeholder
    for every value took longer than inserting the rows.
    """
    count = len(columns[0])
    types = _array_types(connection, model, fields) if count * len(fields) > _FEW_VALUES else None
    if types is not None:
        yield _unnest_text(connection, model, fields, types), list(columns)
        return
    for part in _parts(list(zip(*columns, strict=True)), len(fields)):
        yield _insert_text(connection, model, fields, len(part)), [value for row in part for value in row]


def _array_types(
    connection: BaseDatabaseWrapper, model: type[models.Model], fields: tuple[Any, ...]
) -> tuple[str, ...] | None:
    """The types of the columns; None unless PostgreSQL takes arrays of all of them without loss."""
    if connection.vendor != "postgresql":
        return None
    known: dict[Any, tuple[str, ...] | None] = kept(connection).array_types
    if (model, fields) not in known:
        # Text without a length, because a cast to varchar(60) would cut a text that is too long, while an insert
        # refuses it.
        types = [
            str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)) for field in fields
        ]
        types = ["text" if name.startswith("varchar") else name for name in types]
        known[model, fields] = tuple(types) if _PLAIN.issuperset(types) else None
    return known[model, fields]


def _unnest_text(
    connection: BaseDatabaseWrapper, model: type[models.Model], fields: Sequence[Any], types: Sequence[str]
) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608


def _insert_text(connection: BaseDatabaseWrapper, model: type[models.Model], fields: tuple[Any, ...], rows: int) -> str:
    texts = kept(connection).texts
    found = texts.get((model, fields, rows))
    if found is None:
        quote = connection.ops.quote_name
        names = ", ".join(quote(field.column) for field in fields)
        row = f"({', '.join(['%s'] * len(fields))})"
        places = ", ".join([row] * rows)
        found = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places}"  # noqa: S608
        if rows * len(fields) <= _FEW_VALUES:
            texts[model, fields, rows] = found
    return found


def _parts(rows: Sequence[T], fields: int) -> Iterator[Sequence[T]]:
    """The rows in parts that one statement can take."""
    most = _MOST_VALUES // fields
    for first in range(0, len(rows), most):
        yield rows[first : first + most]


def _give_keys(connection: BaseDatabaseWrapper, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Give rows their keys before they are inserted: other rows refer to them, and ciphertexts are bound to them."""
    for row, key in zip(rows, reserved_keys(connection, model, len(rows)), strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


def _prepared(connection: BaseDatabaseWrapper, field: Any, values: Sequence[Any]) -> list[Any]:
    if connection.vendor != "postgresql":
        return [field.get_db_prep_save(value, connection=connection) for value in values]
    if isinstance(field, FenField):
        for value in values:
            field.get_prep_value(value)
    return list(values)


@cache
def _inserted(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def _values(connection: BaseDatabaseWrapper, fields: Sequence[Any], rows: Sequence[models.Model]) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection) for row in rows for field in fields
    ]
