"""Brings columns of a table to the job's types, or says in a sentence which column has an unusable type.

Texts come in their normal form. Moments with a zone become the city's local time. Ids are texts or whole numbers.
Amounts keep their type: their reader (amount_columns) takes every type that holds fen exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from huimin.batch.table.cell_texts import cell_text
from huimin.settlement.cells import neutral
from huimin.settlement.days import CITY_ZONE_NAME
from huimin.settlement.layout import FEN, Layout
from huimin.settlement.normal import normal_code, normal_text
from huimin.settlement.reading import FREE_TEXT

__all__ = ["neutral_texts", "plain_columns", "text_column", "type_faults"]

_EXACT_WHOLE = 10**15
_TEXT, _NUMBER = (types.is_string, types.is_large_string, types.is_string_view), (types.is_integer, types.is_decimal)


def type_faults(schema: pa.Schema, names: Sequence[str | None], layout: Layout) -> list[str]:
    """What is wrong with the types of a table's columns. `names` are as Layout.columns gives them."""
    pairs = [(field, name) for field, name in zip(schema, names, strict=True) if name is not None]
    faults = (_type_fault(field.name, _kind(field.type), name.removesuffix(FEN), layout) for field, name in pairs)
    return [fault for fault in faults if fault is not None]


def _type_fault(head: str, kind: pa.DataType, name: str, layout: Layout) -> str | None:
    if types.is_null(kind) or _is_text(kind) or any(of(kind) for of in _NUMBER):
        return None
    role = next((role for role in _ROLES if name in getattr(layout, role)), "codes")
    fits, expected = _ROLES[role]
    if any(of(kind) for of in fits):
        return None
    inexact = ", which does not hold every number exactly" if types.is_floating(kind) else ""
    return f"the column {head} holds {kind}{inexact}; expected text, numbers or dates: {expected}"


def plain_columns(table: pa.Table, names: Sequence[str | None], layout: Layout) -> pa.Table:
    """The known columns under their own names, in types that the job reads. The types must have no faults."""
    kept = [(place, name) for place, name in enumerate(names) if name is not None]
    return pa.table({name: _plain(table.column(place), name, layout) for place, name in kept})


def _plain(column: pa.ChunkedArray, name: str, layout: Layout) -> pa.ChunkedArray:
    column = _unpacked(column)
    kind = column.type
    if types.is_null(kind) or _is_text(kind):
        return text_column(name, column.cast(pa.string()))
    if _is_uuid(kind):
        return pa.chunked_array([_uuid_texts(chunk) for chunk in column.chunks], pa.string())
    if types.is_timestamp(kind) and kind.tz is not None:
        return _local(column)
    if types.is_float16(kind):
        return column.cast(pa.float32())
    named = name in layout.ids or (types.is_decimal(kind) and name.removesuffix(FEN) not in layout.amounts)
    return _whole_texts(column) if named else column


