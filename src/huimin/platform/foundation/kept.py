"""What is kept with a database connection: texts of statements, reserved keys, and the current block of writes.

Both of our database wrappers have it. It belongs to the connection, because converters are bound to one, and ends with
it when its thread ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Block", "Keeping", "Kept", "kept"]

Model = type[models.Model]


@dataclass(slots=True)
class Block:
    """Writes that wait for the end of their block, in order, and the models whose rows they are."""

    writes: list[tuple[str, Any]] = field(default_factory=list)
    models: set[Model] = field(default_factory=set)


@dataclass(slots=True)
class Kept:
    columns: dict[Any, Any] = field(default_factory=dict)
    texts: dict[Any, str] = field(default_factory=dict)
    array_types: dict[Any, Any] = field(default_factory=dict)
    keys: dict[Model, tuple[float, list[int]]] = field(default_factory=dict)
    """Keys drawn from a sequence and not used yet, and until when they may be used."""
    block: Block | None = None


class Keeping:
    """For a database wrapper: gives each connection a `Kept`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = Kept()


def kept(connection: BaseDatabaseWrapper) -> Kept:
    return cast(Keeping, connection).kept
