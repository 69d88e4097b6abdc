"""Bills shared out over parts, each with whole members, so that a part fits into memory and parts run side by side.

A chunk of the source becomes one Arrow file with one record batch for each part. Members are sorted by number and cut
into ranges of one size: decisions of the parts, one after the other, are in the order of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.facts import missing_ids, unusable_ids
from huimin.batch.keys import MemberIndex, keys_of
from huimin.batch.names import Names
from huimin.batch.rows import Integers, Rows
from huimin.errors import Refusal

__all__ = ["Parts", "positions_by_part", "read_part", "write_chunk"]

MEMBER = "__member"


@dataclass(frozen=True, slots=True)
class Parts:
    """`count` ranges of `members` members, in order."""

    members: int
    count: int

    def range_of(self, part: int) -> tuple[int, int]:
        """First member of a part, and the one after its last."""
        return -(-part * self.members // self.count), -(-(part + 1) * self.members // self.count)

    def of_places(self, places: Integers, strangers: Integers) -> Integers:
        """The part of each bill by its member's place; bills of nobody (−1) by their part of `strangers`."""
        return np.where(places >= 0, places * self.count // max(1, self.members), strangers)


def write_chunk(path: Path, rows: Rows, parts: Parts, index: MemberIndex) -> list[Refusal]:
    """Share out a chunk's rows into an Arrow file; refusals of those that have no usable id."""
    ids, numbers = Names(rows.column("setl_id")), Names(rows.column("psn_no"))
    unusable = unusable_ids(ids)
    places = index.places_of(numbers)
    strangers = np.zeros(len(rows), np.int64)
    if (places < 0).any():
        strangers = (keys_of(numbers) % np.uint64(parts.count)).astype(np.int64)
    part = parts.of_places(places, strangers)
    part[unusable] = parts.count
    order, starts = positions_by_part(part, parts.count + 1)
    table = rows.table.append_column(MEMBER, pa.array(places)).take(pa.array(order))
    table = table.combine_chunks()
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        for first, end in zip(starts[:-2].tolist(), starts[1:-1].tolist(), strict=True):
            writer.write_batch(_one_batch(table, first, end - first))
    return missing_ids(rows, ids, unusable)


def _one_batch(table: pa.Table, first: int, length: int) -> pa.RecordBatch:
    batches = table.slice(first, length).to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


@njit(cache=True, nogil=True)
def positions_by_part(part: Any, count: int) -> Any:
    """Positions sorted by part, those of one part in order; and where each part's begin, with the end."""
    starts = np.zeros(count + 1, np.int64)
    for row in range(len(part)):
        starts[part[row] + 1] += 1
    for place in range(count):
        starts[place + 1] += starts[place]
    following, order = starts[:-1].copy(), np.empty(len(part), np.int64)
    for row in range(len(part)):
        order[following[part[row]]] = row
        following[part[row]] += 1
    return order, starts


def read_part(
    chunks: Sequence[Path], part: int, dropped: Callable[[int, int], Integers | None]
) -> tuple[Rows, Integers]:
    """A part's bills, and the places of their members.

    `dropped(chunk, part)` are positions in that chunk's batch that are out already; None where all are in.
    """
    tables = []
    for place, batch in enumerate(_batches(chunks, part)):
        kept = np.ones(batch.num_rows, np.bool_)
        out = dropped(place, part)
        if out is not None:
            kept[out] = False
        tables.append(pa.Table.from_batches([batch if out is None else batch.filter(pa.array(kept))]))
    table = pa.concat_tables(tables)
    members = table.column(MEMBER).to_numpy()
    return Rows(table.drop_columns([MEMBER])), members


def _batches(chunks: Sequence[Path], part: int) -> Iterator[pa.RecordBatch]:
    for path in chunks:
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            yield reader.get_batch(part)
