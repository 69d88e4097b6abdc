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
    HEAD,
    REASONS,
    TOTAL,
    head_of,
    values_of,
)
from huimin.platform.clearing.statement_facts import LineFacts, StatementFacts
from huimin.platform.payments.api import AnsweredList, SheetReading, opened_sheet, plain

__all__ = ["read_answers"]

_REASON_WORDS = {plain(words): reason for reason, words in REASONS.items()}


@dataclass(slots=True, kw_only=True)
class _Reading(SheetReading):
    agreed: list[int] = field(default_factory=list)
    disputed: dict[int, Disputed] = field(default_factory=dict)


def read_answers(content: bytes, found: StatementFacts, lines: Sequence[LineFacts]) -> Answers:
    """The answers of a file to this statement. A line without an answer stays open.

    Raises FileFaults with every fault, each with its cell.
    """
    reading = _Reading(opened_sheet(content), tuple(COLUMNS))
    reading.read_list(
        AnsweredList(HEAD, head_of(found), tuple(COLUMNS.values()), TOTAL, found.amount),
        "number",
        {str(line.number): line for line in lines},
        lambda row, line: _read_line(reading, row, line),
        lambda line: (line.setl_id, str(line.number)),
    )
    return Answers(reading.agreed, reading.disputed)


def _read_line(reading: _Reading, row: int, line: LineFacts) -> None:
    reading.read_values(row, values_of(line))
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
