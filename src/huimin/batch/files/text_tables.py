"""CSV and Excel files as rows of texts under the columns of a layout, read with the standard library and openpyxl."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.extras import require
from huimin.settlement.csv_files import heads_below, open_csv_table
from huimin.settlement.layout import Layout, unusable_file

if TYPE_CHECKING:
    from huimin.batch.files.excel import Sheets

__all__ = ["TEXT_FILES", "TextTable", "open_text_table", "stamp_of", "stream_text_table"]

TEXT_FILES = (".csv", ".xlsx")
_LOOKED_AT = 20
"""In how many rows of a sheet the names of columns are looked for."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """`columns` name each cell of a record, None for one that is ignored.

    `records()` gives the number of each line or row (`unit` says which) with its cells, as many as there are columns.
    `count` is about how many there are. `ignored` names the columns that are not used.
    """

    columns: tuple[str | None, ...]
    records: Callable[[], Iterable[tuple[int, list[str]]]]
    count: int
    unit: str
    ignored: tuple[str, ...]
    sheets: Sheets | None = None


def open_text_table(path: Path, layout: Layout) -> TextTable:
    """A file whose ending is one of TEXT_FILES. Raises InputError (`unusable_file`)."""
    if path.suffix.lower() == ".xlsx":
        return _excel(path, layout)
    table = open_csv_table(path, layout)
    return TextTable(table.columns, table.records, table.file.lines, "line", table.ignored)


def stream_text_table(path: Path, layout: Layout) -> TextTable:
    """The same for lists that may be long: an Excel file is read row by row too, each time that records are asked for.

    `count` is 0 where a sheet does not say how many rows it has. Raises InputError (`unusable_file`).
    """
    if path.suffix.lower() != ".xlsx":
        return open_text_table(path, layout)
    require("batch", "an Excel file")
    from huimin.batch.files.excel import stream_sheet  # noqa: PLC0415 - as in _excel

    sheets, count, rows = stream_sheet(path)
    first, heads = next(iter(rows()), (1, []))
    names = layout.columns(path, heads)
    width = len(names)

    def records() -> Iterable[tuple[int, list[str]]]:
        return ((row, cells[:width] + [""] * (width - len(cells))) for row, cells in rows() if row > first)

    ignored = tuple(head for head, name in zip(heads, names, strict=True) if head and name is None)
    return TextTable(tuple(names), records, count, "row", ignored, sheets)


def stamp_of(path: Path) -> tuple[str, int, int]:
    """Changes when the file does: its path, its size and the time of its last change."""
    found = path.stat()
    return str(path.resolve()), found.st_size, found.st_mtime_ns


def _excel(path: Path, layout: Layout) -> TextTable:
    """The first sheet that is not hidden; its first row names the columns. Empty rows are left out."""
    require("batch", "an Excel file")
    from huimin.batch.files.excel import read_sheet  # noqa: PLC0415 - archives and their codecs, which few jobs need

    sheet = read_sheet(path)
    rows = sheet.rows or [(1, [])]
    first, heads = rows[0]
    below = next((row for row, cells in rows[1:_LOOKED_AT] if layout.names_all(cells)), None)
    if below is not None and not layout.names_all(heads):
        raise unusable_file(path, [f"sheet {sheet.sheets.read!r}: {heads_below('row', below, rows[0])}"])
    names = layout.columns(path, heads)
    width = len(names)
    sheet.refuse_faults(path, lambda row, n: row > first and n < width and names[n] is not None)
    used = {n for _, cells in rows[1:] for n, cell in enumerate(cells) if cell and not (heads[n : n + 1] or [""])[0]}
    ignored = [head for head, name in zip(heads, names, strict=True) if head and name is None]
    ignored += [f"column {place + 1}, which has no name" for place in sorted(used)]
    records = [(row, cells[:width] + [""] * (width - len(cells))) for row, cells in rows[1:]]
    return TextTable(tuple(names), lambda: records, len(records), "row", tuple(ignored), sheet.sheets)
