"""A statement that a hospital answered, read back: whatever is wrong with the file is told at once, and nothing is
done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huimin.platform.clearing.answering import Answers, Disputed
from huimin.platform.clearing.models import DisputeReason, LineState
from huimin.platform.clearing.sheet import (
    AGREE,
    COLUMNS,
    DISPUTE,
    FIRST_ROW,
    HEAD,
    REASONS,
    TOTAL,
    head_of,
    values_of,
)
from huimin.platform.clearing.statement_facts import LineFacts, StatementFacts
from huimin.platform.payments.api import HEADER_ROW, FileFault, FileFaults, SheetReading, opened_sheet, plain

__all__ = ["read_answers"]

_REASON_WORDS = {plain(words): reason for reason, words in REASONS.items()}


@dataclass(slots=True, kw_only=True)
class _Reading(SheetReading):
    lines: dict[str, LineFacts]
    """By number, as the sheet has it."""
    seen: dict[str, int] = field(default_factory=dict)
    agreed: list[int] = field(default_factory=list)
    disputed: dict[int, Disputed] = field(default_factory=dict)


def read_answers(content: bytes, found: StatementFacts, lines: Sequence[LineFacts]) -> Answers:
    """The answers of a file to this statement. A line without an answer stays open.

    Raises FileFaults with every fault, each with its cell.
    """
    reading = _Reading(opened_sheet(content), tuple(COLUMNS), lines={str(line.number): line for line in lines})
    reading.read_form()
    reading.read_head(HEAD, head_of(found))
    reading.read_columns(HEADER_ROW, tuple(COLUMNS.values()))
    reading.refuse_shifted()
    reading.read_total(_read_rows(reading), found.amount)
    for number, line in reading.lines.items():
        if number not in reading.seen:
            reading.faults.append(FileFault("line_missing", "", line.setl_id, number))
    if reading.faults:
        raise FileFaults(reading.faults)
    return Answers(reading.agreed, reading.disputed)


def _read_rows(reading: _Reading) -> int:
    """Read the rows of lines. Gives the number of the sum's row; 0 where there is none."""
    for row in range(FIRST_ROW, reading.sheet.max_row + 1):
        if reading.text(row, "number") == TOTAL:
            return row
        if reading.empty(row):
            reading.fault("empty_row", row)
        else:
            _read_row(reading, row)
    return 0


def _read_row(reading: _Reading, row: int) -> None:
    number = reading.text(row, "number")
    line = reading.lines.get(number)
    if line is None:
        reading.fault("unknown_line", row, "number", reading.value(row, "number"))
        return
    if number in reading.seen:
        reading.fault("line_twice", row, "number", number, reading.seen[number])
        return
    reading.seen[number] = row
    for name, expected in values_of(line).items():
        if reading.text(row, name) != plain(expected):
            reading.fault("value_changed", row, name, reading.value(row, name), expected)
    reading.read_amount(row, line.amount)
    _read_answer(reading, row, line)


def _read_answer(reading: _Reading, row: int, line: LineFacts) -> None:
    answer, reason, note = (reading.text(row, name) for name in ("answer", "reason", "note"))
    if answer == AGREE:
        if reason:
            reading.fault("reason_without_dispute", row, "reason", reason)
        elif line.state in (LineState.STANDS, LineState.TO_CORRECT):
            reading.fault("decided_already", row, "answer", answer, DISPUTE)
        else:
            reading.agreed.append(line.number)
    elif answer == DISPUTE:
        _read_dispute(reading, row, line, reason, note)
    elif answer:
        reading.fault("answer_unknown", row, "answer", answer, f"{AGREE} / {DISPUTE}")
    elif line.state != LineState.OPEN:
        reading.fault("answer_removed", row, "answer", "", AGREE if line.state == LineState.AGREED else DISPUTE)
    elif reason or note:
        reading.fault("answer_missing", row, "answer", "", f"{AGREE} / {DISPUTE}")


def _read_dispute(reading: _Reading, row: int, line: LineFacts, reason: str, note: str) -> None:
    found = _REASON_WORDS.get(reason)
    if not reason:
        reading.fault("reason_missing", row, "reason", "", " / ".join(_REASON_WORDS))
    elif found is None:
        reading.fault("reason_unknown", row, "reason", reason, " / ".join(_REASON_WORDS))
    elif found == DisputeReason.OTHER and not note:
        reading.fault("note_missing", row, "note")
    elif line.state == LineState.AGREED:
        reading.fault("decided_already", row, "answer", DISPUTE, AGREE)
    elif line.state != LineState.OPEN and (found, note) != (line.reason, plain(line.note)):
        reading.fault("decided_already", row, "reason", reason, REASONS[DisputeReason(line.reason)])
    else:
        reading.disputed[line.number] = Disputed(found, note)
