"""Reads a sheet of an Excel file as texts. Every cell that is not empty is read or reported.

The size that a file states is ignored, since some programs write it wrongly. A formula whose value was never computed,
and a number of which Excel keeps only fifteen digits, are faults.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huimin.batch.table.cell_texts import cell_text
from huimin.errors import InputError
from huimin.settlement.ids import SPREADSHEET_ERRORS
from huimin.settlement.layout import unusable_file

__all__ = ["Sheet", "Sheets", "read_sheet", "sheets_of", "stream_sheet"]

_DIGITS = 10**15
"""A cell holds a number as a float, which loses the last digits of longer whole numbers."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_BLOCK, _OVERLAP = 1 << 20, 64
_MOST_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class Sheets:
    """Which sheet of a file was read, and which others there are; hidden ones are marked."""

    read: str
    not_read: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that are not empty, each with its number in the sheet, and what is wrong with single cells.

    `faults` are by place: (row, column from 0, what is wrong).
    """

    rows: list[tuple[int, list[str]]]
    faults: list[tuple[int, int, str]]
    sheets: Sheets

    def refuse_faults(self, path: Path, matters: Callable[[int, int], bool]) -> None:
        """Raise InputError (`unusable_file`) with the faults of all cells for which `matters(row, column)` is true."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as in read_sheet

        said = [f"{get_column_letter(n + 1)}{row}: {fault}" for row, n, fault in self.faults if matters(row, n)]
        if said:
            raise unusable_file(path, [f"sheet {self.sheets.read!r}, cell {one}" for one in said])


def read_sheet(path: Path) -> Sheet:
    """The first sheet that is not hidden. Raises InputError (`unusable_file`)."""
    with _opened(path) as book:
        sheets, sheet = _chosen(path, book.worksheets)
        rows = [*_rows(path, sheet)]
        faults = [(row, n, _ERROR) for row, cells in rows for n, cell in enumerate(cells) if cell in SPREADSHEET_ERRORS]
        faults += _formulas_without_value(path, sheet._worksheet_path)
    return Sheet(rows, sorted(faults), sheets)


def stream_sheet(path: Path) -> tuple[Sheets, int, Callable[[], Iterator[tuple[int, list[str]]]]]:
    """The first sheet that is not hidden, for one row after the other: which it is, how many rows it says that it has
    (0: unknown), and what reads them. A cell with an error of a formula is given as its text.

    Raises InputError (`unusable_file`), for a formula whose value was never computed too.
    """
    with _opened(path) as book:
        sheets, sheet = _chosen(path, book.worksheets)
        count, faults = sheet.max_row or 0, _formulas_without_value(path, sheet._worksheet_path)
    if faults:
        raise unusable_file(path, [f"sheet {sheets.read!r}, row {row}: {fault}" for row, _n, fault in faults])

    def rows() -> Iterator[tuple[int, list[str]]]:
        with _opened(path) as book:
            yield from _rows(path, _chosen(path, book.worksheets)[1])

    return sheets, count, rows


def sheets_of(path: Path) -> Sheets:
    """Which sheet of a file is read, and which others there are. Raises InputError (`unusable_file`)."""
    with _opened(path) as book:
        return _chosen(path, book.worksheets)[0]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook. Whatever error openpyxl raises for archives, XML or days becomes an InputError."""
    import openpyxl  # noqa: PLC0415 - a tenth of a second that few jobs need

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except InputError:
        raise
    except OSError as error:
        raise unusable_file(path, [error.strerror or str(error)]) from error
    except Exception as error:
        raise unusable_file(path, [f"cannot be read as an Excel file: {error}"]) from error


_ERROR = "an error of a formula; expected a value"
_NO_VALUE = "a formula without a stored value; open the file in Excel and save it"


def _chosen(path: Path, worksheets: Sequence[Any]) -> tuple[Sheets, Any]:
    if not worksheets:
        raise unusable_file(path, ["found no sheet with cells"])
    visible = [n for n, sheet in enumerate(worksheets) if sheet.sheet_state == "visible"]
    place = (visible or [0])[0]
    others = [
        sheet.title + ("" if sheet.sheet_state == "visible" else " (hidden)")
        for n, sheet in enumerate(worksheets)
        if n != place
    ]
    return Sheets(worksheets[place].title, others), worksheets[place]


def _rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers, up to their last cell."""
    sheet.reset_dimensions()
    for row, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if row > _MOST_ROWS:
            raise unusable_file(path, [f"sheet {sheet.title!r} has a row {row}; a sheet has at most {_MOST_ROWS}"])
        cells = [_text(value) for value in values]
        if any(cells):
            yield row, cells


def _text(value: Any) -> str:
    """A cell as text. A whole number that a float may have rounded is written in scientific form, which no id may
    have.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _DIGITS:
        return f"{float(value):.15g}"
    return cell_text(value)


def _formulas_without_value(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """Faults for the cells of a sheet (named as in the archive) that have a formula but no stored value."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string  # noqa: PLC0415
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415

    found = []
    with zipfile.ZipFile(path) as archive:
        if not _has_formulas(archive, sheet):
            return []
        with archive.open(sheet) as file:
            row, column = 0, 0
            for event, element in iterparse(file, events=("start", "end")):
                name = element.tag.rpartition("}")[2]
                if event == "start" and name == "row":
                    row, column = int(element.get("r") or row + 1), 0
                elif event == "start" and name == "c":
                    place = element.get("r")
                    column = column_index_from_string(coordinate_from_string(place)[0]) if place else column + 1
                elif event == "end" and name == "c":
                    if _lacks_value(element):
                        found.append((row, column - 1, _NO_VALUE))
                    element.clear()
    return found


def _lacks_value(cell: Any) -> bool:
    """Whether a cell has a formula but no stored value. An empty value is possible only for a text (t="str")."""
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    if "f" not in parts or "is" in parts:
        return False
    return "v" not in parts or (not parts["v"].text and cell.get("t") != "str")


def _has_formulas(archive: zipfile.ZipFile, sheet: str) -> bool:
    """Whether the sheet has a formula anywhere. Searching for one is far quicker than reading all cells again."""
    with archive.open(sheet) as file:
        tail = b""
        while block := file.read(_BLOCK):
            if _FORMULA.search(tail + block):
                return True
            tail = block[-_OVERLAP:]
    return False
