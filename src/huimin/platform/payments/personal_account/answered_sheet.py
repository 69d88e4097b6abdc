"""A list that an agency answered, read back: whatever is wrong with the file is told at once, and nothing is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huimin.platform.payments.personal_account.agency import StrikeReason, Struck
from huimin.platform.payments.personal_account.models import LineState
from huimin.platform.payments.personal_account.reading import AccountListFacts, ListedLine
from huimin.platform.payments.personal_account.sheet import (
    APPROVE,
    COLUMNS,
    HEAD,
    REASONS,
    STRIKE_OUT,
    TOTAL,
    answer_of,
    head_of,
)
from huimin.platform.payments.sheet_reading import AnsweredList, SheetReading, opened_sheet, plain

__all__ = ["Answered", "read_answered"]


_REASON_WORDS = {plain(words): reason for reason, words in REASONS.items()}
_UNCHANGED = ("number", "payer_name", "payer_psn_no", "insured_name", "insured_psn_no")


@dataclass(slots=True)
class Answered:
    """What the agency answers: keys that it approves, and why it strikes others out; not what was decided before."""

    approved: list[str] = field(default_factory=list)
    struck: dict[str, Struck] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Reading(SheetReading):
    answered: Answered = field(default_factory=Answered)


def read_answered(content: bytes, found: AccountListFacts, lines: Sequence[ListedLine]) -> Answered:
    """The answers of a file to this list. Raises FileFaults with every fault, each with its cell."""
    reading = _Reading(opened_sheet(content), tuple(COLUMNS))
    reading.read_list(
        AnsweredList(HEAD, head_of(found), tuple(COLUMNS.values()), TOTAL, found.amount),
        "key",
        {one.line.key: one for one in lines},
        lambda row, listed: _read_line(reading, row, listed),
        lambda listed: (listed.line.key, str(listed.number)),
    )
    return reading.answered


def _read_line(reading: _Reading, row: int, listed: ListedLine) -> None:
    own = {name: str(getattr(listed, name)) for name in _UNCHANGED}
    reading.read_values(row, {**own, "insured_area": listed.line.insured_area})
    reading.read_amount(row, listed.line.amount)
    _read_answer(reading, row, listed)


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
