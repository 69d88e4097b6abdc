"""A list that an agency answered, read back: whatever is wrong with the file is told at once, and nothing is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from huimin.platform.payments.sheet_reading import SheetReading, opened_sheet, plain

__all__ = ["Answered", "read_answered"]


_NAMES = tuple(COLUMNS)
_REASON_WORDS = {plain(words): reason for reason, words in REASONS.items()}
_UNCHANGED = ("number", "payer_name", "payer_psn_no", "insured_name", "insured_psn_no", "insured_area")


@dataclass(slots=True)
class Answered:
    """What the agency answers: keys that it approves, and why it strikes others out; not what was decided before."""

    approved: list[str] = field(default_factory=list)
    struck: dict[str, Struck] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Reading(SheetReading):
    by_key: dict[str, ListedLine]
    seen: dict[str, int] = field(default_factory=dict)
    answered: Answered = field(default_factory=Answered)


def read_answered(content: bytes, found: AccountListFacts, lines: Sequence[ListedLine]) -> Answered:
    """The answers of a file to this list. Raises FileFaults with every fault, each with its cell."""
    reading = _Reading(opened_sheet(content), _NAMES, by_key={one.line.key: one for one in lines})
    reading.read_form()
    reading.read_head(HEAD, head_of(found))
    reading.read_columns(HEADER_ROW, tuple(COLUMNS.values()))
    reading.refuse_shifted()
    reading.read_total(_read_rows(reading), found.amount)
    for key, listed in reading.by_key.items():
        if key not in reading.seen:
            reading.faults.append(FileFault("line_missing", "", key, str(listed.number)))
    if reading.faults:
        raise FileFaults(reading.faults)
    return reading.answered


def _read_rows(reading: _Reading) -> int:
    """Read the rows of lines. Gives the number of the total's row; 0 where there is none."""
    for row in range(FIRST_ROW, reading.sheet.max_row + 1):
        if reading.text(row, "number") == TOTAL:
            return row
        if reading.empty(row):
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
    reading.read_amount(row, listed.line.amount)
    _read_answer(reading, row, listed)


def _compare(reading: _Reading, row: int, listed: ListedLine) -> None:
    for name in _UNCHANGED:
        expected = listed.line.insured_area if name == "insured_area" else str(getattr(listed, name))
        if reading.text(row, name) != plain(expected):
            reading.fault("value_changed", row, name, reading.value(row, name), expected)


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