def text_column(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each text in its normal form. Most are plain and only need their blanks removed, which is done for all at
    once.
    """
    trimmed = pc.utf8_trim_whitespace(column)
    plain = pc.string_is_ascii(trimmed)
    if pc.all(plain).as_py() is not False:  # None: no row has a text
        return trimmed
    encoded = trimmed.combine_chunks().dictionary_encode()
    form = normal_text if name in FREE_TEXT else normal_code
    texts = pa.array([form(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([texts.take(encoded.indices)])


def neutral_texts(table: pa.Table) -> pa.Table:
    """A table whose texts are made harmless for spreadsheets (settlement.cells)."""
    for place, field in enumerate(table.schema):
        if _is_text(_kind(field.type)):
            encoded = _unpacked(table.column(place)).combine_chunks().dictionary_encode()
            texts = pa.array([neutral(text) for text in encoded.dictionary.to_pylist()], pa.string())
            table = table.set_column(place, field.name, texts.take(encoded.indices))
    return table


def _kind(kind: pa.DataType) -> pa.DataType:
    """The type of a column's values without dictionaries, runs and extensions."""
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return _kind(kind.value_type)
    return kind if _is_uuid(kind) or not isinstance(kind, pa.BaseExtensionType) else _kind(kind.storage_type)


def _is_text(kind: pa.DataType) -> bool:
    return any(of(kind) for of in _TEXT)


def _is_uuid(kind: pa.DataType) -> bool:
    return isinstance(kind, pa.UuidType)


_ROLES = {
    "amounts": ((types.is_float64,), "an amount may be a whole number, a decimal, a double or text"),
    "days": ((types.is_date, types.is_timestamp, types.is_float64), "a day may be a date, a timestamp or text"),
    "ids": ((types.is_float64, _is_uuid), "an id may be text or a whole number"),
    "codes": ((types.is_boolean, types.is_floating, _is_uuid), "a code may be text or a number"),
}
"""For each kind of column: the types that fit besides texts and exact numbers, and a sentence that names all of
them.
"""


def _unpacked(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column without dictionaries, runs and extensions; UUIDs stay as they are."""
    kind = column.type
    if types.is_dictionary(kind):
        return _unpacked(column.cast(kind.value_type))
    if types.is_run_end_encoded(kind):
        return _unpacked(pa.chunked_array([pc.run_end_decode(one) for one in column.chunks], kind.value_type))
    if isinstance(kind, pa.BaseExtensionType) and not _is_uuid(kind):
        return _unpacked(pa.chunked_array([one.storage for one in column.chunks], kind.storage_type))
    return column


def _local(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments as the city's local time; at the ends of the calendar, where there is none, as they are."""
    there = column.cast(pa.timestamp(column.type.unit, CITY_ZONE_NAME))
    try:
        return pc.local_timestamp(there)
    except pa.ArrowInvalid:
        return column.cast(pa.timestamp(column.type.unit))


def _whole_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers used as ids, as texts without a decimal point; whole numbers that fit 64 bits stay numbers."""
    kind = column.type
    if types.is_integer(kind):
        return column.cast(pa.string()) if types.is_uint64(kind) else column
    if types.is_decimal(kind):
        text = column.cast(pa.string())
        return pc.ascii_rtrim(pc.ascii_rtrim(text, "0"), ".") if kind.scale > 0 else _texts_one_by_one(column)
    if types.is_float32(kind):
        return column
    whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), float(_EXACT_WHOLE)))
    if pc.all(whole).as_py() is not False:
        return column.cast(pa.int64()).cast(pa.string())
    return _texts_one_by_one(column)


def _texts_one_by_one(column: pa.ChunkedArray) -> pa.ChunkedArray:
    cells = ((value, cell_text(value)) for value in column.to_pylist())
    return pa.chunked_array([pa.array([None if value is None else text for value, text in cells], pa.string())])


_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)
_BYTES, _LETTERS, _DASHES = 16, 36, (8, 13, 18, 23)


def _uuid_texts(column: Any) -> pa.Array:
    """UUIDs as they are written, all at once."""
    count, stored = len(column), column.storage
    if not count:
        return pa.array([], pa.string())
    first = stored.offset * _BYTES
    data = np.frombuffer(stored.buffers()[1], np.uint8)[first : first + count * _BYTES].reshape(count, _BYTES)
    letters = np.full((count, _LETTERS), ord("-"), np.uint8)
    letters[:, [place for place in range(_LETTERS) if place not in _DASHES]] = _HEX[data].reshape(count, 2 * _BYTES)
    offsets = pa.py_buffer(np.arange(0, (count + 1) * _LETTERS, _LETTERS, dtype=np.int32).tobytes())
    texts = pa.StringArray.from_buffers(count, offsets, pa.py_buffer(letters.tobytes()))
    return pc.if_else(column.is_valid(), texts, pa.scalar(None, pa.string()))
