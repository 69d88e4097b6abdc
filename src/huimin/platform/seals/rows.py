"""Which rows and columns are sealed, and the digest of a row.

A model says which of its columns are sealed (`sealed`): all columns of a fact, and those that never change of other
rows.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from huimin.platform.foundation.fields import Ciphertext
from huimin.platform.seals.frontier import Frontier

__all__ = ["digests", "moment_column", "pack", "sealed_models", "table_of", "unpack", "unsealed"]

_RECORD = struct.Struct(">q32s")
_RANGES_AT_ONCE = 100
_MOMENTS = (
    "recorded_at",
    "received_at",
    "at",
    "created_at",
    "decided_at",
    "posted_at",
    "given_at",
    "opened_at",
    "closed_at",
    "issued_at",
    "published_at",
    "told_at",
    "set_at",
    "requested_at",
    "made_at",
    "settled_at",
    "read_at",
    "asked_at",
    "computed_at",
)
"""Columns that say when a row was written. Other times, such as a bill's, are about the world."""


def sealed_models() -> dict[str, type[models.Model]]:
    """Every sealed model by its table's name."""
    found = {model._meta.db_table: model for model in apps.get_models() if getattr(model, "sealed", ())}
    return dict(sorted(found.items()))


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns that are sealed from now on. `*` stands for all that there are."""
    names: Sequence[str] = model.sealed  # type: ignore[attr-defined]
    if tuple(names) == ("*",):
        names = [field.attname for field in model._meta.concrete_fields]
    return sorted({"id", "city_id", *names})


def moment_column(model: type[models.Model]) -> str | None:
    """The column that says when a row was written, by its city's clock.

    None for postings and order lines, which are written with a row of another table that has the moment.
    """
    never_null = {column.name for column in model._meta.concrete_fields if not column.null}
    return next((name for name in _MOMENTS if name in never_null), None)


def unsealed(model: type[models.Model], frontier: Frontier, most: int) -> list[tuple[int, int]]:
    """(key, city) of rows that are not sealed yet, in order: first those in the gaps, then at most `most` beyond the
    frontier.
    """
    rows = model._base_manager.order_by("pk")
    found: list[tuple[int, int]] = []
    for start in range(0, len(frontier.gaps), _RANGES_AT_ONCE):
        condition = Q()
        for first, last, _since in frontier.gaps[start : start + _RANGES_AT_ONCE]:
            condition |= Q(pk__gte=first, pk__lte=last)
        found += rows.filter(condition).values_list("pk", "city_id")
    found += rows.filter(pk__gt=frontier.through).values_list("pk", "city_id")[:most]
    return found


def digests(model: type[models.Model], columns: Sequence[str], keys: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """(key, digest) of those rows with these keys that exist, in the order of their keys."""
    table = table_of(model)
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    for values in rows.values(*columns):
        yield values["id"], _digest(table, values)


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table


def pack(leaves: Sequence[tuple[int, bytes]]) -> bytes:
    return b"".join(_RECORD.pack(key, digest) for key, digest in leaves)


def unpack(blob: bytes) -> list[tuple[int, bytes]]:
    """Raises struct.error when the bytes are not whole records."""
    return [(key, digest) for key, digest in _RECORD.iter_unpack(blob)]


def _digest(table: str, values: Mapping[str, Any]) -> bytes:
    """SHA-256 of the row as canonical JSON: its table, and each column's name and value."""
    content = json.dumps([table, dict(values)], sort_keys=True, ensure_ascii=False, default=_text)
    return hashlib.sha256(content.encode()).digest()


def _text(value: Any) -> str:
    """The text of a value that JSON has no form for. Encrypted columns are sealed as stored, so that comparing needs no
    key.
    """
    if isinstance(value, Ciphertext):
        return value.blob.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"a {type(value).__name__} cannot be sealed")
