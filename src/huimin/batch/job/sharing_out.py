"""Shares bills out over parts of whole members, so that a part fits into memory and parts run side by side.

A chunk of the source becomes a few Arrow files. Each file has one record batch for each of some neighbouring parts, and
can be removed once these are decided. Members are sorted by number and cut into ranges of equal size, so that the
parts' decisions, one after the other, are in the order of the whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.table.fact_columns import missing_ids, unusable_ids
from huimin.batch.table.gathering import gathered, gathered_column, scattered
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import MemberIndex, keys_of, range_of, shares_of
from huimin.batch.table.ordering import order_of
from huimin.batch.table.rows import Integers, Rows
from huimin.errors import Refusal

__all__ = ["Chunks", "Parts", "PutByPart", "in_order", "places_by_part", "put_by_part"]

_MEMBER, _NUMBER = "__member", "psn_no"
_MOST_FILES = 8
"""How many files a chunk becomes. More files cost more time to open than is saved by removing them before their bytes
reach the disk.
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """`count` ranges of `members` members, in order."""

    members: int
    count: int

    def range_of(self, part: int) -> tuple[int, int]:
        """First member of a part, and the one after its last."""
        return _share(part, self.members, self.count)

    @property
    def files(self) -> int:
        """Files that a chunk's rows are written to."""
        return min(self.count, _MOST_FILES)

    def in_file(self, file: int) -> tuple[int, int]:
        """First part of a file, and the one after its last."""
        return _share(file, self.count, self.files)

    def file_of(self, part: int) -> int:
        return part * self.files // self.count


def _share(place: int, things: int, shares: int) -> tuple[int, int]:
    """Where share `place` of `shares` begins and ends, if `things` are divided evenly."""
    return -(-place * things // shares), -(-(place + 1) * things // shares)


@dataclass(frozen=True, slots=True)
class PutByPart:
    """A chunk's rows in the order of their parts. Those of a part begin at its place in `starts` and end at the next.

    `refused` are rows without a usable id; `ids` the least and the largest key of all ids, if these are numbers.
    """

    table: pa.Table
    starts: Integers
    parts: Parts
    refused: list[Refusal]
    ids: tuple[int, int] | None

    def write(self, path: Path, file: int) -> None:
        """Write one of the chunk's files."""
        first, end = self.parts.in_file(file)
        bounds = self.starts[first : end + 1].tolist()
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, self.table.schema) as writer:
            for start, stop in pairwise(bounds):
                writer.write_batch(_one_batch(self.table, start, stop - start))


def put_by_part(rows: Rows, parts: Parts, index: MemberIndex) -> PutByPart:
    """Put a chunk's rows by part."""
    ids, numbers = Names(rows.column("setl_id")), Names(rows.column("psn_no"))
    unusable = unusable_ids(ids)
    places = index.places_of(numbers)
    part = _parts_of(places, parts.members, parts.count)
    strangers = np.flatnonzero(part < 0)
    if strangers.size:
        part[strangers] = shares_of(numbers.take(strangers), parts.count)
    part[unusable] = parts.count
    to, starts = places_by_part(part, parts.count + 1)
    table = rows.table
    if index.same_type(numbers) and not strangers.size:
        table = table.drop_columns([_NUMBER])
    table = scattered(table.append_column(_MEMBER, pa.array(places)), to)
    within = range_of(keys_of(ids)) if ids.are_numbers else None
    return PutByPart(table, starts[:-1], parts, missing_ids(rows, ids, unusable), within)


def _one_batch(table: pa.Table, first: int, length: int) -> pa.RecordBatch:
    batches = table.slice(first, length).to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


@njit(cache=True, nogil=True)
def _parts_of(places: Any, members: int, count: int) -> Any:
    """The part of each bill by its member's place; −1 for bills of people who are not members."""
    found = np.empty(len(places), np.int32)
    for row in range(len(places)):
        found[row] = places[row] * count // members if places[row] >= 0 else -1
    return found


@njit(cache=True, nogil=True)
def places_by_part(part: Any, count: int) -> Any:
    """The place of each row when rows are sorted by part, and where each part begins, with the end of the last."""
    starts = np.zeros(count + 1, np.int64)
    for row in range(len(part)):
        starts[part[row] + 1] += 1
    for place in range(count):
        starts[place + 1] += starts[place]
    following, to = starts[:-1].copy(), np.empty(len(part), np.int32)
    for row in range(len(part)):
        to[row] = following[part[row]]
        following[part[row]] += 1
    return to, starts


