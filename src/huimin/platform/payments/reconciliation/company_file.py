"""The daily file of a payment company: a CSV as such companies have them, amounts in yuan, totals at its end."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from huimin.money import format_yuan
from huimin.platform.payments.file_faults import FileFaults
from huimin.platform.payments.reconciliation.day_file import DayReading, fields_of, lines_of

__all__ = ["COLUMNS", "TOTALS", "CompanyRow", "CompanyStatement", "RowKind", "read_company_file"]

COLUMNS = ("交易时间", "商户订单号", "支付订单号", "交易状态", "订单金额", "商户退款单号", "退款金额", "手续费")
TOTALS = ("总交易笔数", "订单总金额", "退款总金额", "手续费总金额")


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
class _Reading(DayReading):
    rows: list[CompanyRow] = field(default_factory=list)


def read_company_file(content: str, day: date) -> CompanyStatement:
    """What the file says. Raises FileFaults with every fault, each with its line."""
    reading, lines = _Reading(day), lines_of(content)
    reading.refuse_head(fields_of(lines[0]), COLUMNS, 1, "column_changed")
    last = _read_rows(reading, lines)
    sums = _read_totals(reading, lines, last)
    if reading.faults:
        raise FileFaults(reading.faults)
    return CompanyStatement(day, tuple(reading.rows), *sums[1:])


def _read_rows(reading: _Reading, lines: Sequence[str]) -> int:
    """Read up to the head of the totals. Gives its place; the number of lines where there is none."""
    for place, text in enumerate(lines[1:], start=1):
        fields = fields_of(text)
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
    at = reading.moment(line, when)
    reading.numbers(line, reference, transaction)
    kind = reading.value("unknown_status", line, status, RowKind, " / ".join(RowKind))
    of_payment, of_refund, of_fee = reading.amounts(line, paid, refunded, fee)
    if len(reading.faults) > before or at is None or kind is None:
        return
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
    reading.refuse_head(fields_of(lines[place]), TOTALS, place + 1, "totals_changed")
    said = fields_of(lines[place + 1])
    if len(said) != len(TOTALS):
        reading.fault("fields_missing", place + 2, str(len(said)), str(len(TOTALS)))
    elif not reading.faults:
        reading.compare_totals(place + 2, said, sums)
    if len(lines) > place + 2:
        reading.fault("after_the_totals", place + 3, lines[place + 2])
    return sums
