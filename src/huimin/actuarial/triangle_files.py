"""Reads run-off triangles as people have them: a file of any kind, or cells pasted from a spreadsheet.

Wide form: a line of headings, then a line for each period with the total paid by each age. Long form: the columns
origin, age and amount. A line that is not part of a triangle, such as a title or a total, is reported as such; nothing
is left out silently.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isnan
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from huimin.actuarial.triangles import Triangle
from huimin.batch.files.excel import Sheet, read_sheet
from huimin.batch.table.cell_texts import cell_text
from huimin.errors import InputError
from huimin.settlement.csv_files import open_csv, widest
from huimin.settlement.layout import shortened, unusable_file
from huimin.settlement.normal import normal_code

__all__ = ["read_triangle", "triangle_of_rows", "triangle_of_text"]

Row = tuple[int, list[str]]
"""The number of a line in a file or a row in a sheet, and its cells."""
_EMPTY = frozenset({"", "-", "--", "—", "–", "/", ".", "na", "n/a", "#n/a", "nan", "null", "none", "\\n", '""'})
"""What programs write into an empty cell, in small letters."""
_TOTALS = ("合计", "总计", "小计", "总和", "total", "sum", "subtotal", "grand total")
_AMOUNT = re.compile(r"-?(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,16})?(?:[eE]\+?\d{1,2})?", re.ASCII)
_MOST = 10**13
_HEADS = "expected a first line such as period,0,1,2,3: the period, then the ages"
_LONG = ({"origin", "period"}, {"age"}, {"amount"})


def read_triangle(path: Path) -> Triangle:
    """A triangle from a CSV, Excel or Parquet file. Raises InputError as `triangle_of_rows` does, and
    `unusable_file`.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        sheet = read_sheet(path)
        sheet.refuse_faults(path, lambda row, n: not _is_missing(sheet, row, n))
        return triangle_of_rows(sheet.rows, str(path), "row")
    if kind == ".parquet":
        return triangle_of_rows(_parquet_rows(path), str(path), "row")
    file = open_csv(path)
    return triangle_of_rows(file.records(widest(file)), str(path))


def _is_missing(sheet: Sheet, row: int, n: int) -> bool:
    """Whether a cell has #N/A, which stands for an unknown amount."""
    cells = dict(sheet.rows).get(row, [])
    return n < len(cells) and cells[n].lower() in _EMPTY and cells[n] != ""


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        table = pq.read_table(path)
        rows = [table.column_names, *zip(*(column.to_pylist() for column in table.columns), strict=True)]
    except (OSError, pa.ArrowException) as error:
        raise unusable_file(path, [f"cannot be read as Parquet: {str(error).splitlines()[0]}"]) from error
    return ((line, [cell_text(value) for value in row]) for line, row in enumerate(rows))


def triangle_of_text(text: str, where: str = "the triangle") -> Triangle:
    """A triangle from cells copied from a spreadsheet or CSV. Raises InputError as `triangle_of_rows` does."""
    marks = {mark: text.count(mark) for mark in ("\t", ";", ",")}
    mark = next((mark for mark in ("\t", ";") if marks[mark]), ",")
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=True), 1))
    except csv.Error as error:
        raise InputError(f"{where}: {error}; expected rows of cells", code="bad_triangle") from error
    return triangle_of_rows(rows, where)


def triangle_of_rows(rows: Iterator[Row] | Sequence[Row], where: str, unit: str = "line") -> Triangle:
    """A triangle in wide or long form. Raises InputError.

    Codes: `bad_triangle` if a line does not belong in a triangle, `bad_amount` if a cell is not an amount, and those of
    `Triangle`.
    """
    said = [(line, _without_end([normal_code(cell) for cell in cells])) for line, cells in rows]
    said = [(line, cells) for line, cells in said if cells]
    if not said:
        return Triangle.of((), ())
    faults = _strange(said, unit)
    if faults:
        raise InputError("\n  ".join([f"{where}: {faults[0]}", *faults[1:]]), code="bad_triangle")
    heads = [head.lower() for head in said[0][1]]
    if len(heads) == len(_LONG) and all(head in names for head, names in zip(heads, _LONG, strict=True)):
        return _of_long(said[1:], where, unit)
    names = [cells[0] for _, cells in said[1:]]
    return Triangle.of(names, [_amounts(cells[1:], f"{where}: {unit} {line}") for line, cells in said[1:]])


