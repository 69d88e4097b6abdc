"""Puts rows of a table into another order, column by column: plain numbers and days in a compiled loop, the rest by
Arrow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.table.rows import Integers

__all__ = ["gathered", "gathered_column", "scattered"]

_WIDTHS = {8: np.int8, 16: np.int16, 32: np.int32, 64: np.int64}


def gathered(table: pa.Table, places: Integers, schema: pa.Schema | None = None) -> pa.Table:
    """The rows at these places, in one chunk each; of the types of `schema`, if one for these columns is given."""
    schema = table.schema if schema is None else schema
    columns = [gathered_column(table.column(field.name), places, field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def gathered_column(column: pa.ChunkedArray, places: Integers, kind: pa.DataType | None = None) -> pa.Array:
    """The values at these places, as type `kind` if it is given. The column must be in one chunk."""
    kind = column.type if kind is None else kind
    if column.num_chunks != 1 or not _is_plain(column.chunk(0)):
        return column.take(pa.array(places)).combine_chunks().cast(kind)
    values = _values(column.chunk(0))
    found = np.empty(len(places), _type_of(kind))
    _gather(values, places, found)
    return _array(kind, found)


def scattered(table: pa.Table, places: Integers) -> pa.Table:
    """Each row at its place. If few places are written at a time this is quicker than gathering.

    Columns of whole numbers come in the narrowest type that holds them: `gathered` widens them again.
    """
    order: list[Integers] = []
    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if column.num_chunks == 1 and _is_plain(column.chunk(0)):
            values = _values(column.chunk(0))
            kind = _narrowest(column.type, values)
            found = np.empty(len(places), _type_of(kind))
            _scatter(values, places, found)
            columns[name] = _array(kind, found)
        else:
            if not order:
                order.append(np.empty(len(places), np.int64))
                _scatter(np.arange(len(places)), places, order[0])
            columns[name] = column.take(pa.array(order[0])).combine_chunks()
    return pa.table(columns)


def _narrowest(kind: pa.DataType, values: Any) -> pa.DataType:
    """The narrowest type of whole numbers, signed or unsigned as this one is, in which the values fit."""
    if not pa.types.is_integer(kind):
        return kind
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    sign = "int" if pa.types.is_signed_integer(kind) else "uint"
    fitting = (np.dtype(f"{sign}{8 * size}") for size in (1, 2, 4, 8))
    return pa.from_numpy_dtype(next(one for one in fitting if np.iinfo(one).min <= least and most <= np.iinfo(one).max))


def _values(array: pa.Array) -> Any:
    values = np.frombuffer(array.buffers()[1], _type_of(array.type))
    return values[array.offset : array.offset + len(array)]


def _type_of(kind: pa.DataType) -> Any:
    """The type in which values are moved: whole numbers keep theirs, others use whole numbers of the same width."""
    return kind.to_pandas_dtype() if pa.types.is_integer(kind) else _WIDTHS[kind.bit_width]


def _array(kind: pa.DataType, values: Any) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def _is_plain(array: pa.Array) -> bool:
    kind = array.type
    numbers = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind)
    return bool(numbers and not pa.types.is_interval(kind) and array.null_count == 0 and array.buffers()[1] is not None)


@njit(cache=True, nogil=True)
def _gather(values: Any, places: Any, found: Any) -> None:
    for row in range(len(places)):
        found[row] = values[places[row]]


@njit(cache=True, nogil=True)
def _scatter(values: Any, places: Any, found: Any) -> None:
    for row in range(len(places)):
        found[places[row]] = values[row]
