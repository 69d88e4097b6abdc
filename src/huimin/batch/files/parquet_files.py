"""Parquet, a file or a directory of files that is one table, read a few row groups at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyarrow import fs

from huimin.batch.files.text_tables import stamp_of
from huimin.batch.table.column_kinds import plain_columns, type_faults
from huimin.batch.table.rows import Rows
from huimin.errors import InputError
from huimin.settlement.layout import Layout, unusable_file

__all__ = ["CHUNK", "ParquetFiles"]

CHUNK = 1 << 20
"""How many rows are read at a time, unless a row group has more."""
_SPARK = b"org.apache.spark.version"


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """`heads` names the columns to read as the files do, `names` as the job does."""

    path: Path | str
    schema: pa.Schema
    heads: list[str]
    names: list[str]
    groups: list[tuple[Any, int, int, frozenset[str]]]
    stamp: tuple[tuple[str, int, int], ...]
    ignored: tuple[str, ...]
    layout: Layout

    @classmethod
    def opened(cls, path: Path | str, layout: Layout) -> ParquetFiles:
        """Raises InputError (`unusable_file`)."""
        try:
            store, place = (None, path) if isinstance(path, Path) else fs.FileSystem.from_uri(path)
            files = ds.dataset(place, filesystem=store, format=_format(), partitioning="hive")
            fragments = list(files.get_fragments())
            schemas = [files.schema, *(fragment.physical_schema for fragment in fragments)]
            schema = pa.unify_schemas(schemas, promote_options="permissive")
            moments = [_moments_of_96_bits(fragment, layout) for fragment in fragments]
            groups = [
                (*group, found) for one, (found, _) in zip(fragments, moments, strict=True) for group in _groups(one)
            ]
            stamp = () if store else tuple(stamp_of(Path(fragment.path)) for fragment in fragments)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(path, error) from error
        names = layout.columns(path, schema.names)
        faults = [*type_faults(schema, names, layout), *sorted({fault for _, some in moments for fault in some})]
        if faults:
            raise unusable_file(path, faults)
        kept = [(head, name) for head, name in zip(schema.names, names, strict=True) if name is not None]
        ignored = tuple(head for head, name in zip(schema.names, names, strict=True) if name is None)
        return cls(path, schema, [one for one, _ in kept], [one for _, one in kept], groups, stamp, ignored, layout)

    @property
    def count(self) -> int:
        return sum(count for _, _, count, _ in self.groups)

    def empty(self) -> pa.Table:
        """No rows, with the columns as they are read."""
        return plain_columns(self.schema.empty_table().select(self.heads), self.names, self.layout)

    def chunks(self) -> Iterator[Callable[[], Rows]]:
        """Readers of consecutive rows."""
        return (partial(self._read, fragment, first, utc) for fragment, first, _, utc in self.groups)

    def _read(self, fragment: Any, first: int, utc: frozenset[str]) -> Rows:
        try:
            table = fragment.to_table(schema=self.schema, columns=self.heads, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(self.path, error) from error
        for head in utc:
            place = table.column_names.index(head)
            table = table.set_column(place, head, pc.assume_timezone(table.column(place), "UTC"))
        rows = plain_columns(table, self.names, self.layout)
        return Rows(rows, partial(_row_of, Path(fragment.path).name, first))


def _format() -> Any:
    """Reads UUIDs as UUIDs, and 96-bit moments in a unit that can hold every day of years of four digits."""
    scanned = ds.ParquetFragmentScanOptions(arrow_extensions_enabled=True)
    return ds.ParquetFileFormat(default_fragment_scan_options=scanned, coerce_int96_timestamp_unit="us")


def _moments_of_96_bits(fragment: Any, layout: Layout) -> tuple[frozenset[str], list[str]]:
    """Columns of INT96, whose type does not name a time zone: Spark's are in UTC, of other writers' it is not known."""
    found = fragment.metadata
    heads = [
        found.schema.column(n).name
        for n in range(found.num_columns)
        if found.schema.column(n).physical_type == "INT96" and layout.written(found.schema.column(n).name)
    ]
    if _SPARK in (found.metadata or {}):
        return frozenset(heads), []
    expected = "expected TIMESTAMP, which says whether it is local time"
    return frozenset(), [f"the column {head} holds INT96 of an unknown zone; {expected}" for head in heads]


def _row_of(name: str, first: int, row: int) -> str:
    return f"row {first + row + 1} of {name}"


def _groups(fragment: Any) -> Iterator[tuple[Any, int, int]]:
    """Parts of a file with about CHUNK rows or one row group: (part, its first row, its rows)."""
    first, count = 0, 0
    ids: list[int] = []
    for group in fragment.row_groups:
        if ids and count + group.num_rows > CHUNK:
            yield fragment.subset(row_group_ids=ids), first, count
            first, count, ids = first + count, 0, []
        ids.append(group.id)
        count += group.num_rows
    if ids:
        yield fragment.subset(row_group_ids=ids), first, count


def _unreadable(path: Path | str, error: Exception) -> InputError:
    return unusable_file(path, [f"cannot be read as Parquet: {str(error).splitlines()[0]}"])
