"""CSV files as people have them: UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs. Rows are read only when
they are asked for.

No record may be lost unseen. So a file is refused if a quotation mark is never closed, or swallows whole records.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from huimin.errors import InputError
from huimin.settlement.layout import Layout, shortened, unusable_file

__all__ = ["CsvFile", "CsvTable", "heads_below", "open_csv", "open_csv_table", "widest"]

_BLOCK = 1 << 20
_MARKS = (",", ";", "\t")
_LINES_LOOKED_AT = 20
_NEWLINES = ("\n", "\r")
Record = tuple[int, list[str]]
"""The number of the line in which a record begins, and its cells without blanks around them."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file of text. `lines` is the number of line ends; `ends_whole` says that the last line has one."""

    path: Path
    encoding: str
    lines: int
    ends_whole: bool

    def records(self, mark: str) -> Iterator[Record]:
        """All records, empty ones too, separated by `mark`. Raises InputError (`unusable_file`)."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=mark, strict=True)
            while True:
                begins = reader.line_num + 1
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise unusable_file(self.path, [_said_of(error, begins, reader.line_num)]) from error
                if cells is None:
                    return
                if reader.line_num > begins:
                    self._refuse_swallowed(begins, reader.line_num, cells, mark)
                yield begins, [cell.strip() for cell in cells]

    def _refuse_swallowed(self, begins: int, ends: int, cells: list[str], mark: str) -> None:
        """Refuse a cell over several lines that holds as many separators as a record: it may have swallowed a record.

        A quotation mark opened by mistake is closed by the next one. Where that one is in the same column of a later
        record, the number of cells is right and shows nothing.
        """
        if any("\n" in cell and cell.count(mark) >= len(cells) - 1 for cell in cells) and len(cells) > 1:
            fault = f"line {begins}: a quotation mark is opened and closed only in line {ends}, with records between"
            raise unusable_file(self.path, [fault])

    def first(self, mark: str) -> list[Record]:
        """The first records that are not empty; if there is a fault among them, those before it."""
        found: list[Record] = []
        with suppress(InputError):
            for record in islice((record for record in self.records(mark) if any(record[1])), _LINES_LOOKED_AT):
                found.append(record)
        return found


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file whose first line names the columns. A column that is ignored is None in `columns`."""

    file: CsvFile
    mark: str
    heads: tuple[str, ...]
    columns: tuple[str | None, ...]
    heads_line: int
    ignored: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """The records below the first line that are not empty, each as wide as that line. Raises InputError
        (`unusable_file`).
        """
        width, faults, last = len(self.heads), _Faults(), None
        for line, cells in self.file.records(self.mark):
            if line <= self.heads_line or not any(cells):
                continue
            if len(cells) > width and any(cells[width:]):
                faults.add(f"line {line} has more fields than the first line has columns: {len(cells)}, not {width}")
            last = line, len(cells)
            if not faults.count:
                yield line, cells[:width] + [""] * (width - len(cells))
        if last is not None and last[1] < width and not self.file.ends_whole:
            faults.add(
                f"line {last[0]} ends after {last[1]} of {width} fields, and the file with it: it may have been cut off"
            )
        if faults.count:
            raise unusable_file(self.file.path, faults.first, faults.count)


