"""Files of members and settlements as columns: CSV, Excel, Parquet and directories of it. Results written whole."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huimin.batch.rows import Rows, cell_text
from huimin.errors import InputError, Refusal
from huimin.money import format_yuan
from huimin.settlement.reading import read_csv_rows

__all__ = ["Results", "read_rows", "usable_rows", "write_results"]

REFUSED_COLUMNS = ("setl_id", "code", "reason")
_FEN = ("base", "deductible_applied", "excess", "payable")
_DECISION_COLUMNS = ("setl_id", "psn_no", "benefit", *_FEN)


def read_rows(path: Path, required: Sequence[str]) -> Rows:
    """A file's rows. Raises InputError (`unusable_file`) where the file as a whole cannot be used."""
    return usable_rows(str(path), _read(path, required), required)


def usable_rows(name: str, table: pa.Table, required: Sequence[str]) -> Rows:
    """A table's rows; `name` is for messages. Raises InputError (`unusable_file`) where it cannot be used."""
    names = [column.removesuffix("_fen") for column in table.column_names]
    missing = [column for column in required if column not in names]
    if missing:
        raise InputError(f"{name}: the columns {', '.join(missing)} are missing", code="unusable_file")
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise InputError(f"{name}: the column {twice[0]} stands twice", code="unusable_file")
    for field in table.schema:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            message = f"{name}: the column {field.name} holds {field.type}; expected text, numbers or dates"
            raise InputError(message, code="unusable_file")
    return Rows(_trimmed(table))


def _read(path: Path, required: Sequence[str]) -> pa.Table:
    kind = path.suffix.lower()
    if path.is_dir() or kind == ".parquet":
        return _read_parquet(path)
    if kind == ".xlsx":
        return _read_excel(path)
    if kind == ".csv":
        return _table(*read_csv_rows(path, required))
    message = f"{path}: found the file ending {path.suffix!r}; expected .csv, .xlsx, .parquet or a directory of Parquet"
    raise InputError(message, code="unusable_file")


def _table(rows: Sequence[tuple[int, dict[str, str]]], columns: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for _, row in rows], pa.string()) for name in columns})


def _read_parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: cannot be read as Parquet: {reason}", code="unusable_file") from error


def _read_excel(path: Path) -> pa.Table:
    """The first sheet; its first row names the columns. Empty rows are left out."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", code="unusable_file") from error
    except Exception as error:
        raise InputError(f"{path}: cannot be read as an Excel file: {error}", code="unusable_file") from error
    try:
        cells = list(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()
    names = [cell_text(value) for value in cells[0]] if cells else []
    rows = [[cell_text(value) for value in row] for row in cells[1:] if any(value is not None for value in row)]
    wide = [name for name in names if name]
    return pa.Table.from_arrays(
        [
            pa.array([row[n] if n < len(row) else "" for row in rows], pa.string())
            for n, name in enumerate(names)
            if name
        ],
        names=wide,
    )


def _trimmed(table: pa.Table) -> pa.Table:
    """Without blanks around texts."""
    for place, field in enumerate(table.schema):
        if _is_text(field.type):
            column = pc.utf8_trim_whitespace(table.column(place).cast(pa.string()))
            table = table.set_column(place, field.name, column)
    return table


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


class Results:
    """Files that appear together when all is written, the summary last; or not at all."""

    def __init__(self, out: Path) -> None:
        self.out = out
        try:
            out.mkdir(parents=True, exist_ok=True)
            self.room = Path(tempfile.mkdtemp(prefix=".writing.", dir=out))
        except OSError as error:
            raise _unusable(out, error) from error

    def __enter__(self) -> Results:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        try:
            if error is None:
                for path in sorted(self.room.iterdir(), key=lambda path: path.name == "summary.json"):
                    path.chmod(0o644)
                    path.replace(self.out / path.name)
        finally:
            shutil.rmtree(self.room, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unusable(self.out, error) from error

    def write(self, name: str, text: str) -> None:
        (self.room / name).write_text(text, "utf-8", newline="")


def write_results(
    out: Path,
    decisions: pa.Table,
    refused: Iterable[Refusal],
    summary: Any,
    kind: str,
    tables: Mapping[str, Sequence[Sequence[str]]],
) -> None:
    """`decisions` in fen; `kind`: csv (yuan) or parquet (fen). `tables`: further CSV files, names of columns first."""
    with Results(out) as results:
        if kind == "parquet":
            pq.write_table(decisions, results.room / "decisions.parquet", compression="snappy")
        else:
            results.write("decisions.csv", _csv(_DECISION_COLUMNS, _in_yuan(decisions)))
        results.write("refused.csv", _csv(REFUSED_COLUMNS, ((r.setl_id, r.code, r.reason) for r in refused)))
        for name, rows in tables.items():
            results.write(name, _csv(rows[0], rows[1:]))
        results.write("summary.json", json.dumps(summary, indent=2, ensure_ascii=False) + "\n")


def _in_yuan(decisions: pa.Table) -> Iterator[tuple[str, ...]]:
    """Rows as text, amounts in yuan with two decimals."""
    names = [*_DECISION_COLUMNS[:3], *(f"{name}_fen" for name in _FEN)]
    for setl_id, psn_no, benefit, *amounts in zip(*(decisions.column(name).to_pylist() for name in names), strict=True):
        yield (str(setl_id), str(psn_no), benefit, *map(format_yuan, amounts))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _unusable(out: Path, error: OSError) -> InputError:
    return InputError(f"{out}: {error.strerror or error}; expected a directory to write to", code="unusable_out")
