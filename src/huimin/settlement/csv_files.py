"""CSV files as people have them: UTF-8 with or without BOM, or GB 18030; read as they are asked for."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from huimin.errors import InputError

__all__ = ["csv_records", "read_csv_rows"]

_BLOCK = 1 << 20


def read_csv_rows(path: Path, required: Sequence[str]) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """(line, row) of each row, every cell without blanks around it, and the columns. Raises InputError."""
    columns, records = csv_records(path, required)
    return [(line, dict(zip(columns, cells, strict=True))) for line, cells in records], columns


def csv_records(path: Path, required: Sequence[str]) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The columns; and (line, cells without blanks around them) of each record, read as they are asked for.

    Raises InputError (`unusable_file`), also while records are read.
    """
    if path.suffix.lower() != ".csv":
        raise InputError(f"{path}: found the file ending {path.suffix!r}; expected .csv", code="unusable_file")
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        columns = [column.strip() for column in next(csv.reader(file), [])]
    missing = [column for column in required if column not in columns]
    if missing:
        raise InputError(f"{path}: the columns {', '.join(missing)} are missing", code="unusable_file")
    if len(set(columns)) < len(columns):
        raise InputError(f"{path}: a column name stands twice in the first line", code="unusable_file")
    return columns, _records(path, encoding, len(columns))


def _records(path: Path, encoding: str, width: int) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        next(reader)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise InputError(f"{path}: line {reader.line_num}: {error}", code="unusable_file") from error
            if cells is None:
                return
            if len(cells) > width:
                message = f"{path}: line {reader.line_num} has more fields than the first line has columns"
                raise InputError(message, code="unusable_file")
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells] + [""] * (width - len(cells))


def _encoding(path: Path) -> str:
    """That of the two in which the whole file can be read."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}", code="unusable_file") from error
        return encoding
    raise InputError(f"{path}: found neither UTF-8 nor GB 18030 text", code="unusable_file")
