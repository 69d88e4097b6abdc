"""Refused rows as columns. Of millions of rows few need a reason of their own, and no row becomes an object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huimin.batch.decide.result_rows import REFUSED_COLUMNS, csv_text, refusal_row
from huimin.batch.side_by_side import side_by_side
from huimin.batch.table.bytes_of_texts import marked_texts
from huimin.errors import Refusal

__all__ = ["Refusals", "read_refusals", "refused_lines", "sorted_refusals", "write_refusals", "write_refused_file"]

_SCHEMA = pa.schema([(name, pa.string()) for name in REFUSED_COLUMNS])
_ORDER = [(name, "ascending") for name in REFUSED_COLUMNS]
_AT_ONCE = 1 << 19
"""How many rows of refused.csv are sorted and written at a time."""
_QUOTED, _ODD = b",", b'"\r\n'
"""A cell that has the first is put between quotation marks; a row that has any of the others is written by itself."""
_LIVE = b"'=+-@\t\r\n" + bytes(range(0x80, 0x100))
"""The beginnings of cells that a spreadsheet could take for formulas."""


class Refusals:
    """The refused rows of a part, in any order. `table` gives them sorted: setl_id, code and reason as texts."""

    def __init__(self, refusals: Iterable[Refusal] = ()) -> None:
        self._single = list(refusals)
        self._tables: list[pa.Table] = []

    def __len__(self) -> int:
        return len(self._single) + sum(len(table) for table in self._tables)

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Add rows that each have a reason of their own."""
        self._single += refusals

    def add_rows(self, ids: pa.Array, codes: pa.Array, reasons: pa.Array) -> None:
        """Add many rows at once; all three columns are texts."""
        self._tables.append(pa.table([ids, codes, reasons], schema=_SCHEMA))

    def by_code(self) -> Counter[str]:
        """The number of rows by code."""
        found = Counter(refusal.code for refusal in self._single)
        for table in self._tables:
            counts = pc.value_counts(table.column("code"))
            found.update({pair["values"]: pair["counts"] for pair in counts.to_pylist()})
        return found

    def table(self) -> pa.Table:
        columns = zip(*map(refusal_row, self._single), strict=True) if self._single else ([] for _ in REFUSED_COLUMNS)
        single = pa.table([pa.array(list(column), pa.string()) for column in columns], schema=_SCHEMA)
        return sorted_refusals([single, *self._tables])


def sorted_refusals(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of several tables in one order, whatever parts they come from: by id, code and reason as text."""
    whole = pa.concat_tables([_SCHEMA.empty_table(), *tables]).combine_chunks()
    return whole.take(pc.sort_indices(whole, _ORDER)).combine_chunks() if len(whole) > 1 else whole


def write_refusals(path: Path, table: pa.Table) -> None:
    """Write a part's refusals, sorted, for `write_refused_file`."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_refusals(path: Path) -> pa.Table:
    """What `write_refusals` wrote. It is mapped and not loaded: it stays on the disk until it is used."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def write_refused_file(path: Path, tables: Sequence[pa.Table], threads: int) -> None:
    """refused.csv: the rows of several tables, each sorted, in one order. Few of them are in memory at a time."""
    bounds = _bounds(tables)
    ranges = (partial(_lines_of, tables, first, end) for first, end in pairwise(bounds))
    with path.open("wb") as out:
        out.write(csv_text([REFUSED_COLUMNS]).encode())
        for lines in side_by_side(threads, ranges):
            out.write(lines)


def _bounds(tables: Sequence[pa.Table]) -> list[list[int]]:
    """Where the tables are to be cut, so that each range of all of them has about `_AT_ONCE` rows and whole ids."""
    sizes = [len(table) for table in tables]
    shares = -(-sum(sizes) // _AT_ONCE)
    step = max(1, _AT_ONCE // 64)
    samples = sorted(table.column("setl_id")[place].as_py() for table in tables for place in range(0, len(table), step))
    cuts = [samples[share * len(samples) // shares] for share in range(1, shares)]
    between = [[_first_not_before(table.column("setl_id"), cut) for table in tables] for cut in cuts]
    return [[0] * len(tables), *between, sizes]


def _first_not_before(ids: pa.ChunkedArray, text: str) -> int:
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) // 2
        if ids[middle].as_py() < text:
            low = middle + 1
        else:
            high = middle
    return low


def _lines_of(tables: Sequence[pa.Table], first: Sequence[int], end: Sequence[int]) -> bytes:
    parts = [table.slice(low, high - low) for table, low, high in zip(tables, first, end, strict=True) if high > low]
    return refused_lines(sorted_refusals(parts))


def refused_lines(table: pa.Table) -> bytes:
    """The rows as lines of CSV, as `csv_text` writes them."""
    if not len(table):
        return b""
    ids, codes, reasons = (table.column(name).combine_chunks() for name in REFUSED_COLUMNS)
    odd = marked_texts(ids, _ODD + _QUOTED, _LIVE) | marked_texts(reasons, _ODD, _LIVE)
    quoted = marked_texts(reasons, _QUOTED)
    if quoted.any():
        reasons = pc.if_else(pa.array(quoted), pc.binary_join_element_wise('"', reasons, '"', ""), reasons)
    lines = pc.binary_join_element_wise(ids, codes, reasons, ",")
    lines = pc.binary_join_element_wise(lines, "", "\n")
    if odd.any():
        single = table.filter(pa.array(odd)).to_pydict()
        rows = zip(*(single[name] for name in REFUSED_COLUMNS), strict=True)
        lines = pc.replace_with_mask(lines, pa.array(odd), pa.array([csv_text([row]) for row in rows], pa.string()))
    starts = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(lines.buffers()[2])[starts[0] : starts[-1]].tobytes()
