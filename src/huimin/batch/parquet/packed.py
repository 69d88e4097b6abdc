"""Parquet files of whole numbers and a few repeated texts, written four times as fast as by Arrow.

Decisions consist of nothing else, and writing them was the largest part of a job (ADR 15). Pages are not compressed,
since bit-packed differences of neighbouring values are smaller than compressed pages. Tests read the files with four
readers.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa

from huimin.batch.parquet.bit_packing import most_bytes, pack_codes, pack_differences
from huimin.batch.parquet.thrift import I32, I64, Field, Listed, Struct, encoded
from huimin.batch.table.rows import Integers

__all__ = ["can_be_packed", "write_packed"]

_MAGIC = b"PAR1"
_INT64, _BYTE_ARRAY = 2, 6
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_PLAIN, _RLE, _DELTA, _BY_DICTIONARY = 0, 3, 5, 8
_REQUIRED, _UTF8, _UNCOMPRESSED = 0, 0, 0
_PAGE = 1 << 18
"""Values of a page: about 800 KB."""
_WIDEST_CODE = 8
_WRITER = b"huimin"


def can_be_packed(table: pa.Table) -> bool:
    """Whether all columns are 64-bit numbers or dictionaries of at most 256 texts, and nothing is missing."""
    return len(table) > 0 and all(_is_number(column) or _is_code(column) for column in table.columns)


def _is_number(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_int64(column.type) and column.null_count == 0)


def _is_code(column: pa.ChunkedArray) -> bool:
    kind = column.type
    coded = pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type) and column.num_chunks == 1
    return bool(coded and column.null_count == 0 and len(column.chunk(0).dictionary) <= 1 << _WIDEST_CODE)


@dataclass(slots=True)
class _Column:
    """A column chunk as it was written: its description for the footer."""

    name: str
    kind: int
    encodings: tuple[int, ...]
    first_page: int
    dictionary_page: int | None
    size: int
    statistics: Field | None


def write_packed(file: IO[bytes], table: pa.Table, sorted_by: str) -> None:
    """Write a table for which `can_be_packed` holds, as one row group. The footer has the least and the largest value
    of the column `sorted_by`.
    """
    table = table.combine_chunks()
    writer = _Writer(file)
    writer.write(_MAGIC)
    columns = [writer.column(name, table.column(name).chunk(0), name == sorted_by) for name in table.column_names]
    footer = encoded(_footer(table, columns))
    writer.write(footer + len(footer).to_bytes(4, "little") + _MAGIC)


class _Writer:
    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.place = 0
        self.room = np.empty(most_bytes(_PAGE), np.uint8)

    def write(self, content: Any) -> None:
        self.file.write(content)
        self.place += len(content)

    def column(self, name: str, array: pa.Array, noted: bool) -> _Column:
        start, dictionary = self.place, None
        if pa.types.is_dictionary(array.type):
            dictionary = start
            self._dictionary(array.dictionary.to_pylist())
            values = array.indices.to_numpy(zero_copy_only=False)
            first = self._pages(values, _BY_DICTIONARY, max(1, (len(array.dictionary) - 1).bit_length()))
            encodings = (_PLAIN, _RLE, _BY_DICTIONARY)
            return _Column(name, _BYTE_ARRAY, encodings, first, dictionary, self.place - start, None)
        values = array.to_numpy(zero_copy_only=False)
        first = self._pages(values, _DELTA, 0)
        statistics = _statistics(values) if noted else None
        return _Column(name, _INT64, (_RLE, _DELTA), first, None, self.place - start, statistics)

    def _dictionary(self, texts: list[str]) -> None:
        cells = [text.encode() for text in texts]
        content = b"".join(len(cell).to_bytes(4, "little") + cell for cell in cells)
        self._page(content, _DICTIONARY_PAGE, 7, {1: I32(len(cells)), 2: I32(_PLAIN)})

    def _pages(self, values: Integers, encoding: int, width: int) -> int:
        """Write the pages. Returns the file position of the first."""
        first_page = self.place
        for first in range(0, len(values), _PAGE):
            page = values[first : first + _PAGE]
            size = pack_codes(page, width, self.room) if width else pack_differences(page, self.room)
            header: dict[int, Field] = {1: I32(len(page)), 2: I32(encoding), 3: I32(_RLE), 4: I32(_RLE)}
            self._page(self.room[:size].data, _DATA_PAGE, 5, header)
        return first_page

    def _page(self, content: Any, kind: int, number: int, header: dict[int, Field]) -> None:
        size = I32(len(content))
        self.write(encoded(Struct({1: I32(kind), 2: size, 3: size, number: Struct(header)})))
        self.write(content)


def _statistics(values: Integers) -> Field:
    least, most = (int(found).to_bytes(8, "little", signed=True) for found in (values.min(), values.max()))
    return Struct({3: I64(0), 5: most, 6: least})


def _footer(table: pa.Table, columns: list[_Column]) -> Field:
    fields: list[Field] = [Struct({4: b"schema", 5: I32(len(columns))})]
    for column in columns:
        text: dict[int, Field] = {6: I32(_UTF8), 10: Struct({1: Struct({})})} if column.kind == _BYTE_ARRAY else {}
        fields.append(Struct({1: I32(column.kind), 3: I32(_REQUIRED), 4: column.name.encode(), **text}))
    size = I64(sum(column.size for column in columns))
    group = Struct({1: Listed([_chunk(column, len(table)) for column in columns]), 2: size, 3: I64(len(table))})
    # With Arrow's own schema in the footer, Arrow reads the texts back as dictionaries.
    schema = base64.b64encode(table.schema.serialize().to_pybytes())
    orders = Listed([Struct({1: Struct({})}) for _ in columns])
    return Struct(
        {
            1: I32(2),
            2: Listed(fields),
            3: I64(len(table)),
            4: Listed([group]),
            5: Listed([Struct({1: b"ARROW:schema", 2: schema})]),
            6: _WRITER,
            7: orders,
        }
    )


def _chunk(column: _Column, rows: int) -> Field:
    found: dict[int, Field] = {
        1: I32(column.kind),
        2: Listed([I32(encoding) for encoding in column.encodings]),
        3: Listed([column.name.encode()]),
        4: I32(_UNCOMPRESSED),
        5: I64(rows),
        6: I64(column.size),
        7: I64(column.size),
        9: I64(column.first_page),
    }
    if column.dictionary_page is not None:
        found[11] = I64(column.dictionary_page)
    if column.statistics is not None:
        found[12] = column.statistics
    return Struct({2: I64(0), 3: Struct(found)})
