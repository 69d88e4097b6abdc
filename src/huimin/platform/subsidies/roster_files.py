"""A file of a department as rows of a roster: CSV or XLSX, with the names of columns that departments use."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from huimin.batch.files.people_tables import PeopleColumns, RowFault
from huimin.errors import InputError

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
_READ = PeopleColumns(COLUMNS, required=tuple(COLUMNS))


@dataclass(frozen=True, slots=True)
class Row:
    """One row as texts, with its number in the file."""

    number: int
    name: str
    id_number: str
    reason: str
    valid_from: str
    valid_to: str


def read_rows(file_name: str, data: bytes) -> tuple[list[Row], list[RowFault]]:
    """The rows of a file, or what is wrong with the file as a whole: then there are no rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{Path(file_name).suffix.lower()}"
        path.write_bytes(data)
        table, faults = _READ.open(path, file_name)
        if table is None:
            return [], faults
        try:
            rows = [Row(number, **cells) for number, cells in _READ.rows(table)]
        except InputError as error:
            return [], [_READ.unreadable(path, file_name, error)]
    if not rows:
        faults = [RowFault(0, "", "no_rows")]
    if len(rows) > MOST_ROWS:
        faults = [RowFault(0, "", "too_many_rows", str(len(rows)))]
    return ([] if faults else rows), faults
