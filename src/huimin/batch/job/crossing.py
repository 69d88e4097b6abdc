"""Ids that concern more than one part: repeats and reversals whose rows are not in the same part.

Rows that share an id, or reverse one another, are a group. A group inside one part is resolved there; one that crosses
parts, as when an id was given to bills of two members, is resolved here, before parts are decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.decide.standing import resolve_places
from huimin.batch.job.sharing_out import Chunks
from huimin.batch.side_by_side import side_by_side
from huimin.batch.table.identifiers import Names
from huimin.batch.table.keys import Keys, joined_range, keys_of, repeated_keys
from huimin.batch.table.rows import Integers, Rows
from huimin.errors import Refusal
from huimin.settlement import Settlement
from huimin.settlement.reading import settlement_from_row

__all__ = ["Crossing", "resolve_crossing"]


@dataclass(slots=True)
class Crossing:
    """The outcome for groups that cross parts: `out` has the positions of rows that no longer count, by (chunk, part).

    `repeated` says whether any id occurs twice at all, in one part or in several.
    """

    refused: list[Refusal] = field(default_factory=list)
    cancelled: int = 0
    out: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    repeated: bool = False

    def dropped(self, chunk: int, part: int) -> Integers | None:
        found = self.out.get((chunk, part))
        return None if found is None else np.array(found, np.int64)

    def to_json(self) -> dict[str, Any]:
        return {
            "refused": [asdict(refusal) for refusal in self.refused],
            "cancelled": self.cancelled,
            "out": [[*place, positions] for place, positions in self.out.items()],
            "repeated": self.repeated,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Crossing:
        refused = [Refusal(**one) for one in found["refused"]]
        out = {(chunk, part): positions for chunk, part, positions in found["out"]}
        return cls(refused, found["cancelled"], out, found["repeated"])


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk's rows as keys of their ids, keys of the ids that some of them reverse, and the parts they are in."""

    keys: Keys
    reversing: Integers
    reversed_keys: Keys
    starts: Integers


def resolve_crossing(files: Chunks, ids: Sequence[tuple[int, int] | None], threads: int) -> Crossing:
    """`ids` has for each chunk the least and the largest key of its ids, if these are numbers."""
    chunks = files.paths
    as_text = _as_text(chunks)
    reversed_in: dict[int, Keys] = {}
    known = [one for one in ids if one is not None]
    within = joined_range(known) if len(known) == len(ids) and not as_text else None

    def keys() -> Iterator[Keys]:
        for place, chunk in enumerate(side_by_side(threads, (partial(_read, path, as_text) for path in chunks))):
            reversed_in[place] = chunk.reversed_keys  # chunks may be read again, with the same result
            yield chunk.keys

    repeated = repeated_keys(keys, files.rows, within)
    reversed_keys = np.unique(np.concatenate([*reversed_in.values()]))
    if not len(repeated) and not len(reversed_keys):
        return Crossing()
    concerned = np.union1d(repeated, reversed_keys)
    rows = [_concerned(place, _read(path, as_text), concerned) for place, path in enumerate(chunks)]
    chunk, position, part, key, other = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    crossing = _crosses(key, other, part)
    found = _resolve(files, chunk[crossing], position[crossing])
    found.repeated = len(repeated) > 0
    return found


def _as_text(chunks: Sequence[Sequence[Path]]) -> bool:
    """Whether ids must be compared as text, because they are numbers in one place and texts in another."""
    with pa.OSFile(str(chunks[0][0])) as file, pa.ipc.open_file(file) as reader:
        schema = reader.schema
    if "reverses" not in schema.names:
        return False
    numbers = [bool(pa.types.is_integer(schema.field(name).type)) for name in ("setl_id", "reverses")]
    return numbers[0] != numbers[1]