class _Faults:
    """The first faults, and how many there are."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.count = 0

    def add(self, fault: str) -> None:
        self.count += 1
        if self.count <= _LINES_LOOKED_AT:
            self.first.append(fault)


def open_csv(path: Path) -> CsvFile:
    """Find out how a file is written. Raises InputError (`unusable_file`)."""
    try:
        with path.open("rb") as file:
            begins = file.read(4)
        if begins.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise unusable_file(path, ["found an Excel file; expected text. Save it as .xlsx, or as CSV"])
        wide = begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
            found = _read_through(path, encoding)
            if found is not None:
                return found
    except OSError as error:
        raise unusable_file(path, [error.strerror or str(error)]) from error
    raise unusable_file(path, ["found neither UTF-8 nor GB 18030 text"])


def _read_through(path: Path, encoding: str) -> CsvFile | None:
    """The file, if all of it is text in this encoding. Raises InputError where it holds NUL."""
    decoder, lines, last = codecs.getincrementaldecoder(encoding)(), 0, "\n"
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                text = decoder.decode(block)
                if "\0" in text:
                    line = lines + text[: text.index("\0")].count("\n") + 1
                    raise unusable_file(path, [f"line {line} holds a NUL byte: the file is damaged or is not text"])
                lines, last = lines + text.count("\n"), text[-1:] or last
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return CsvFile(path, encoding, lines, last in _NEWLINES)


def _said_of(error: csv.Error, begins: int, ends: int) -> str:
    text = str(error)
    if "unexpected end" in text:
        return f"line {begins}: a quotation mark is opened and never closed"
    if "field limit" in text:
        limit = f"{csv.field_size_limit():,}"
        return f"line {begins}: a cell has more than {limit} characters; is a quotation mark opened and not closed?"
    if "expected after" in text:
        return f"line {ends}: text behind a closing quotation mark; double the quotation marks inside a cell"
    return f"line {ends}: {text}"


def open_csv_table(path: Path, layout: Layout) -> CsvTable:
    """A file of this layout, by the separator that finds most columns. Raises InputError (`unusable_file`)."""
    if path.suffix.lower() != ".csv":
        raise unusable_file(path, [f"found the file ending {path.suffix!r}; expected .csv"])
    file = open_csv(path)
    mark, first = _marked(file, layout)
    if not first:
        for _ in file.records(mark):  # raises if something is wrong with the first line
            pass
        return _table(file, mark, (0, []), layout)
    for line, cells in first[1:]:
        if layout.names_all(cells) and not layout.names_all(first[0][1]):
            raise unusable_file(path, [heads_below("line", line, first[0])])
    return _table(file, mark, first[0], layout)


def heads_below(unit: str, line: int, first: Record) -> str:
    """The fault of a file whose column names are not in its first line."""
    said = next((cell for cell in first[1] if cell), "")
    return (
        f"{unit} {first[0]} says {shortened(said)!r}, and the names of the columns stand in {unit} {line}; "
        f"delete what stands above them"
    )


def _marked(file: CsvFile, layout: Layout) -> tuple[str, list[Record]]:
    """The separator that finds most of the layout's columns, and the first records by it, without `sep=`."""
    told = _told(file)
    if told is not None:
        return told, file.first(told)[1:]
    found = {mark: file.first(mark) for mark in _MARKS}
    scores = {mark: max((layout.score(cells) for _, cells in found[mark]), default=0) for mark in _MARKS}
    best = max(_MARKS, key=lambda mark: scores[mark])
    return best, found[best]


def widest(file: CsvFile) -> str:
    """The separator that finds most cells in the first records, of a file whose columns have no fixed names."""
    told = _told(file)
    if told is not None:
        return told
    return max(_MARKS, key=lambda mark: max((len(cells) for _, cells in file.first(mark)), default=0))


def _told(file: CsvFile) -> str | None:
    """The separator that a first line such as `sep=;` names for Excel; None without such a line."""
    with file.path.open(encoding=file.encoding, newline="") as opened:
        line = opened.readline(len(_SEP) + 5).strip("\r\n").replace('"', "")
    told = line.lower().startswith(_SEP) and len(line) == len(_SEP) + 1
    return line[-1] if told and not line[-1].isalnum() else None


_SEP = "sep="


def _table(file: CsvFile, mark: str, heads: Record, layout: Layout) -> CsvTable:
    line, names = heads
    columns = layout.columns(file.path, names)
    ignored = [name for name, column in zip(names, columns, strict=True) if name and column is None]
    table = CsvTable(file, mark, tuple(names), tuple(columns), line, ())
    nameless = [place for place, name in enumerate(names) if not name]
    if nameless:
        used = {place for _, cells in table.records() for place in nameless if cells[place]}
        ignored += [f"column {place + 1}, which has no name" for place in sorted(used)]
    return CsvTable(file, mark, tuple(names), tuple(columns), line, tuple(ignored))
