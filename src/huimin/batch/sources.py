"""Files of facts as columns, whole or chunk by chunk: CSV, Excel, Parquet and directories of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyarrow import fs

from huimin.batch.rows import Rows, cell_text
from huimin.batch.side_by_side import side_by_side
from huimin.errors import InputError
from huimin.settlement.csv_files import csv_records
from huimin.settlement.normal import normal_code, normal_text
from huimin.settlement.reading import (
    FREE_TEXT,
    KNOWN_MEMBER_COLUMNS,
    KNOWN_SETTLEMENT_COLUMNS,
    MEMBER_COLUMNS,
    SETTLEMENT_COLUMNS,
)

__all__ = ["Source", "check_columns", "open_members", "open_settlements", "open_source", "usable_rows"]

CHUNK = 1 << 20
"""Rows of Parquet that are read at a time, unless a row group has more."""
_CSV_CHUNK = 1 << 17
_FEN = "_fen"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a directory that is read as one. `count` is about the number of its rows, exact for Parquet.

    `chunks` gives readers of consecutive rows that may run side by side, in other processes too. `stamp` changes when
    the files do.
    """

    path: Path | str
    schema: pa.Schema
    count: int
    stamp: tuple[tuple[str, int, int], ...]
    chunks: Callable[[], Iterator[Callable[[], Rows]]]

    @property
    def names(self) -> list[str]:
        return [name.removesuffix(_FEN) for name in self.schema.names]

    @property
    def is_parquet(self) -> bool:
        return isinstance(self.path, str) or _is_parquet(self.path)

    @property
    def empty(self) -> Rows:
        """No rows, of the kind that there are."""
        return Rows(_trimmed(self.schema.empty_table()))

    def read(self, threads: int = 1) -> Rows:
        """All rows."""
        return Rows.joined([*side_by_side(threads, self.chunks())] or [self.empty])


def open_source(path: Path | str, required: Sequence[str], known: Collection[str]) -> Source:
    """A source of the `known` columns. Raises InputError (`unusable_file`) where the file as a whole cannot be used.

    `path` may be an address of Parquet in another file system, such as hdfs://…, of those that Arrow knows.
    """
    if isinstance(path, str) and "://" in path:
        return _parquet(path, required, known)
    path = Path(path)
    kind = path.suffix.lower()
    if _is_parquet(path):
        return _parquet(path, required, known)
    if kind == ".xlsx":
        return _excel(path, required, known)
    if kind == ".csv":
        return _csv(path, required, known)
    message = f"{path}: found the file ending {path.suffix!r}; expected .csv, .xlsx, .parquet or a directory of Parquet"
    raise InputError(message, code="unusable_file")


def open_members(path: Path | str) -> Source:
    """The columns that may be said of a member. Raises InputError (`unusable_file`)."""
    return open_source(path, MEMBER_COLUMNS, KNOWN_MEMBER_COLUMNS)


def open_settlements(path: Path | str) -> Source:
    """The columns that may be said of a bill. Raises InputError (`unusable_file`)."""
    return open_source(path, SETTLEMENT_COLUMNS, KNOWN_SETTLEMENT_COLUMNS)


def usable_rows(name: str, table: pa.Table, required: Sequence[str]) -> Rows:
    """A table's rows; `name` is for messages. Raises InputError (`unusable_file`) where it cannot be used."""
    check_columns(name, table.schema, required)
    return Rows(_trimmed(table))