def _read(paths: Sequence[Path], as_text: bool) -> _Chunk:
    tables = [_ids(path) for path in paths]
    starts = np.cumsum([0, *(len(batch) for table in tables for batch in table.column("setl_id").chunks)])
    table = pa.concat_tables(tables).combine_chunks()
    rows = Rows(table)
    reversing, keys = np.empty(0, np.int64), np.empty(0, np.uint64)
    if "reverses" in table.column_names and table.column("reverses").null_count < len(rows):
        names = Names(rows.column("reverses"))
        reversing = np.flatnonzero(~names.empty)
        keys = keys_of(names, as_text=as_text)[reversing]
    return _Chunk(keys_of(Names(rows.column("setl_id")), as_text=as_text), reversing, keys, starts)


def _ids(path: Path) -> pa.Table:
    """A file's ids, and the ids that its rows reverse, with one chunk for each part."""
    with pa.memory_map(str(path)) as file:
        names = pa.ipc.open_file(file).schema.names
        wanted = [names.index(name) for name in ("setl_id", "reverses") if name in names]
        options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        return pa.ipc.open_file(file, options=options).read_all()


def _concerned(place: int, chunk: _Chunk, concerned: Keys) -> tuple[Any, ...]:
    """Chunk, position, part, key and reversed key of the rows that are in some group. A row that reverses none has its
    own key in place of the reversed key.
    """
    which = np.isin(chunk.keys, concerned)
    which[chunk.reversing] = True
    position = np.flatnonzero(which)
    other = chunk.keys.copy()
    other[chunk.reversing] = chunk.reversed_keys
    part = np.searchsorted(chunk.starts, position, "right") - 1
    return np.full(len(position), place), position, part, chunk.keys[position], other[position]


def _crosses(key: Keys, other: Keys, part: Integers) -> Integers:
    """The rows whose groups have rows in more than one part."""
    names, codes = np.unique(np.concatenate((key, other)), return_inverse=True)
    mine, theirs = codes[: len(key)], codes[len(key) :]
    group = _groups(mine, theirs, len(names))[mine]
    least, most = np.full(len(names), np.iinfo(np.int64).max), np.full(len(names), -1, np.int64)
    np.minimum.at(least, group, part)
    np.maximum.at(most, group, part)
    return np.flatnonzero(least[group] < most[group])


@njit(cache=True)
def _groups(mine: Any, theirs: Any, count: int) -> Any:
    """The group of each name. Each row puts its two names into one group."""
    parent = np.arange(count)
    for row in range(len(mine)):
        left, right = mine[row], theirs[row]
        while parent[left] != left:
            parent[left] = parent[parent[left]]
            left = parent[left]
        while parent[right] != right:
            parent[right] = parent[parent[right]]
            right = parent[right]
        parent[left] = right
    for name in range(count):
        root = name
        while parent[root] != root:
            root = parent[root]
        parent[name] = root
    return parent


def _resolve(files: Chunks, chunk: Integers, position: Integers) -> Crossing:
    """Resolve the rows at these positions of their chunks. All of them are taken out except those that still count."""
    found = list(_facts(files, chunk, position))
    resolution, standing = resolve_places(found)
    out: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, part, at in {place for place, _ in found} - {*standing}:
        out[place, part].append(at)
    return Crossing(list(resolution.refused), len(resolution.cancelled), dict(out))


def _facts(files: Chunks, chunk: Integers, position: Integers) -> Iterator[tuple[tuple[int, int, int], Settlement]]:
    """Each row with its chunk, its part and its position in that part's batch."""
    for place in np.unique(chunk).tolist():
        starts = np.cumsum([0, *files.sizes(place)])
        wanted = position[chunk == place]
        parts = np.searchsorted(starts, wanted, "right") - 1
        for part in np.unique(parts).tolist():
            inside = wanted[parts == part] - starts[part]
            rows = files.rows_at(place, part, inside)
            for at, text in zip(inside.tolist(), rows.as_text(np.arange(len(rows))), strict=True):
                yield (place, part, at), settlement_from_row(text)