class Chunks:
    """The files of all chunks, read part by part by several threads.

    `paths` are by chunk and file. `schema` is that of the bills. `numbers` are the members' numbers: a chunk whose
    bills are all of known members has no other numbers and does not store them.
    """

    def __init__(
        self, paths: Sequence[Sequence[Path]], rows: int, parts: Parts, schema: pa.Schema, numbers: pa.Array
    ) -> None:
        self.paths = paths
        self.rows = rows
        self.parts = parts
        self.schema = schema
        self.numbers = pa.chunked_array([numbers])
        self._mine = threading.local()

    def read_part(self, part: int, dropped: Callable[[int, int], Integers | None]) -> tuple[Rows, Integers]:
        """A part's bills, by member and time where times are days or moments; and the places of their members.

        `dropped(chunk, part)` has the positions in that chunk's batch that no longer count; None if all do.
        """
        tables = []
        for place in range(len(self.paths)):
            batch = self._batch(place, part)
            out = dropped(place, part)
            if out is not None:
                kept = np.ones(batch.num_rows, np.bool_)
                kept[out] = False
                batch = batch.filter(pa.array(kept))
            tables.append(pa.Table.from_batches([batch]))
        numbered = any(_NUMBER in table.column_names for table in tables)
        if numbered:
            tables = [self._numbered(table) for table in tables]
        table = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
        member_of = table.column(_MEMBER).to_numpy().astype(np.int64)
        rows, member_of = in_order(table.drop_columns([_MEMBER]), member_of, self.schema)
        return rows if numbered else Rows(self._with_numbers(rows.table, member_of)), member_of

    def rows_at(self, place: int, part: int, positions: Integers) -> Rows:
        """Some rows of a part's batch in one chunk, as they were."""
        batch = pa.Table.from_batches([self._batch(place, part)])
        return Rows(self._numbered(batch.take(pa.array(positions))).select(self.schema.names).cast(self.schema))

    def sizes(self, place: int) -> list[int]:
        """The rows of each part's batch in one chunk."""
        return [self._batch(place, part).num_rows for part in range(self.parts.count)]

    def _numbered(self, table: pa.Table) -> pa.Table:
        if _NUMBER in table.column_names:
            return table
        return self._with_numbers(table, table.column(_MEMBER).to_numpy().astype(np.int64))

    def _with_numbers(self, table: pa.Table, member_of: Integers) -> pa.Table:
        return table.append_column(_NUMBER, gathered_column(self.numbers, member_of))

    def _batch(self, place: int, part: int) -> pa.RecordBatch:
        file = self.parts.file_of(part)
        return self._reader(place, file).get_batch(part - self.parts.in_file(file)[0])

    def _reader(self, place: int, file: int) -> Any:
        """This thread's own reader, kept open for one file of each chunk, since opening a file means finding its
        batches.
        """
        mine = self._mine.__dict__.setdefault("readers", {})
        if place not in mine or mine[place][0] != file:
            mine[place] = file, pa.ipc.open_file(pa.OSFile(str(self.paths[place][file])))
        return mine[place][1]


def in_order(bills: pa.Table, member_of: Integers, schema: pa.Schema) -> tuple[Rows, Integers]:
    """Bills, in one chunk, by member and time where times are days or moments, and the places of their members.

    Later steps then find columns in order and of the types of `schema`, and need not gather them again.
    """
    schema = pa.schema([schema.field(name) for name in bills.column_names])
    time = bills.column("setl_time")
    if not (pa.types.is_date(time.type) or pa.types.is_timestamp(time.type)) or time.null_count or not len(bills):
        return Rows(bills.cast(schema)), member_of
    ticks = time.chunk(0).view(pa.int32() if time.type.bit_width == 32 else pa.int64())  # noqa: PLR2004 - bits
    ids = Names(bills.column("setl_id").chunk(0))
    order = order_of(member_of, ticks.to_numpy().astype(np.int64), ids.take)
    if order is None:
        return Rows(bills.cast(schema)), member_of
    return Rows(gathered(bills, order, schema)), member_of[order]
