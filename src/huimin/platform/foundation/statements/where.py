"""Conditions as values of fields: `{"client": client, "setl_id": ["A", "B"], "closed_at": None}`.

All of them hold together. A value is one that the field has, a list of which it has one, or None where it is empty.
There is no way to say "or": a condition cannot reach beyond the city that is always one of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Where", "condition_of"]

Where = Mapping[str, Any]
_SEVERAL = (list, tuple, set, frozenset)


def condition_of(connection: BaseDatabaseWrapper, model: type[models.Model], where: Where) -> tuple[str, list[Any]]:
    """SQL with a place for each value, and the values."""
    parts, values = [], []
    for name, value in where.items():
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        text, found = _part(connection, field, value)
        parts.append(text)
        values += found
    return " AND ".join(parts), values


def _part(connection: BaseDatabaseWrapper, field: Any, value: Any) -> tuple[str, list[Any]]:
    column = connection.ops.quote_name(str(field.column))
    if value is None:
        return f"{column} IS NULL", []
    if not isinstance(value, _SEVERAL):
        return f"{column} = %s", [_prepared(connection, field, value)]
    values = [_prepared(connection, field, one) for one in value]
    if len(values) == 1:
        # PostgreSQL would plan a list anew each time, since it could be a longer one.
        return f"{column} = %s", values
    if connection.vendor == "postgresql":
        # One array for any number of values: the text is parsed and planned once.
        return f"{column} = ANY(%s)", [values]
    return f"{column} IN ({', '.join(['%s'] * len(values))})", values


def _prepared(connection: BaseDatabaseWrapper, field: Any, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return field.get_db_prep_value(value, connection, prepared=False)
