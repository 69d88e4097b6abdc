"""Rows of a table in another order, column by column: plain numbers and days by a compiled loop, the rest by Arrow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.rows import Integers

__all__ = ["gathered", "gathered_column", "scattered"]

_WIDTHS = {8: np.int8, 16: np.int16, 32: np.int32, 64: np.int64}


def gathered(table: pa.Table, places: Integers) -> pa.Table:
    """The rows at these places. Columns stand in one chunk each."""
    columns = [gathered_column(table.column(name), places) for name in table.column_names]
    return pa.Table.from_arrays(columns, schema=table.schema)


def gathered_column(column: pa.ChunkedArray, places: Integers) -> pa.Array:
    """The values at these places; the column stands in one chunk."""
    if column.num_chunks != 1 or not _is_plain(column.chunk(0)):
        return column.take(pa.array(places)).combine_chunks()
    values = _values(column.chunk(0))
    found = np.empty(len(places), values.dtype)
    _gather(values, places, found)
    return _array(column.type, found)


def scattered(table: pa.Table, places: Integers) -> pa.Table:
    """Each row at its place. Where there are few places to write to at a time, this is quicker than gathering."""
    order: list[Integers] = []
    columns = []
    for name in table.column_names:
        column = table.column(name)
        if column.num_chunks == 1 and _is_plain(column.chunk(0)):
            values = _values(column.chunk(0))
            found = np.empty(len(places), values.dtype)
            _scatter(values, places, found)
            columns.append(_array(column.type, found))
        else:
            if not order:
                order.append(np.empty(len(places), np.int64))
                _scatter(np.arange(len(places)), places, order[0])
            columns.append(column.take(pa.array(order[0])).combine_chunks())
    return pa.Table.from_arrays(columns, schema=table.schema)


def _values(array: pa.Array) -> Any:
    values = np.frombuffer(array.buffers()[1], _WIDTHS[array.type.bit_width])
    return values[array.offset : array.offset + len(array)]


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
