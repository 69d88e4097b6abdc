"""A list that an agency answered, read back: whatever is wrong with the file is told at once, and nothing is done."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from huimin.money import format_yuan
from huimin.platform.payments.file_faults import FileFault, FileFaults
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck
from huimin.platform.payments.personal_account.models import LineState
from huimin.platform.payments.personal_account.reading import AccountListFacts, ListedLine
from huimin.platform.payments.personal_account.sheet import (
    APPROVE,
    COLUMNS,
    FIRST_ROW,
    HEAD,
    HEADER_ROW,
    REASONS,
    STRIKE_OUT,
    TOTAL,
    answer_of,
    head_of,
)

__all__ = ["Answered", "read_answered"]


def _plain(value: object) -> str:
    """A cell as a text: full-width signs as ordinary ones, without blanks at its ends; a whole number without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


_MOST_BYTES, _MOST_UNPACKED = 20_000_000, 300_000_000
_NAMES = tuple(COLUMNS)
_REASON_WORDS = {_plain(words): reason for reason, words in REASONS.items()}
_SHIFTED = ("head_changed", "column_changed")
_UNCHANGED = ("number", "payer_name", "payer_psn_no", "insured_name", "insured_psn_no", "insured_area")


@dataclass(slots=True)
class Answered:
    """What the agency answers: keys that it approves, and why it strikes others out; not what was decided before."""

    approved: list[str] = field(default_factory=list)
    struck: dict[str, Struck] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """A sheet while it is read, and its faults so far."""

    sheet: Worksheet
    found: AccountListFacts
    by_key: dict[str, ListedLine]
    faults: list[FileFault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    answered: Answered = field(default_factory=Answered)

    def fault(self, kind: str, row: int, name: str = "", found: object = "", expected: object = "") -> None:
        place = f"{chr(ord('A') + _NAMES.index(name))}{row}" if name else f"{row}"
        self.faults.append(FileFault(kind, place, _shown(found), str(expected)))

    def value(self, row: int, name: str) -> Any:
        return self.sheet.cell(row, _NAMES.index(name) + 1).value

    def text(self, row: int, name: str) -> str:
        return _plain(self.value(row, name))


def read_answered(content: bytes, found: AccountListFacts, lines: Sequence[ListedLine]) -> Answered:
    """The answers of a file to this list. Raises FileFaults with every fault, each with its cell."""
    sheet = _sheet(content)
    reading = _Reading(sheet, found, {one.line.key: one for one in lines})
    reading.faults += [*_of_form(sheet)]
    _read_head(reading)
    if any(one.kind in _SHIFTED for one in reading.faults):
        # Every cell would stand in the wrong place, and be a fault of its own.
        raise FileFaults(reading.faults)
    last = _read_rows(reading)
    _read_total(reading, last)
    for key, listed in reading.by_key.items():
        if key not in reading.seen:
            reading.faults.append(FileFault("line_missing", "", key, str(listed.number)))
    if reading.faults:
        raise FileFaults(reading.faults)
    return reading.answered


def _sheet(content: bytes) -> Worksheet:
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


def _of_form(sheet: Worksheet) -> Iterator[FileFault]:
    """What no cell of a list may be: merged, a formula, an error, hidden, or beside the table."""
    for area in sheet.merged_cells.ranges:
        yield FileFault("merged_cells", str(area))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                yield FileFault("formula", cell.coordinate, _shown(cell.value))
            elif cell.data_type == "e":
                yield FileFault("error_value", cell.coordinate, _shown(cell.value))
            elif cell.value is not None and cell.column > len(_NAMES):
                yield FileFault("beside_the_table", cell.coordinate, _shown(cell.value))
    for number, shape in sheet.row_dimensions.items():
        if shape.hidden:
            yield FileFault("hidden", str(number))
    for letter, width in sheet.column_dimensions.items():
        if width.hidden:
            yield FileFault("hidden", letter)


def _read_head(reading: _Reading) -> None:
    for row, (name, expected) in enumerate(zip(HEAD, head_of(reading.found), strict=True), start=2):
        if _plain(reading.sheet.cell(row, 1).value) != name:
            reading.fault("head_changed", row, "number", reading.sheet.cell(row, 1).value, name)
        elif _plain(reading.sheet.cell(row, 2).value) != expected:
            reading.fault("other_list", row, "key", reading.sheet.cell(row, 2).value, expected)
    for name, words in COLUMNS.items():
        if reading.text(HEADER_ROW, name) != _plain(words):
            reading.fault("column_changed", HEADER_ROW, name, reading.value(HEADER_ROW, name), words)


def _read_rows(reading: _Reading) -> int:
    """Read the rows of lines. Gives the number of the total's row; 0 where there is none."""
    for row in range(FIRST_ROW, reading.sheet.max_row + 1):
        if reading.text(row, "number") == TOTAL:
            return row
        if all(reading.value(row, name) is None for name in _NAMES):
            reading.fault("empty_row", row)
            continue
        _read_row(reading, row)
    return 0


def _read_row(reading: _Reading, row: int) -> None:
    key = reading.text(row, "key")
    listed = reading.by_key.get(key)
    if listed is None:
        reading.fault("unknown_line", row, "key", reading.value(row, "key"))
        return
    if key in reading.seen:
        reading.fault("line_twice", row, "key", key, reading.seen[key])
        return
    reading.seen[key] = row
    _compare(reading, row, listed)
    _read_amount(reading, row, listed.line.amount)
    _read_answer(reading, row, listed)


def _compare(reading: _Reading, row: int, listed: ListedLine) -> None:
    for name in _UNCHANGED:
        expected = listed.line.insured_area if name == "insured_area" else str(getattr(listed, name))
        if reading.text(row, name) != _plain(expected):
            reading.fault("value_changed", row, name, reading.value(row, name), expected)


def _read_amount(reading: _Reading, row: int, expected: int) -> None:
    value = reading.value(row, "amount")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        if not _is_formula(reading, row):
            reading.fault("amount_not_a_number", row, "amount", value, format_yuan(expected))
        return
    fen = Decimal(str(value)) * 100
    if fen != fen.to_integral_value():
        reading.fault("amount_below_fen", row, "amount", value, format_yuan(expected))
    elif fen != expected:
        reading.fault("amount_changed", row, "amount", value, format_yuan(expected))


def _is_formula(reading: _Reading, row: int) -> bool:
    """It has been named as one already."""
    return reading.sheet.cell(row, _NAMES.index("amount") + 1).data_type in ("f", "e")


def _read_answer(reading: _Reading, row: int, listed: ListedLine) -> None:
    answer, reason, note = (reading.text(row, name) for name in ("answer", "reason", "note"))
    if not answer:
        reading.fault("answer_missing", row, "answer", "", f"{APPROVE} / {STRIKE_OUT}")
    elif answer not in (APPROVE, STRIKE_OUT):
        reading.fault("answer_unknown", row, "answer", answer, f"{APPROVE} / {STRIKE_OUT}")
    elif listed.line.state != LineState.LISTED:
        if answer != answer_of(listed.line.state):
            reading.fault("decided_already", row, "answer", answer, answer_of(listed.line.state))
    elif answer == APPROVE:
        if reason:
            reading.fault("reason_without_strike", row, "reason", reason)
        reading.answered.approved.append(listed.line.key)
    elif not reason:
        reading.fault("reason_missing", row, "reason")
    elif reason not in _REASON_WORDS:
        reading.fault("reason_unknown", row, "reason", reason, " / ".join(_REASON_WORDS))
    elif _REASON_WORDS[reason] == StrikeReason.OTHER and not note:
        reading.fault("note_missing", row, "note")
    else:
        reading.answered.struck[listed.line.key] = Struck(_REASON_WORDS[reason], note)


def _read_total(reading: _Reading, row: int) -> None:
    if not row:
        reading.faults.append(FileFault("total_missing", expected=format_yuan(reading.found.amount)))
        return
    _read_amount_of_total(reading, row)
    for after in range(row + 1, reading.sheet.max_row + 1):
        if any(reading.value(after, name) is not None for name in _NAMES):
            reading.fault("after_the_total", after)


def _read_amount_of_total(reading: _Reading, row: int) -> None:
    before = len(reading.faults)
    _read_amount(reading, row, reading.found.amount)
    changed = {"amount_changed": "total_changed"}
    changes = [replace(one, kind=changed.get(one.kind, one.kind)) for one in reading.faults[before:]]
    reading.faults[before:] = changes


def _shown(value: object) -> str:
    return "" if value is None else str(value)
