"""Conditions as values of fields: `{"client": client, "setl_id": ["A", "B"], "closed_at": None}`.

All of them must hold. A value is what the field must equal, a list of values of which it must equal one, or None if it
must be empty. There is no "or", so that a condition can never reach beyond its city, which is always part of it.
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
    """SQL with a placeholder for each value, and the values."""
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
        # PostgreSQL would plan a list again each time, since its length may differ.
        return f"{column} = %s", values
    if connection.vendor == "postgresql":
        # One array holds any number of values, so that the statement is parsed and planned once.
        return f"{column} = ANY(%s)", [values]
    return f"{column} IN ({', '.join(['%s'] * len(values))})", values


def _prepared(connection: BaseDatabaseWrapper, field: Any, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return field.get_db_prep_value(value, connection, prepared=False)
