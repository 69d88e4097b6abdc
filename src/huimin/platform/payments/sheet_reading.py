"""Sheets that somebody outside answered, read back: what all of them have in common. Every fault is told at once."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from huimin.money import format_yuan
from huimin.platform.payments.file_faults import FileFault, FileFaults
from huimin.platform.payments.sheet_writing import HEADER_ROW

__all__ = ["AnsweredList", "SheetReading", "opened_sheet", "plain"]

L = TypeVar("L")

_MOST_BYTES, _MOST_UNPACKED = 20_000_000, 300_000_000


def plain(value: object) -> str:
    """A cell as a text: full-width signs as ordinary ones, without blanks at its ends; a whole number without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


@dataclass(frozen=True, slots=True)
class AnsweredList:
    """What a sheet was written of: the head's names and values, the words of its columns and of its sum, and fen."""

    head: Sequence[str]
    values: Sequence[str]
    columns: Sequence[str]
    total: str
    amount: int


@dataclass(slots=True)
class SheetReading:
    """A sheet while it is read, and its faults so far. `names`: its columns from A on, by our own names."""

    sheet: Worksheet
    names: tuple[str, ...]
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, kind: str, row: int, name: str = "", found: object = "", expected: object = "") -> None:
        place = f"{chr(ord('A') + self.names.index(name))}{row}" if name else f"{row}"
        self.faults.append(FileFault(kind, place, _shown(found), str(expected)))

    def value(self, row: int, name: str) -> Any:
        return self.sheet.cell(row, self.names.index(name) + 1).value

    def text(self, row: int, name: str) -> str:
        return plain(self.value(row, name))

    def empty(self, row: int) -> bool:
        return all(self.value(row, name) is None for name in self.names)

    def read_list(
        self,
        answered: AnsweredList,
        key: str,
        lines: Mapping[str, L],
        read_line: Callable[[int, L], None],
        missing: Callable[[L], tuple[str, str]],
    ) -> None:
        """The whole sheet: form, head, columns, a row for each line, the sum. Raises FileFaults with every fault.

        `lines`: by what stands in the column `key`. `read_line` reads the rest of a line's row; `missing` says of one
        that has none what is found and what was expected.
        """
        self.read_form()
        self.read_head(answered.head, answered.values)
        self.read_columns(HEADER_ROW, answered.columns)
        self.refuse_shifted()
        seen: dict[str, int] = {}
        self.read_total(self._read_rows(answered.total, key, lines, read_line, seen), answered.amount)
        self.faults += [
            FileFault("line_missing", "", *missing(line)) for name, line in lines.items() if name not in seen
        ]
        if self.faults:
            raise FileFaults(self.faults)

    def _read_rows(
        self,
        total: str,
        key: str,
        lines: Mapping[str, L],
        read_line: Callable[[int, L], None],
        seen: dict[str, int],
    ) -> int:
        """Read the rows of lines. Gives the number of the sum's row; 0 where there is none."""
        for row in range(HEADER_ROW + 1, self.sheet.max_row + 1):
            name = self.text(row, key)
            if self.text(row, self.names[0]) == total:
                return row
            if self.empty(row):
                self.fault("empty_row", row)
            elif name not in lines:
                self.fault("unknown_line", row, key, self.value(row, key))
            elif name in seen:
                self.fault("line_twice", row, key, name, seen[name])
            else:
                seen[name] = row
                read_line(row, lines[name])
        return 0

    def read_values(self, row: int, values: Mapping[str, object]) -> None:
        """These cells say what they said when the sheet was written."""
        for name, expected in values.items():
            if self.text(row, name) != plain(expected):
                self.fault("value_changed", row, name, self.value(row, name), expected)

    def read_head(self, names: Sequence[str], expected: Sequence[str]) -> None:
        """From row 2 on: the names in column A, the values beside them in B, which say which list it is."""
        for row, (name, value) in enumerate(zip(names, expected, strict=True), start=2):
            said, beside = (self.sheet.cell(row, column).value for column in (1, 2))
            if plain(said) != name:
                self.fault("head_changed", row, self.names[0], said, name)
            elif plain(beside) != value:
                self.fault("other_list", row, self.names[1], beside, value)

    def read_columns(self, row: int, words: Sequence[str]) -> None:
        for name, expected in zip(self.names, words, strict=True):
            if self.text(row, name) != plain(expected):
                self.fault("column_changed", row, name, self.value(row, name), expected)

    def refuse_shifted(self) -> None:
        """Raise the faults so far where every cell would stand in the wrong place, and be a fault of its own."""
        if any(one.kind in ("head_changed", "column_changed") for one in self.faults):
            raise FileFaults(self.faults)

    def read_amount(self, row: int, expected: int, changed: str = "amount_changed") -> None:
        """The cell of the column `amount` holds so many fen, in yuan. `changed`: the fault where it holds others."""
        value = self.value(row, "amount")
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            if not self._is_formula(row):
                self.fault("amount_not_a_number", row, "amount", value, format_yuan(expected))
            return
        fen = Decimal(str(value)) * 100
        if fen != fen.to_integral_value():
            self.fault("amount_below_fen", row, "amount", value, format_yuan(expected))
        elif fen != expected:
            self.fault(changed, row, "amount", value, format_yuan(expected))

    def _is_formula(self, row: int) -> bool:
        """It has been named as one already."""
        return self.sheet.cell(row, self.names.index("amount") + 1).data_type in ("f", "e")

    def read_total(self, row: int, expected: int) -> None:
        """The row of the sum, 0 where there is none; nothing stands below it."""
        if not row:
            self.faults.append(FileFault("total_missing", expected=format_yuan(expected)))
            return
        self.read_amount(row, expected, "total_changed")
        for after in range(row + 1, self.sheet.max_row + 1):
            if not self.empty(after):
                self.fault("after_the_total", after)

    def read_form(self) -> None:
        """What no cell may be: merged, a formula, an error, hidden, or beside the table."""
        self.faults += [*_of_form(self.sheet, len(self.names))]


