"""The file of one day's money, whoever sends it: how its lines are read, and every fault of it told at once.

A file whose totals are not those of its lines is no file: nothing is compared with it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.gateways.api import plain_code
from huimin.platform.payments.file_faults import FileFault, FileFaults

__all__ = ["DayFile", "DayReading", "StatedLine", "fields_of", "lines_of"]

_LONGEST, _MOST_CHARACTERS = 80, 200_000_000
_LONGEST_LINE = 2_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StatedLine:
    """Money that moved, as the other side states it. `amount` in fen; below zero where it moved back."""

    transaction: str
    reference: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DayFile:
    """What a file says of one day. `lines`: those that are compared; `rows` counts all. Amounts in fen."""

    day: date
    lines: tuple[StatedLine, ...]
    rows: int
    paid: int
    refunded: int
    fees: int = 0


@dataclass(slots=True)
class DayReading:
    """What is wrong with the file of a day, found while it is read."""

    day: date
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, kind: str, line: int, found: str = "", expected: str = "") -> None:
        self.faults.append(FileFault(kind, str(line) if line else "", found, expected))

    def value(self, kind: str, line: int, text: str, made: Callable[[str], T], expected: str) -> T | None:
        """The field's value; where it has none, that is a fault of this kind."""
        try:
            return made(text)
        except ValueError:
            self.fault(kind, line, text, expected)
            return None

    def moment(self, line: int, text: str) -> datetime | None:
        """When it was booked. A moment of another day is a fault."""
        at = self.value("bad_time", line, text, _moment, "2022-02-14 09:30:00")
        if at is not None and at.date() != self.day:
            self.fault("other_day", line, text, str(self.day))
        return at

    def numbers(self, line: int, *texts: str) -> None:
        """Each has to be a number of ours or theirs, as a plain code."""
        for text in texts:
            self.value("bad_number", line, text, lambda one: plain_code(one, _LONGEST), f"1–{_LONGEST} ASCII")

    def amounts(self, line: int, *texts: str) -> list[int]:
        """In fen; 0 for what is no amount, which is a fault."""
        return [self.value("bad_amount", line, text, parse_yuan, "158.00") or 0 for text in texts]

    def refuse_head(self, found: Sequence[str], expected: Sequence[str], line: int, kind: str) -> None:
        if tuple(found) != tuple(expected):
            self.fault(kind, line, ",".join(found), ",".join(expected))

    def compare_totals(self, line: int, said: Sequence[str], sums: Sequence[int]) -> None:
        """The file's own count and totals, held against those of its lines."""
        count = self.value("bad_count", line, said[0], _count, str(sums[0]))
        if count is not None and count != sums[0]:
            self.fault("count_differs", line, said[0], str(sums[0]))
        for text, expected in zip(said[1:], sums[1:], strict=True):
            amount = self.value("bad_amount", line, text, parse_yuan, format_yuan(expected))
            if amount is not None and amount != expected:
                self.fault("total_differs", line, text, format_yuan(expected))


def lines_of(content: str) -> list[str]:
    """The lines of a file, without empty ones at its end. Raises FileFaults where it is empty, or too large."""
    if len(content) > _MOST_CHARACTERS:
        raise FileFaults([FileFault("too_large", found=str(len(content)), expected=str(_MOST_CHARACTERS))])
    lines = content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise FileFaults([FileFault("empty_file")])
    return lines


def fields_of(line: str) -> list[str]:
    """The fields of a line; companies put a backtick before each, so that no spreadsheet changes a number."""
    if len(line) > _LONGEST_LINE or "\0" in line:
        return [line[:_LONGEST]]
    try:
        (found,) = csv.reader([line], strict=True) if line else ([],)
    except (csv.Error, ValueError):
        return [line[:_LONGEST]]
    return [text.strip().removeprefix("`").strip() for text in found]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InputError("expected a whole number")
    return int(text)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