def _strange(said: Sequence[Row], unit: str) -> list[str]:
    """Faults for lines that do not belong in a triangle: a title, amounts instead of headings, totals, periods without
    a name or with the same one.
    """
    (line, heads), below = said[0], said[1:]
    if len(heads) == 1 and any(len(cells) > 1 for _, cells in below):
        return [
            f"{unit} {line} says only {shortened(heads[0])!r}, a title perhaps; {_HEADS}. Delete what stands above it"
        ]
    if below and _amounts_for_heads(heads, below[0][1]):
        return [f"{unit} {line} has amounts where the heads should be, {shortened(','.join(heads))!r}; {_HEADS}"]
    faults = [
        f"column {n + 1} is a total ({head!r}), and no age; delete it"
        for n, head in enumerate(heads)
        if n and head.lower() in _TOTALS
    ]
    names: set[str] = set()
    long = [head.lower() for head in heads[1:]] == ["age", "amount"]
    for place, cells in below:
        name = cells[0]
        if name.lower() in _TOTALS:
            faults.append(f"{unit} {place} is a total ({name!r}), and no period; delete it")
        elif not name:
            faults.append(f"{unit} {place} has amounts and no period before them")
        elif name in names and not long:
            faults.append(f"{unit} {place} gives the period {shortened(name)!r} again")
        names.add(name)
    return faults[:_FAULTS_SHOWN]


_FAULTS_SHOWN = 10


def _amounts_for_heads(heads: Sequence[str], first: Sequence[str]) -> bool:
    """Whether the first line is already a period: its numbers are not ages, or it has one more than the next line."""
    numbers = [_number(head) for head in heads[1:]]
    if not numbers or None in numbers:
        return False
    ages = [number for number in numbers if number is not None]
    step = ages[1] - ages[0] if len(ages) > 1 else 1
    regular = step > 0 and ages[0] in (0, 1, step) and all(b - a == step for a, b in pairwise(ages))
    return not regular or len(heads) == len(first) + 1


def _without_end(cells: list[str]) -> list[str]:
    """The cells without empty ones at the end, which are below the diagonal. An empty cell before that is a hole."""
    while cells and cells[-1].lower() in _EMPTY:
        cells = cells[:-1]
    return cells


def _number(cell: str) -> float | None:
    """An amount in yuan, with or without commas between thousands; None for anything else."""
    text = cell.removeprefix("¥").removeprefix("￥").strip()
    if not _AMOUNT.fullmatch(text):
        return None
    value = float(text.replace(",", ""))
    return value if abs(value) <= _MOST else None


def _amounts(cells: Sequence[str], place: str) -> list[float]:
    found = []
    for cell in cells:
        value = float("nan") if cell.lower() in _EMPTY else _number(cell)
        if value is None:
            message = f"{place}: found {shortened(cell)!r}; expected amounts in yuan such as 1234.50 or 1,234.50"
            raise InputError(message, code="bad_amount", values={"field": "cell", "found": shortened(cell)})
        found.append(value)
    return found


def _of_long(said: Sequence[Row], where: str, unit: str) -> Triangle:
    """A triangle in long form: each line has the total paid for a period (`origin`) by an age. Ages are counted in
    equal steps.
    """
    paid: dict[str, dict[float, float]] = {}
    for line, cells in said:
        place = f"{where}: {unit} {line}"
        told = (cells[1:2] or [""])[0]
        age = _number(told)
        if age is None or age < 0 or age != int(age):
            raise InputError(f"{place}: found the age {shortened(told)!r}; expected 0, 1, 2", code="bad_triangle")
        if len(cells) < len(_LONG):
            continue  # an empty amount is not known yet
        amounts = paid.setdefault(cells[0], {})
        if age in amounts:
            message = f"{place}: found the amount of {cells[0]} at the age {age:.0f} twice"
            raise InputError(message, code="bad_triangle")
        amounts[age] = _amounts(cells[2:3], place)[0]
    ages = sorted({age for amounts in paid.values() for age in amounts})
    names = sorted(
        paid, key=lambda name: -len(paid[name])
    )  # earlier periods have more ages; equal numbers are refused later
    rows = [_up_to_last([paid[name].get(age, float("nan")) for age in ages]) for name in names]
    return Triangle.of(names, rows)


def _up_to_last(amounts: list[float]) -> list[float]:
    while amounts and isnan(amounts[-1]):
        amounts = amounts[:-1]
    return amounts
