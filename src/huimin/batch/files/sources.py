"""Files of facts as columns, whole or chunk by chunk: CSV, Excel, Parquet and directories of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from huimin.batch.files.excel import Sheets
from huimin.batch.files.parquet_files import ParquetFiles
from huimin.batch.files.text_tables import TEXT_FILES, TextTable, open_text_table, stamp_of
from huimin.batch.side_by_side import side_by_side
from huimin.batch.table.column_kinds import plain_columns, text_column, type_faults
from huimin.batch.table.rows import Rows
from huimin.settlement.cells import original
from huimin.settlement.layout import Layout, unusable_file
from huimin.settlement.reading import MEMBERS, SETTLEMENTS

__all__ = ["Source", "open_members", "open_settlements", "open_source", "usable_rows"]

_TEXT_CHUNK = 1 << 17


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a directory that is read as one. `count` is about the number of its rows, exact for Parquet.

    `chunks` gives readers of consecutive rows that may run side by side, in other processes too. `stamp` changes when
    the files do. `empty` has no rows and the same columns. `ignored` names the columns that are not used.
    """

    path: Path | str
    empty: Rows
    count: int
    stamp: tuple[tuple[str, int, int], ...]
    chunks: Callable[[], Iterator[Callable[[], Rows]]]
    ignored: tuple[str, ...] = ()
    sheets: Sheets | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns as they are read."""
        return self.empty.table.schema

    @property
    def is_parquet(self) -> bool:
        return isinstance(self.path, str) or _is_parquet(self.path)

    def read(self, threads: int = 1) -> Rows:
        """All rows."""
        return Rows.joined([*side_by_side(threads, self.chunks())] or [self.empty])


def open_source(path: Path | str, layout: Layout) -> Source:
    """A source of the layout's columns. Raises InputError (`unusable_file`) where the file as a whole cannot be used.

    `path` may be an address of Parquet in another file system, such as hdfs://…, of those that Arrow knows.
    """
    if isinstance(path, str) and "://" in path:
        return _parquet(path, layout)
    path = Path(path)
    kind = path.suffix.lower()
    if _is_parquet(path):
        return _parquet(path, layout)
    if kind in TEXT_FILES:
        return _texts(path, layout)
    expected = "expected .csv, .xlsx, .parquet or a directory of Parquet"
    raise unusable_file(path, [f"found the file ending {path.suffix!r}; {expected}{_ADVICE.get(kind, '')}"])


_ADVICE = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".et", ".ods"), ". Save it as .xlsx"),
    **dict.fromkeys((".txt", ".tsv"), ". Separators may be commas, semicolons or tabs: name the file .csv"),
}


def open_members(path: Path | str) -> Source:
    """A source of members. Raises InputError (`unusable_file`)."""
    return open_source(path, MEMBERS)


def open_settlements(path: Path | str) -> Source:
    """A source of bills. Raises InputError (`unusable_file`)."""
    return open_source(path, SETTLEMENTS)


def usable_rows(name: str, table: pa.Table, layout: Layout) -> Rows:
    """A table's rows; `name` is for messages. Raises InputError (`unusable_file`) where it cannot be used."""
    names = layout.columns(name, table.column_names)
    faults = type_faults(table.schema, names, layout)
    if faults:
        raise unusable_file(name, faults)
    return Rows(plain_columns(table, names, layout))


def _is_parquet(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".parquet"


def _parquet(path: Path | str, layout: Layout) -> Source:
    files = ParquetFiles.opened(path, layout)
    return Source(path, Rows(files.empty()), files.count, files.stamp, files.chunks, files.ignored)


def _texts(path: Path, layout: Layout) -> Source:
    table = open_text_table(path, layout)
    empty = Rows(_of_texts(table.columns, [], layout))
    chunks = partial(_text_chunks, table, layout)
    return Source(path, empty, table.count, (stamp_of(path),), chunks, table.ignored, table.sheets)


def _text_chunks(table: TextTable, layout: Layout) -> Iterator[Callable[[], Rows]]:
    records = iter(table.records())
    part = list(islice(records, _TEXT_CHUNK))
    while True:  # at least one chunk, also if all lines of a file are empty
        lines, cells = [line for line, _ in part], [row for _, row in part]
        yield partial(Rows, _of_texts(table.columns, cells, layout), partial(_line_of, table.unit, lines))
        part = list(islice(records, _TEXT_CHUNK))
        if not part:
            return


def _line_of(unit: str, lines: Sequence[int], row: int) -> str:
    return f"{unit} {lines[row]}"


def _of_texts(names: Sequence[str | None], cells: Sequence[Sequence[str]], layout: Layout) -> pa.Table:
    columns = list(zip(*cells, strict=True)) or [()] * len(names)
    kept = {name: pa.chunked_array([pa.array(columns[n], pa.string())]) for n, name in enumerate(names) if name}
    return pa.table({name: text_column(name, _original(column)) for name, column in kept.items()})


def _original(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Restore texts that `settlement.cells.neutral` has made harmless."""
    if pc.any(pc.starts_with(column, "'")).as_py() is not True:
        return column
    return pa.chunked_array([pa.array([original(text) for text in column.to_pylist()], pa.string())])
