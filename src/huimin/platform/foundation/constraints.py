"""Which constraint an IntegrityError is about. A caller handles the one it expects; any other is a mistake in the
program.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models

__all__ = ["violates"]


def violates(error: IntegrityError, model: type[models.Model], name: str) -> bool:
    """Whether the error reports that this unique constraint of the model was violated.

    PostgreSQL names the constraint. SQLite names the columns of a constraint of whole rows, and the index of a
    conditional one.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == name)
    constraint = next(one for one in model._meta.constraints if one.name == name)
    assert isinstance(constraint, models.UniqueConstraint)  # noqa: S101
    table = model._meta.db_table
    fields: list[Any] = [model._meta.get_field(field) for field in constraint.fields]
    columns = ", ".join(f"{table}.{field.column}" for field in fields)
    return str(error) in (f"UNIQUE constraint failed: {columns}", f"UNIQUE constraint failed: index '{name}'")
