"""Sheets that somebody outside answers, written: what all of them have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["HEADER_ROW", "AnswerSheet"]

HEADER_ROW = 7


class AnswerSheet:
    """A sheet with a head that says which list it is, and a table whose last columns are to be answered.

    `columns`: words by our own names, from A on; one is `amount`. The table's first row is below HEADER_ROW.
    """

    def __init__(self, title: str, name: str, columns: Mapping[str, str], widths: Sequence[int]) -> None:
        self._book = Workbook()
        self._sheet: Worksheet = self._book.active
        self._sheet.title = name
        self._names = tuple(columns)
        self._text(1, 1, title)
        self._sheet.cell(1, 1).font = Font(bold=True, size=14)
        for column, words in enumerate(columns.values(), start=1):
            self._text(HEADER_ROW, column, words)
            self._sheet.cell(HEADER_ROW, column).font = Font(bold=True)
            self._sheet.cell(HEADER_ROW, column).fill = PatternFill("solid", fgColor="E8F1EE")
            self._sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
        self._sheet.freeze_panes = self._sheet.cell(HEADER_ROW + 1, 3)
        self._next = HEADER_ROW + 1

    def head(self, names: Sequence[str], values: Sequence[str]) -> None:
        for row, (name, value) in enumerate(zip(names, values, strict=True), start=2):
            self._text(row, 1, name)
            self._text(row, 2, value)

    def line(self, values: Mapping[str, str | int], amount: int) -> None:
        """The next row. `amount` in fen."""
        for name, value in values.items():
            column = self._names.index(name) + 1
            if isinstance(value, str):
                self._text(self._next, column, value)
            else:
                self._sheet.cell(self._next, column, value)
        self._money(self._next, amount)
        self._next += 1

    def finish(self, total: str, amount: int, choices: Mapping[str, Sequence[str]]) -> bytes:
        """Write the sum, and the words that the columns of `choices` may have: nobody types an answer."""
        self._text(self._next, 1, total)
        self._money(self._next, amount)
        for name, words in choices.items():
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            letter = get_column_letter(self._names.index(name) + 1)
            choice.add(f"{letter}{HEADER_ROW + 1}:{letter}{self._next - 1}")
            self._sheet.add_data_validation(choice)
        content = BytesIO()
        self._book.save(content)
        return content.getvalue()

    def _money(self, row: int, amount: int) -> None:
        cell = self._sheet.cell(row, self._names.index("amount") + 1, Decimal(amount) / 100)
        cell.number_format, cell.alignment = "0.00", Alignment(horizontal="right")

    def _text(self, row: int, column: int, value: str) -> None:
        """A text stays one, also where it begins with `=`: openpyxl would make a formula of it."""
        if value:
            self._sheet.cell(row, column, value).data_type = "s"
