"""SQL for whole rows of one table, made once from the model.

The ORM builds the text of every query anew. On the two paths that must be fast, a hospital's settlement and a launch's
orders, that was most of a request's time (docs/performance.md); there, rows go in and out by these statements. Fields,
converters and row classes are the ORM's own, so that a row means the same whichever way it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from huimin.platform.foundation.fields import ReservedKey
from huimin.platform.foundation.reserving import reserved_keys

__all__ = ["grouped", "insert", "pick", "queue", "rewrite", "select", "together"]

_MOST_VALUES = 30_000
"""Of one statement. PostgreSQL takes 65,535, SQLite 32,766 where it was built with its own defaults."""

M = TypeVar("M", bound=models.Model)
_Converter = Callable[[Any, Any, BaseDatabaseWrapper], Any]


@dataclass(frozen=True)
class _Columns:
    """Some of a table's columns: their names as SQL, and how values become Python's."""

    table: str
    text: str
    attributes: tuple[str, ...]
    converters: tuple[tuple[int, Any, tuple[_Converter, ...]], ...]


def select(
    connection: BaseDatabaseWrapper,
    model: type[M],
    condition: str,
    params: Sequence[Any],
    *,
    lock: bool = False,
    without: tuple[str, ...] = (),
) -> list[M]:
    """Rows that meet a condition, which is SQL of ours with %s for values. `without` names fields to leave unread."""
    columns = _columns(connection, model, _names(model, without))
    suffix = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    found = _found(connection, columns, condition + suffix, params)
    return [model.from_db(connection.alias, columns.attributes, values) for values in found]


def pick(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    names: tuple[str, ...],
    condition: str,
    params: Sequence[Any],
) -> list[list[Any]]:
    """Values of some fields of the rows that meet a condition; a foreign key gives the other row's key."""
    return _found(connection, _columns(connection, model, names), condition, params)


def grouped(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    names: tuple[str, ...],
    sums: str,
    condition: str,
    params: Sequence[Any],
) -> list[list[Any]]:
    """Values of some fields, and sums, which are SQL of ours, over the rows that have these values in common."""
    columns = _columns(connection, model, names)
    text = f"SELECT {columns.text}, {sums} FROM {columns.table} WHERE {condition} GROUP BY {columns.text}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [list(values) for values in cursor.fetchall()]


def _found(
    connection: BaseDatabaseWrapper, columns: _Columns, condition: str, params: Sequence[Any]
) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns.text} FROM {columns.table} WHERE {condition}", params)  # noqa: S608
        found = [list(values) for values in cursor.fetchall()]
    for values in found:
        for index, expression, converters in columns.converters:
            for converter in converters:
                values[index] = converter(values[index], expression, connection)
    return found


@contextmanager
def together(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction whose queued writes go to PostgreSQL in one round, at its end: none waits for the one before.

    Rounds between two processes cost more than the rows they carry. SQLite has no rounds: it writes at once. A block
    inside a block is a part of it.
    """
    kept = connection.__dict__
    if "huimin_queue" in kept:
        yield
        return
    with transaction.atomic(connection.alias):
        queue = kept["huimin_queue"] = [] if connection.vendor == "postgresql" else None
        try:
            yield
        finally:
            del kept["huimin_queue"]
        if queue:
            # psycopg's errors come when the pipeline ends, outside any cursor that would translate them.
            with connection.wrap_database_errors, connection.connection.pipeline(), connection.cursor() as cursor:
                for text, values in queue:
                    cursor.execute(text, values)


def queue(connection: BaseDatabaseWrapper, model: type[M], rows: Sequence[M], *, keyed: bool) -> None:
    """Insert rows with the writes of the block they are in. Faults show at the block's end.

    `keyed`: their keys are needed now; they come from a reserved block, so that keys of rows which different workers
    insert do not follow the order of arrival. Else the rows may be left without.
    """
    waiting = connection.__dict__.get("huimin_queue")
    if waiting is None:
        insert(connection, model, rows)
    elif rows:
        fields = _inserted(model)
        if keyed or isinstance(model._meta.pk, ReservedKey):
            fields = (*fields, model._meta.pk)
            _give_keys(connection, model, rows)
        for part in _parts(rows, len(fields)):
            waiting.append((_insert_text(connection, model, fields, len(part)), _values(connection, fields, part)))


def insert(connection: BaseDatabaseWrapper, model: type[M], rows: Sequence[M]) -> None:
    """Insert rows and set their keys, in one statement unless they are thousands. Call it inside a transaction.

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


def _parts(rows: Sequence[M], fields: int) -> Iterator[Sequence[M]]:
    """The rows in parts that one statement can take."""
    most = _MOST_VALUES // fields
    for first in range(0, len(rows), most):
        yield rows[first : first + most]


def _give_keys(connection: BaseDatabaseWrapper, model: type[M], rows: Sequence[M]) -> None:
    """Keys before the rows are inserted: other rows name them, and what is encrypted is bound to them."""
    for row, key in zip(rows, reserved_keys(connection, model, len(rows)), strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


def rewrite(connection: BaseDatabaseWrapper, row: models.Model, names: Sequence[str]) -> None:
    """Write these fields of one row back, with the writes of the block it is in."""
    meta, quote = row._meta, connection.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection=connection) for field in fields]
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    text = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608
    waiting = connection.__dict__.get("huimin_queue")
    if waiting is not None:
        waiting.append((text, [*values, row.pk]))
        return
    with connection.cursor() as cursor:
        cursor.execute(text, [*values, row.pk])


def _columns(connection: BaseDatabaseWrapper, model: type[models.Model], names: tuple[str, ...]) -> _Columns:
    # Kept with the connection: converters are bound to it, and it must be free to go when its thread ends.
    kept: dict[Any, _Columns] = connection.__dict__.setdefault("huimin_columns", {})
    found = kept.get((model, names))
    if found is None:
        found = kept[model, names] = _columns_of(connection, model, names)
    return found


def _columns_of(connection: BaseDatabaseWrapper, model: type[models.Model], names: tuple[str, ...]) -> _Columns:
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    converters = []
    for index, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        found = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
        if found:
            converters.append((index, expression, tuple(found)))
    return _Columns(
        quote(model._meta.db_table),
        ", ".join(quote(str(field.column)) for field in fields),
        tuple(field.attname for field in fields),
        tuple(converters),
    )


@cache
def _names(model: type[models.Model], without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in without)


@cache
def _inserted(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def _values(connection: BaseDatabaseWrapper, fields: Sequence[Any], rows: Sequence[models.Model]) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection) for row in rows for field in fields
    ]


def _insert_text(connection: BaseDatabaseWrapper, model: type[models.Model], fields: Sequence[Any], rows: int) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([row] * rows)}"  # noqa: S608
