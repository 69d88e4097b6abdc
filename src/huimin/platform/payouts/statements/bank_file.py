"""The bank's statement of one day: a CSV, amounts in yuan, totals last.

代付 is money out, 退汇 what came back of it, 来款 what others paid in: there 付款编号 is what the payer wrote.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from huimin.money import format_yuan
from huimin.platform.payments.api import DayFile, DayReading, FileFaults, StatedLine, fields_of, lines_of
from huimin.platform.payouts.overpayments.repaying import policy_named_in

__all__ = ["COLUMNS", "TOTAL", "Direction", "read_statement", "transaction_of"]

COLUMNS = ("记账时间", "流水号", "付款编号", "摘要", "借方金额", "贷方金额")
TOTAL = "合计"


class Direction(enum.StrEnum):
    OUT = "代付"
    BACK = "退汇"
    IN = "来款"


def transaction_of(direction: Direction, key: str) -> str:
    """How one movement is known. `key`: for a payout, which goes out once and comes back once at most, ours; for what
    others paid in, the day and the bank's own number, which may begin anew each day.
    """
    return f"{direction.name.lower()}:{key}"


@dataclass(slots=True)
class _Reading(DayReading):
    lines: list[StatedLine] = field(default_factory=list)


def read_statement(content: str, day: date) -> DayFile:
    """What the statement says. Raises FileFaults with every fault, each with its line."""
    reading, lines = _Reading(day), lines_of(content)
    reading.refuse_head(fields_of(lines[0]), COLUMNS, 1, "column_changed")
    rows = [(place, fields_of(text)) for place, text in enumerate(lines[1:], start=2)]
    total = rows.pop() if rows and rows[-1][1][:1] == [TOTAL] else None
    for place, fields in rows:
        if fields[:1] == [TOTAL]:
            reading.fault("after_the_totals", place + 1, lines[place][:80])
        elif _whole(reading, place, fields):
            _read_line(reading, place, fields)
    _read_total(reading, total)
    if reading.faults:
        raise FileFaults(reading.faults)
    return DayFile(day, tuple(reading.lines), len(reading.lines), *_sums(reading.lines))


def _whole(reading: _Reading, place: int, fields: Sequence[str]) -> bool:
    if len(fields) != len(COLUMNS):
        reading.fault("fields_missing", place, str(len(fields)), str(len(COLUMNS)))
    return len(fields) == len(COLUMNS)


def _read_line(reading: _Reading, place: int, fields: Sequence[str]) -> None:
    when, number, key, about, out, back = fields
    before = len(reading.faults)
    at = reading.moment(place, when)
    direction = reading.value("unknown_status", place, about, Direction, " / ".join(Direction))
    # What a payer wrote may be anything: it names a policy, or it does not.
    reading.numbers(place, number, *([] if direction is Direction.IN else [key]))
    debit, credit = reading.amounts(place, out, back)
    if len(reading.faults) > before or at is None or direction is None:
        return
    moved, other = (debit, credit) if direction is Direction.OUT else (credit, debit)
    if moved <= 0:
        reading.fault("not_above_zero", place, format_yuan(moved), "0.01")
    if other:
        reading.fault("both_directions", place, format_yuan(other), "0.00")
    if direction is Direction.IN:
        reading.lines.append(
            StatedLine(transaction_of(direction, f"{reading.day}:{number}"), policy_named_in(key), -moved, at)
        )
    else:
        amount = moved if direction is Direction.OUT else -moved
        reading.lines.append(StatedLine(transaction_of(direction, key), key, amount, at))


def _read_total(reading: _Reading, total: tuple[int, list[str]] | None) -> None:
    if total is None:
        reading.fault("totals_missing", 0, "", TOTAL)
        return
    place, fields = total
    if _whole(reading, place, fields) and not reading.faults:
        said = (fields[1], fields[4], fields[5])
        reading.compare_totals(place, said, (len(reading.lines), *_sums(reading.lines)))


def _sums(lines: Sequence[StatedLine]) -> tuple[int, int]:
    """Out, and back or in, in fen."""
    return sum(max(one.amount, 0) for one in lines), sum(max(-one.amount, 0) for one in lines)