def opened_sheet(content: bytes) -> Worksheet:
    """The only sheet. Raises FileFaults for what cannot even be read."""
    if len(content) > _MOST_BYTES:
        raise FileFaults([FileFault("too_large", found=str(len(content)), expected=str(_MOST_BYTES))])
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names, unpacked = packed.namelist(), sum(info.file_size for info in packed.infolist())
        if unpacked > _MOST_UNPACKED:
            raise FileFaults([FileFault("too_large", found=str(unpacked), expected=str(_MOST_UNPACKED))])
        book = openpyxl.load_workbook(BytesIO(content))
    except FileFaults:
        raise
    except Exception as error:
        # The library's readers of archives and XML raise many kinds: each means that it is no workbook.
        raise FileFaults([FileFault("not_a_workbook", found=type(error).__name__)]) from error
    if any(name.endswith("vbaProject.bin") or "externalLinks/" in name for name in names):
        raise FileFaults([FileFault("macros_or_links")])
    sheets = [sheet for sheet in book.worksheets if isinstance(sheet, Worksheet)]
    if len(book.sheetnames) != 1 or not sheets:  # a sheet may also be a diagram
        raise FileFaults([FileFault("several_sheets", found=", ".join(book.sheetnames), expected="1")])
    (found,) = sheets
    return found


def _of_form(sheet: Worksheet, columns: int) -> Iterator[FileFault]:
    for area in sheet.merged_cells.ranges:
        yield FileFault("merged_cells", str(area))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                yield FileFault("formula", cell.coordinate, _shown(cell.value))
            elif cell.data_type == "e":
                yield FileFault("error_value", cell.coordinate, _shown(cell.value))
            elif cell.value is not None and cell.column > columns:
                yield FileFault("beside_the_table", cell.coordinate, _shown(cell.value))
    for number, shape in sheet.row_dimensions.items():
        if shape.hidden:
            yield FileFault("hidden", str(number))
    for letter, width in sheet.column_dimensions.items():
        if width.hidden:
            yield FileFault("hidden", letter)


def _shown(value: object) -> str:
    return "" if value is None else str(value)
