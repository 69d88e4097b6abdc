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

from huimin.platform.foundation.fields import FenField, ReservedKey
from huimin.platform.foundation.reserving import reserved_keys

__all__ = ["grouped", "insert", "pick", "queue", "queue_values", "rewrite", "select", "together"]

_MOST_VALUES = 30_000
"""Of one statement. PostgreSQL takes 65,535, SQLite 32,766 where it was built with its own defaults."""

_PLAIN = frozenset({"bigint", "integer", "smallint", "text", "boolean", "date", "timestamp with time zone"})

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
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
        waiting.extend(_inserts(connection, model, fields, rows))


def queue_values(
    connection: BaseDatabaseWrapper, model: type[M], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows given as values of these fields, with the writes of the block they are in: for rows by the hundred.

    Making an object of each row took longer than inserting it. Foreign keys are given as the other rows' keys. Fields
    check their values as ever.
    """
    if not rows:
        return
    fields = tuple(model._meta.get_field(name) for name in names)
    waiting, types = connection.__dict__.get("huimin_queue"), _array_types(connection, model, fields)
    columns = [
        _prepared(connection, field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    if waiting is not None and types is not None:
        waiting.append((_unnest_text(connection, model, fields, types), columns))
        return
    for part in _parts(list(zip(*columns, strict=True)), len(fields)):
        with connection.cursor() as cursor:
            cursor.execute(_insert_text(connection, model, fields, len(part)), [value for row in part for value in row])


def _prepared(connection: BaseDatabaseWrapper, field: Any, values: Sequence[Any]) -> list[Any]:
    if connection.vendor != "postgresql":
        return [field.get_db_prep_save(value, connection=connection) for value in values]
    if isinstance(field, FenField):
        for value in values:
            field.get_prep_value(value)
    return list(values)


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


def _inserts(
    connection: BaseDatabaseWrapper, model: type[M], fields: Sequence[Any], rows: Sequence[M]
) -> Iterator[tuple[str, list[Any]]]:
    """The statements that insert rows on PostgreSQL, with their values.

    Several rows of plain columns go as one array for each column: the text is the same for any number of rows, so that
    it is parsed and planned once. A text with a place for every value took longer to read than the rows to insert.
    """
    types = _array_types(connection, model, tuple(fields))
    if len(rows) > 1 and types is not None:
        values = _values(connection, fields, rows)
        yield _unnest_text(connection, model, fields, types), [values[n :: len(fields)] for n in range(len(fields))]
        return
    for part in _parts(rows, len(fields)):
        yield _insert_text(connection, model, fields, len(part)), _values(connection, fields, part)


def _array_types(
    connection: BaseDatabaseWrapper, model: type[models.Model], fields: tuple[Any, ...]
) -> tuple[str, ...] | None:
    """The types of the columns, where all are such that PostgreSQL takes arrays of them without loss."""
    kept: dict[Any, tuple[str, ...] | None] = connection.__dict__.setdefault("huimin_array_types", {})
    if (model, fields) not in kept:
        # Text without a length: a cast to varchar(60) would cut what is too long, where an insert refuses it.
        types = [
            str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)) for field in fields
        ]
        types = ["text" if name.startswith("varchar") else name for name in types]
        kept[model, fields] = tuple(types) if _PLAIN.issuperset(types) else None
    return kept[model, fields]


def _unnest_text(
    connection: BaseDatabaseWrapper, model: type[models.Model], fields: Sequence[Any], types: Sequence[str]
) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608


def _parts(rows: Sequence[T], fields: int) -> Iterator[Sequence[T]]:
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
