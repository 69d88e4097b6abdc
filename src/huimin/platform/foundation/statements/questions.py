"""Questions to the database, several of which can be asked in one round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from huimin.platform.foundation.kept import kept
from huimin.platform.foundation.statements.blocks import refuse_queued
from huimin.platform.foundation.statements.where import Where, condition_of

__all__ = ["Question", "any_of", "ask", "rows_where", "sums_where", "values_where"]

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
_Converter = Callable[[Any, Any, BaseDatabaseWrapper], Any]
_Found = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A query of one table, and how the answer is made from its rows."""

    model: type[models.Model]
    text: str
    values: Sequence[Any]
    made: Callable[[_Found], T]


@dataclass(frozen=True)
class _Columns:
    """Some of a table's columns: their names as SQL, and how values become Python's."""

    table: str
    text: str
    attributes: tuple[str, ...]
    converters: tuple[tuple[int, Any, tuple[_Converter, ...]], ...]


def rows_where(
    connection: BaseDatabaseWrapper,
    model: type[M],
    where: Where,
    *,
    order_by: tuple[str, ...] = (),
    lock: bool = False,
    without: tuple[str, ...] = (),
) -> Question[list[M]]:
    """A question for whole rows. Fields in `without` are not read until they are used."""
    columns = _columns(connection, model, _names(model, without))
    text, values = _select(connection, model, columns, where, order_by, lock=lock)

    def made(found: _Found) -> list[M]:
        rows = _converted(connection, columns, found)
        return [model.from_db(connection.alias, columns.attributes, row) for row in rows]

    return Question(model, text, values, made)


def values_where(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    names: tuple[str, ...],
    where: Where,
    order_by: tuple[str, ...] = (),
    *,
    lock: bool = False,
) -> Question[list[list[Any]]]:
    """A question for the values of some fields; a foreign key gives the other row's key."""
    columns = _columns(connection, model, names)
    text, values = _select(connection, model, columns, where, order_by, lock=lock)
    return Question(model, text, values, lambda found: _converted(connection, columns, found))


def sums_where(
    connection: BaseDatabaseWrapper, model: type[models.Model], names: tuple[str, ...], sums: str, where: Where
) -> Question[list[list[Any]]]:
    """A question for the values of some fields, and for `sums` (SQL that we write) over the rows that share them."""
    columns = _columns(connection, model, names)
    condition, values = condition_of(connection, model, where)
    text = f"SELECT {columns.text}, {sums} FROM {columns.table} WHERE {condition} GROUP BY {columns.text}"  # noqa: S608
    return Question(model, text, values, lambda found: [list(row) for row in found])


def any_of(*questions: Question[list[M]]) -> Question[list[M]]:
    """One question for the rows that any of these questions asks for. A row may come more than once.

    Each of them uses its own index. If they were joined by "or" in one condition, PostgreSQL would read the whole
    table.
    """
    first = questions[0]
    text = " UNION ALL ".join(question.text for question in questions)
    return Question(first.model, text, [value for question in questions for value in question.values], first.made)


def ask(connection: BaseDatabaseWrapper, questions: Sequence[Question[Any]]) -> list[Any]:
    """The answers, in the order of the questions. Raises QueuedModelError if an answer would lack rows that are still
    queued.

    PostgreSQL is asked in one round, together with BEGIN if this is the first query of its transaction.
    """
    for question in questions:
        refuse_queued(connection, question.model)
    if connection.vendor == "postgresql" and (len(questions) > 1 or _begins(connection)):
        found = _in_one_round(connection, questions)
    else:
        found = [_alone(connection, question) for question in questions]
    return [question.made(rows) for question, rows in zip(questions, found, strict=True)]


def _alone(connection: BaseDatabaseWrapper, question: Question[Any]) -> _Found:
    with connection.cursor() as cursor:
        cursor.execute(question.text, question.values)
        found: _Found = cursor.fetchall()
    return found


def _in_one_round(connection: BaseDatabaseWrapper, questions: Sequence[Question[Any]]) -> list[_Found]:
    connection.ensure_connection()
    cursors = [connection.cursor() for _ in questions]
    # psycopg raises errors when the round ends, outside the cursors that would turn them into Django's.
    with connection.wrap_database_errors, connection.connection.one_round():
        for cursor, question in zip(cursors, questions, strict=True):
            cursor.execute(question.text, question.values)
    found = [cursor.fetchall() for cursor in cursors]
    for cursor in cursors:
        cursor.close()
    return found


def _begins(connection: BaseDatabaseWrapper) -> bool:
    """Whether the next statement is the first of its transaction, before which BEGIN is sent."""
    if not connection.in_atomic_block or connection.connection is None:
        return False
    return bool(connection.connection.pgconn.transaction_status == TransactionStatus.IDLE)


def _select(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: _Columns,
    where: Where,
    order_by: tuple[str, ...],
    *,
    lock: bool,
) -> tuple[str, list[Any]]:
    condition, values = condition_of(connection, model, where)
    text = f"SELECT {columns.text} FROM {columns.table} WHERE {condition}"  # noqa: S608
    if order_by:
        quote = connection.ops.quote_name
        text += f" ORDER BY {', '.join(quote(str(model._meta.get_field(name).column)) for name in order_by)}"  # type: ignore[union-attr]
    if lock and connection.features.has_select_for_update:
        text += " FOR UPDATE"
    return text, values


def _converted(connection: BaseDatabaseWrapper, columns: _Columns, found: _Found) -> list[list[Any]]:
    rows = [list(row) for row in found]
    for row in rows:
        for index, expression, converters in columns.converters:
            for converter in converters:
                row[index] = converter(row[index], expression, connection)
    return rows


def _columns(connection: BaseDatabaseWrapper, model: type[models.Model], names: tuple[str, ...]) -> _Columns:
    known: dict[Any, _Columns] = kept(connection).columns
    found = known.get((model, names))
    if found is None:
        found = known[model, names] = _columns_of(connection, model, names)
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
