"""What Spark's workers do: they split a chunk's rows into blocks, one for each part, and decide a part's blocks
together.

Spark carries Arrow blocks and not rows, so that a row costs next to nothing. It runs few tasks of several parts each,
since starting a task takes as long as deciding a part.
"""

from __future__ import annotations

import pickle
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import fs

from huimin.batch.decide.result_rows import csv_text
from huimin.batch.decide.sums import Sums
from huimin.batch.job.memory import kept_memory
from huimin.batch.job.parts import Task, decide_part
from huimin.batch.job.sharing_out import in_order, places_by_part
from huimin.batch.parquet.decisions import write_parquet
from huimin.batch.table.fact_columns import Members, missing_ids, unusable_ids
from huimin.batch.table.gathering import scattered
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import Keys, MemberIndex, keys_of, repeated_keys, shares_of
from huimin.batch.table.rows import Flags, Integers, Rows
from huimin.errors import InputError, Refusal

__all__ = [
    "Blocks",
    "Ids",
    "Left",
    "Moved",
    "Noted",
    "Shared",
    "concerned",
    "crossing_keys",
    "decided",
    "notes",
    "shared_out",
    "table_of",
]

Moved: TypeAlias = tuple[int, bytes]
"""The number of a block, and the block."""
_BILLS, _MEMBERS = b"b", b"m"
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True)
class Shared:
    """How rows are shared out. A block's number says where it goes.

    A block of rows has the number of its part. The numbers after these are for blocks of ids, which are shared out by
    id, and the last one is for the notes of a chunk. Members' numbers and ids are compared as texts if they are not of
    one kind.
    """

    parts: int
    tasks: int
    id_tasks: int
    numbers_as_text: bool
    ids_as_text: bool

    @property
    def of_rows(self) -> range:
        """The tasks that get blocks of rows."""
        return range(self.tasks)

    @property
    def of_ids(self) -> range:
        return range(self.tasks, self.tasks + self.id_tasks)

    @property
    def of_notes(self) -> range:
        return range(self.tasks + self.id_tasks, self.tasks + self.id_tasks + 1)

    def task_of(self, number: int) -> int:
        """The task to which a block goes."""
        return number * self.tasks // self.parts if number < self.parts else number - self.parts + self.tasks

    def parts_of(self, task: int) -> range:
        return range(-(-task * self.parts // self.tasks), -(-(task + 1) * self.parts // self.tasks))

    @property
    def noted(self) -> int:
        """The number of a chunk's notes."""
        return self.parts + self.id_tasks


@dataclass(frozen=True, slots=True)
class Noted:
    """The notes of a chunk: its number of bills and what is refused already; or why it cannot be read."""

    rows: int = 0
    unusable: list[Refusal] = field(default_factory=list)
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """Keys of ids, and keys of the ids that some rows reverse, each with the part of its row."""

    keys: Keys
    parts: npt.NDArray[np.int32]
    reversed_keys: Keys
    reversing_parts: Integers


@dataclass(frozen=True, slots=True)
class Left:
    """What a part produces beside its decisions, sorted. The rows of undecided.csv are text compressed by zlib."""

    refused: pa.Table
    undecided: bytes
    sums: Sums


@dataclass(slots=True)
class Blocks:
    """A part's bills and members, collected from their blocks."""

    bills: list[pa.Table] = field(default_factory=list)
    members: list[pa.Table] = field(default_factory=list)

    def add(self, block: bytes) -> None:
        (self.bills if block[:1] == _BILLS else self.members).append(table_of(block[1:]))


def shared_out(read: Callable[[], Rows], shared: Shared, *, of_bills: bool) -> Iterator[Moved]:
    """The blocks of a chunk. Bills without a usable id are refused in the notes and are in no block."""
    with kept_memory():
        try:
            rows = read()
        except InputError as error:
            yield shared.noted, pickle.dumps(Noted(fault=str(error)))
            return
        part = shares_of(Names(rows.column("psn_no")), shared.parts, as_text=shared.numbers_as_text)
        if of_bills:
            ids = Names(rows.column("setl_id"))
            unusable = unusable_ids(ids)
            noted = Noted(len(rows), missing_ids(rows, ids, unusable))
            yield shared.noted, pickle.dumps(noted)
            if unusable.any():
                rows, part = rows.take(np.flatnonzero(~unusable)), part[~unusable]
            yield from _blocks_of_ids(rows, part, shared)
        yield from _blocks(rows.table, part, shared.parts, _BILLS if of_bills else _MEMBERS)


def _blocks(table: pa.Table, part: Integers, parts: int, kind: bytes) -> Iterator[Moved]:
    to, starts = places_by_part(part, parts)
    table = scattered(table, to)
    for number in range(parts):
        first, end = int(starts[number]), int(starts[number + 1])
        if first < end:
            sink = pa.BufferOutputStream()
            sink.write(kind)
            with pa.ipc.new_stream(sink, table.schema, options=_PACKED) as writer:
                writer.write_table(table.slice(first, end - first))
            yield number, sink.getvalue().to_pybytes()


def table_of(block: bytes) -> pa.Table:
    """The rows of a block, without its kind."""
    with pa.ipc.open_stream(pa.py_buffer(block)) as reader:
        return reader.read_all()


def _blocks_of_ids(rows: Rows, part: Integers, shared: Shared) -> Iterator[Moved]:
    """Blocks of ids. Equal ids go to the same task, whatever part their rows are in."""
    keys, reversing, reversed_keys = keys_and_reversed(rows, shared)
    share, reversed_share = _spread(keys, shared.id_tasks), _spread(reversed_keys, shared.id_tasks)
    to, starts = places_by_part(share, shared.id_tasks)
    mine, their_parts = np.empty_like(keys), np.empty(len(keys), np.int32)
    mine[to], their_parts[to] = keys, part
    for number in range(shared.id_tasks):
        first, end = int(starts[number]), int(starts[number + 1])
        which = reversed_share == number
        if first < end or which.any():
            ids = Ids(mine[first:end], their_parts[first:end], reversed_keys[which], part[reversing[which]])
            yield shared.parts + number, pickle.dumps(ids, protocol=5)


def _spread(keys: Keys, tasks: int) -> Integers:
    spread: Integers = ((keys * _SPREAD) >> np.uint64(33)).astype(np.int64) % tasks
    return spread


def keys_and_reversed(rows: Rows, shared: Shared) -> tuple[Keys, Integers, Keys]:
    """Keys of the ids, the rows that reverse another row, and the keys of the ids they reverse."""
    keys = keys_of(Names(rows.column("setl_id")), as_text=shared.ids_as_text)
    reverses = rows.column("reverses")
    if reverses is None or reverses.null_count == len(rows):
        return keys, np.empty(0, np.int64), np.empty(0, np.uint64)
    names = Names(reverses)
    reversing = np.flatnonzero(~names.empty)
    return keys, reversing, keys_of(names, as_text=shared.ids_as_text)[reversing]


def notes(moved: Iterable[Moved]) -> Iterator[Noted]:
    for _, block in moved:
        yield pickle.loads(block)  # noqa: S301 - written by `shared_out` a moment ago


def crossing_keys(moved: Iterable[Moved]) -> Iterator[tuple[Keys, bool]]:
    """The keys that rows of more than one part have or reverse, and whether some id occurs twice at all."""
    found: list[Ids] = [pickle.loads(block) for _, block in moved]  # noqa: S301 - as above
    if not found:
        return
    keys, parts = (np.concatenate([getattr(ids, name) for ids in found]) for name in ("keys", "parts"))
    repeated = repeated_keys(lambda: [keys], len(keys))
    near = np.isin(keys, repeated)
    also = [np.concatenate([getattr(ids, name) for ids in found]) for name in ("reversed_keys", "reversing_parts")]
    if len(also[0]):
        near |= np.isin(keys, also[0])
    suspects, of = np.unique(np.concatenate((keys[near], also[0])), return_inverse=True)
    least, most = np.full(len(suspects), np.iinfo(np.int64).max), np.full(len(suspects), -1)
    for reduce, into in ((np.minimum, least), (np.maximum, most)):
        reduce.at(into, of, np.concatenate((parts[near], also[1])))
    yield suspects[least < most], len(repeated) > 0


def concerned(moved: Iterable[Moved], keys: Keys, shared: Shared) -> Iterator[tuple[bytes, Keys]]:
    """The rows that have or reverse one of the keys, as an Arrow stream, and the keys of all their ids."""
    for table in (table_of(block[1:]) for _, block in moved if block[:1] == _BILLS):
        mine, reversing, reversed_keys = keys_and_reversed(Rows(table), shared)
        which = np.isin(mine, keys)
        which[reversing] |= np.isin(reversed_keys, keys)
        if which.any():
            _, block = next(_blocks(table.filter(pa.array(which)), np.zeros(int(which.sum()), np.int64), 1, b""))
            near = which[reversing]
            yield block, np.unique(np.concatenate((mine[which], reversed_keys[near])))


def decided(
    task: int,
    moved: Iterable[Moved],
    *,
    asked: Task,
    shared: Shared,
    schemas: tuple[pa.Schema, pa.Schema],
    dropped: Keys,
    standing: pa.Table | None,
    repeated: bool,
    out: str,
) -> Iterator[Left]:
    """Decide the parts of a task and write their decisions into the directory `out`. Gives the rest of their results.

    Rows with one of the keys `dropped` do not count, except those of `standing` that are in this part. A part that is
    decided again because its worker was lost has the same bytes and writes them to the same place.
    """
    with kept_memory():
        blocks = {number: Blocks() for number in shared.parts_of(task)}
        for number, block in moved:
            blocks[number].add(block)
        if standing is not None:
            part = shares_of(Names(Rows(standing).column("psn_no")), shared.parts, as_text=shared.numbers_as_text)
        for number in shared.parts_of(task):
            found = blocks.pop(number)
            if standing is not None:
                kept = [table.filter(pa.array(_kept(table, dropped, shared))) for table in found.bills]
                found.bills = [*kept, standing.filter(pa.array(part == number))]
            yield _decide_part(asked, found, schemas, repeated, f"{out}/part-{number:05}.parquet")


def _decide_part(asked: Task, blocks: Blocks, schemas: tuple[pa.Schema, pa.Schema], repeated: bool, path: str) -> Left:
    people, bills = (_joined(*given) for given in zip((blocks.members, blocks.bills), schemas, strict=True))
    members = Members(Rows(people))
    places = MemberIndex(members.psn_no).places_of(Names(Rows(bills).column("psn_no")))
    rows, member_of = in_order(bills, places, schemas[1])
    found = decide_part(asked, members, rows, member_of, repeated=repeated)
    _write_whole(path, found.decisions)
    return Left(found.refused, zlib.compress(csv_text(found.undecided).encode()), found.sums)


def _kept(table: pa.Table, dropped: Keys, shared: Shared) -> Flags:
    keys, *_ = keys_and_reversed(Rows(table), shared)
    return ~np.isin(keys, dropped)


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    joined = pa.concat_tables(tables or [schema.empty_table()], promote_options="permissive")
    return joined.combine_chunks().cast(schema)


def _write_whole(path: str, table: pa.Table) -> None:
    """Write under another name first and then rename, so that two attempts at one part do not mix."""
    files, target = fs.FileSystem.from_uri(path) if "://" in path else (fs.LocalFileSystem(), path)
    home, _, name = target.rpartition("/")
    beside = f"{home}/_{uuid.uuid4().hex}-{name}"
    write_parquet(beside, table, files)
    files.move(beside, target)
