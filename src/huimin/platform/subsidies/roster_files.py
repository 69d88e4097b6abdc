"""A file of a department as rows of a roster: CSV or XLSX, with the names of columns that departments use."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from huimin.batch.files.text_tables import TEXT_FILES, open_text_table
from huimin.errors import InputError
from huimin.settlement.layout import Layout

__all__ = ["COLUMNS", "MOST_ROWS", "Row", "RowFault", "read_rows"]

MOST_ROWS = 500_000
COLUMNS = {
    "name": ("姓名", "name"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码", "id_number"),
    "reason": ("资助类别", "人员类别", "困难类型", "对象类别", "reason"),
    "valid_from": ("有效期起", "起始日期", "生效日期", "valid_from"),
    "valid_to": ("有效期止", "截止日期", "终止日期", "valid_to"),
}
"""What each column may be called. The first is what pages and faults say."""
_FIELDS = {name: field for field, names in COLUMNS.items() for name in names}
_LAYOUT = Layout(required=(), ids=frozenset(_FIELDS))


@dataclass(frozen=True, slots=True)
class Row:
    """One row as texts, with its number in the file."""

    number: int
    name: str
    id_number: str
    reason: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """One thing wrong with a row; with the file itself where `row` is 0.

    `field`: a key of COLUMNS, or "". `found`: what stands there, where it tells nothing of a person.
    """

    row: int
    field: str
    code: str
    found: str = ""


def read_rows(file_name: str, data: bytes) -> tuple[list[Row], list[RowFault]]:
    """The rows of a file, or what is wrong with the file as a whole: then there are no rows."""
    ending = Path(file_name).suffix.lower()
    if ending not in TEXT_FILES:
        return [], [RowFault(0, "", "other_ending", ending)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{ending}"
        path.write_bytes(data)
        try:
            table = open_text_table(path, _LAYOUT)
            fields = [_FIELDS[name] if name is not None else None for name in table.columns]
            faults = _faults_of_columns(fields)
            rows = [] if faults else [_row(number, fields, cells) for number, cells in table.records()]
        except InputError as error:
            return [], [RowFault(0, "", "unreadable", error.message.replace(str(path), file_name)[:300])]
    if not faults and not rows:
        faults = [RowFault(0, "", "no_rows")]
    if len(rows) > MOST_ROWS:
        faults = [RowFault(0, "", "too_many_rows", str(len(rows)))]
    return ([] if faults else rows), faults


def _faults_of_columns(fields: Sequence[str | None]) -> list[RowFault]:
    counts = Counter(fields)
    missing = [RowFault(0, field, "column_missing") for field in COLUMNS if not counts[field]]
    return missing + [RowFault(0, field, "column_twice") for field in COLUMNS if counts[field] > 1]


def _row(number: int, fields: Sequence[str | None], cells: Sequence[str]) -> Row:
    given = {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field is not None}
    return Row(number, **given)
