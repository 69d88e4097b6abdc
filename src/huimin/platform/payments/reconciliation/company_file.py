"""The daily file of a payment company: a CSV as such companies have them, amounts in yuan, a line of totals at its end.

Every fault is told at once. A file whose totals are not those of its lines is no file: nothing is compared with it.
"""

from __future__ import annotations

import csv
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.gateways.api import plain_code
from huimin.platform.payments.file_faults import FileFault, FileFaults

__all__ = ["COLUMNS", "TOTALS", "CompanyRow", "CompanyStatement", "RowKind", "read_company_file"]

COLUMNS = ("交易时间", "商户订单号", "支付订单号", "交易状态", "订单金额", "商户退款单号", "退款金额", "手续费")
TOTALS = ("总交易笔数", "订单总金额", "退款总金额", "手续费总金额")
_LONGEST, _MOST_CHARACTERS = 80, 200_000_000
_LONGEST_LINE = 2_000
T = TypeVar("T")


class RowKind(enum.StrEnum):
    PAID = "SUCCESS"
    REFUNDED = "REFUND"


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One line. `amount` in fen, of a payment or a refund; `refund` is our key of a refund."""

    line: int
    at: datetime
    reference: str
    transaction: str
    kind: RowKind
    amount: int
    fee: int
    refund: str = ""


@dataclass(frozen=True, slots=True)
class CompanyStatement:
    """What a company says of one day. Amounts in fen."""

    day: date
    rows: tuple[CompanyRow, ...]
    paid: int
    refunded: int
    fees: int


@dataclass(slots=True)
class _Reading:
    day: date
    faults: list[FileFault] = field(default_factory=list)
    rows: list[CompanyRow] = field(default_factory=list)

    def fault(self, kind: str, line: int, found: str = "", expected: str = "") -> None:
        self.faults.append(FileFault(kind, str(line) if line else "", found, expected))

    def value(self, kind: str, line: int, text: str, made: Callable[[str], T], expected: str) -> T | None:
        """The field's value; where it has none, that is a fault of this kind."""
        try:
            return made(text)
        except ValueError:
            self.fault(kind, line, text, expected)
            return None


def read_company_file(content: str, day: date) -> CompanyStatement:
    """What the file says. Raises FileFaults with every fault, each with its line."""
    if len(content) > _MOST_CHARACTERS:
        raise FileFaults([FileFault("too_large", found=str(len(content)), expected=str(_MOST_CHARACTERS))])
    reading = _Reading(day)
    lines = content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise FileFaults([FileFault("empty_file")])
    _refuse_head(reading, _fields(lines[0]), COLUMNS, 1, "column_changed")
    last = _read_rows(reading, lines)
    sums = _read_totals(reading, lines, last)
    if reading.faults:
        raise FileFaults(reading.faults)
    return CompanyStatement(day, tuple(reading.rows), *sums[1:])


def _fields(line: str) -> list[str]:
    """The fields of a line; companies put a backtick before each, so that no spreadsheet changes a number."""
    if len(line) > _LONGEST_LINE or "\0" in line:
        return [line[:_LONGEST]]
    try:
        (found,) = csv.reader([line], strict=True) if line else ([],)
    except (csv.Error, ValueError):
        return [line[:_LONGEST]]
    return [text.strip().removeprefix("`").strip() for text in found]


def _refuse_head(reading: _Reading, found: Sequence[str], expected: Sequence[str], line: int, kind: str) -> None:
    if tuple(found) != tuple(expected):
        reading.fault(kind, line, ",".join(found), ",".join(expected))


def _read_rows(reading: _Reading, lines: Sequence[str]) -> int:
    """Read up to the head of the totals. Gives its place; the number of lines where there is none."""
    for place, text in enumerate(lines[1:], start=1):
        fields = _fields(text)
        if fields and fields[0] == TOTALS[0]:
            return place
        if len(fields) != len(COLUMNS):
            reading.fault("fields_missing", place + 1, str(len(fields)), str(len(COLUMNS)))
        else:
            _read_row(reading, place + 1, fields)
    return len(lines)


def _read_row(reading: _Reading, line: int, fields: Sequence[str]) -> None:
    when, reference, transaction, status, paid, refund, refunded, fee = fields
    before = len(reading.faults)
    at = reading.value("bad_time", line, when, _moment, "2022-02-14 09:30:00")
    if at is not None and at.date() != reading.day:
        reading.fault("other_day", line, when, str(reading.day))
    for text in (reference, transaction):
        reading.value("bad_number", line, text, lambda one: plain_code(one, _LONGEST), f"1–{_LONGEST} ASCII")
    kind = reading.value("unknown_status", line, status, RowKind, " / ".join(RowKind))
    amounts = [reading.value("bad_amount", line, text, parse_yuan, "158.00") for text in (paid, refunded, fee)]
    if len(reading.faults) > before or at is None or kind is None:
        return
    of_payment, of_refund, of_fee = (amount or 0 for amount in amounts)
    _refuse_mixture(reading, line, kind, of_payment, of_refund, refund)
    if of_fee < 0:
        reading.fault("negative_fee", line, fee, "0.00")
    amount = of_payment if kind is RowKind.PAID else of_refund
    reading.rows.append(CompanyRow(line, at, reference, transaction, kind, amount, of_fee, refund))


def _refuse_mixture(reading: _Reading, line: int, kind: RowKind, paid: int, refunded: int, refund: str) -> None:
    """A line is a payment or a refund, and its amount is above zero."""
    is_refund = kind is RowKind.REFUNDED
    if (paid if kind is RowKind.PAID else refunded) <= 0:
        reading.fault("not_above_zero", line, format_yuan(refunded if is_refund else paid), "0.01")
    if not is_refund and (refund or refunded):
        reading.fault("payment_with_refund", line, refund or format_yuan(refunded))
    if is_refund and not refund:
        reading.fault("refund_without_number", line)


def _read_totals(reading: _Reading, lines: Sequence[str], place: int) -> tuple[int, int, int, int]:
    """The sums of the lines, held against the file's own."""
    paid = sum(row.amount for row in reading.rows if row.kind is RowKind.PAID)
    refunded = sum(row.amount for row in reading.rows if row.kind is RowKind.REFUNDED)
    sums = (len(reading.rows), paid, refunded, sum(row.fee for row in reading.rows))
    if place + 1 >= len(lines):
        reading.fault("totals_missing", 0, "", ",".join(TOTALS))
        return sums
    _refuse_head(reading, _fields(lines[place]), TOTALS, place + 1, "totals_changed")
    said = _fields(lines[place + 1])
    if len(said) != len(TOTALS):
        reading.fault("fields_missing", place + 2, str(len(said)), str(len(TOTALS)))
    elif not reading.faults:
        _compare_totals(reading, place + 2, said, sums)
    if len(lines) > place + 2:
        reading.fault("after_the_totals", place + 3, lines[place + 2])
    return sums


def _compare_totals(reading: _Reading, line: int, said: Sequence[str], sums: Sequence[int]) -> None:
    count = reading.value("bad_count", line, said[0], _count, str(sums[0]))
    if count is not None and count != sums[0]:
        reading.fault("count_differs", line, said[0], str(sums[0]))
    for text, expected in zip(said[1:], sums[1:], strict=True):
        amount = reading.value("bad_amount", line, text, parse_yuan, format_yuan(expected))
        if amount is not None and amount != expected:
            reading.fault("total_differs", line, text, format_yuan(expected))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InputError("expected a whole number")
    return int(text)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