def _is_parquet(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".parquet"


def check_columns(name: str, schema: pa.Schema, required: Sequence[str]) -> None:
    """Raises InputError (`unusable_file`) where columns are missing, stand twice, or hold what nobody can read."""
    names = [column.removesuffix(_FEN) for column in schema.names]
    missing = [column for column in required if column not in names]
    if missing:
        raise InputError(f"{name}: the columns {', '.join(missing)} are missing", code="unusable_file")
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise InputError(f"{name}: the column {twice[0]} stands twice", code="unusable_file")
    for field in schema:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            message = f"{name}: the column {field.name} holds {field.type}; expected text, numbers or dates"
            raise InputError(message, code="unusable_file")


def _parquet(path: Path | str, required: Sequence[str], known: Collection[str]) -> Source:
    try:
        store, place = (None, path) if isinstance(path, Path) else fs.FileSystem.from_uri(path)
        files = ds.dataset(place, filesystem=store, format="parquet", partitioning="hive")
        fragments = list(files.get_fragments())
        schemas = [files.schema, *(fragment.physical_schema for fragment in fragments)]
        schema = pa.unify_schemas(schemas, promote_options="permissive")
        groups = [group for fragment in fragments for group in _groups(fragment)]
        stamp = () if store else tuple(_stamp(Path(fragment.path)) for fragment in fragments)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    check_columns(str(path), schema, required)
    columns = [name for name in schema.names if name.removesuffix(_FEN) in known]

    def chunks() -> Iterator[Callable[[], Rows]]:
        return (partial(_read_groups, path, fragment, first, schema, columns) for fragment, first, _ in groups)

    return Source(path, schema, sum(count for *_, count in groups), stamp, chunks)


def _read_groups(path: Path | str, fragment: Any, first: int, schema: pa.Schema, columns: list[str]) -> Rows:
    try:
        table = fragment.to_table(schema=schema, columns=columns, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    return Rows(_trimmed(table), partial(_row_of, Path(fragment.path).name, first))


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
    return InputError(f"{path}: cannot be read as Parquet: {str(error).splitlines()[0]}", code="unusable_file")


def _stamp(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path.resolve()), found.st_size, found.st_mtime_ns


def _csv(path: Path, required: Sequence[str], known: Collection[str]) -> Source:
    names, _ = csv_records(path, required)
    schema = pa.schema([(name, pa.string()) for name in names])
    check_columns(str(path), schema, required)

    def chunks() -> Iterator[Callable[[], Rows]]:
        _, records = csv_records(path, required)
        part = list(islice(records, _CSV_CHUNK))
        while True:  # one chunk at least, where a file has lines and none of them says anything
            lines, cells = [line for line, _ in part], [row for _, row in part]
            yield partial(Rows, _trimmed(_of_texts(names, cells, known)), partial(_line_of, lines))
            part = list(islice(records, _CSV_CHUNK))
            if not part:
                return

    with path.open("rb") as file:
        count = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return Source(path, schema, count, (_stamp(path),), chunks)


def _line_of(lines: Sequence[int], row: int) -> str:
    return f"line {lines[row]}"


def _of_texts(names: Sequence[str], cells: Sequence[Sequence[str]], known: Collection[str]) -> pa.Table:
    columns = list(zip(*cells, strict=True)) or [()] * len(names)
    kept = [n for n, name in enumerate(names) if name.removesuffix(_FEN) in known]
    return pa.table({names[n]: pa.array(columns[n], pa.string()) for n in kept})


def _excel(path: Path, required: Sequence[str], known: Collection[str]) -> Source:
    """The first sheet; its first row names the columns. Empty rows are left out."""
    import openpyxl  # noqa: PLC0415 - a tenth of a second that few jobs need

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", code="unusable_file") from error
    except Exception as error:
        raise InputError(f"{path}: cannot be read as an Excel file: {error}", code="unusable_file") from error
    try:
        sheet = chain(book.worksheets[0].iter_rows(values_only=True))
        names = [cell_text(value) for value in next(sheet, ())]
        places = [n for n, name in enumerate(names) if name]
        lines, cells = [], []
        for line, row in enumerate(sheet, 2):
            if any(value is not None for value in row):
                lines.append(line)
                cells.append([cell_text(row[n]) if n < len(row) else "" for n in places])
    finally:
        book.close()
    names = [names[n] for n in places]
    schema = pa.schema([(name, pa.string()) for name in names])
    check_columns(str(path), schema, required)
    table = _trimmed(_of_texts(names, cells, known))
    return Source(
        path, schema, len(table), (_stamp(path),), lambda: iter([partial(Rows, table, partial(_line_of, lines))])
    )


def _trimmed(table: pa.Table) -> pa.Table:
    """Texts in their normal form (settlement.normal), and without dictionaries."""
    for place, field in enumerate(table.schema):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        column = table.column(place)
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            kind, column = pa.string(), _normal(field.name, column.cast(pa.string()))
        table = table.set_column(place, field.name, column.cast(kind))
    return table


def _normal(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each text in its normal form. Plain ones, most of all, need only their blanks taken away, all at once."""
    trimmed = pc.utf8_trim_whitespace(column)
    plain = pc.string_is_ascii(trimmed)
    if pc.all(plain).as_py() is not False:  # None: no row has a text
        return trimmed
    encoded = trimmed.combine_chunks().dictionary_encode()
    form = normal_text if name in FREE_TEXT else normal_code
    texts = pa.array([form(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([texts.take(encoded.indices)])
