"""A statement as an Excel file: what a hospital answers on it, and what may be wrong with what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from huimin.platform.clearing.answered_sheet import read_answers
from huimin.platform.clearing.answering import Answers, Disputed
from huimin.platform.clearing.models import DisputeReason, LineKind, LineState
from huimin.platform.clearing.sheet import COLUMNS, TITLE, write_statement
from huimin.platform.clearing.statement_facts import LineFacts, LineSums, StatementFacts
from huimin.platform.payments.file_faults import FileFaults
from huimin.platform.web.statement_words import sheet_sentences

APRIL = date(2022, 4, 1)
STATEMENT = StatementFacts(
    id=1,
    client_id=1,
    party="hospital:hospital-1",
    month=APRIL,
    rows=3,
    amount=100_50,
    digest="d" * 64,
    answer_until=date(2022, 5, 13),
    made_at=datetime(2022, 5, 3),
    by_state={},
    paid=LineSums(),
    paying=LineSums(),
    day=APRIL,
)


def line(number: int, amount: int, **fields: Any) -> LineFacts:
    whole = LineFacts(
        id=number,
        statement_id=1,
        number=number,
        setl_id=f"S{number}",
        kind=LineKind.SETTLEMENT,
        cause_sender="hospital-1",
        cause_number=f"S{number}",
        discharged_on=APRIL,
        settled_on=APRIL,
        earlier_month=None,
        amount=amount,
        state=LineState.OPEN,
        reason="",
        note="",
        answered_at=None,
        payout=None,
    )
    return replace(whole, **fields)


REVERSED = line(
    3, -50_00, kind=LineKind.REVERSAL, cause_number="R3", discharged_on=None, earlier_month=date(2022, 3, 1)
)
LINES = [line(1, 100_00), line(2, 50_50), REVERSED]
FIRST, LAST, TOTAL = 8, 10, 11
Change = Callable[[Worksheet], Any]


def sheet(*changes: Change, lines: list[LineFacts] = LINES) -> bytes:
    book = openpyxl.load_workbook(BytesIO(write_statement(STATEMENT, lines)))
    for change in changes:
        change(book.active)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def put(place: str, value: Any) -> Change:
    return lambda found: found.__setitem__(place, value)


def refused(content: bytes, lines: list[LineFacts] = LINES) -> FileFaults:
    with pytest.raises(FileFaults) as caught:
        read_answers(content, STATEMENT, lines)
    return caught.value


def test_the_sheet_says_what_it_is_and_has_each_line() -> None:
    found = openpyxl.load_workbook(BytesIO(sheet())).active
    assert found["A1"].value == TITLE
    assert [found[f"B{row}"].value for row in range(2, 6)] == [
        "hospital:hospital-1",
        "2022-04",
        "2022-05-13",
        "d" * 64,
    ]
    assert [cell.value for cell in found[7]] == list(COLUMNS.values())
    assert [cell.value for cell in found[LAST]][:8] == [3, "S3", "冲销", None, "2022-04-01", "R3", "2022-03", -50]
    assert [found[f"A{TOTAL}"].value, found[f"H{TOTAL}"].value] == ["合计", 100.5]
    places = sorted(str(one.sqref) for one in found.data_validations.dataValidation)
    assert places == [f"I{FIRST}:I{LAST}", f"J{FIRST}:J{LAST}"]


def test_lines_are_agreed_to_and_disputed_and_what_is_empty_stays_open() -> None:
    changes = (put("I8", "同意"), put("I9", " 有异议"), put("J9", "其他（须说明）"), put("K9", "重名"))
    assert read_answers(sheet(*changes), STATEMENT, LINES) == Answers([1], {2: Disputed(DisputeReason.OTHER, "重名")})
    assert read_answers(sheet(), STATEMENT, LINES) == Answers([], {})


def test_what_was_answered_before_stands_in_the_sheet_and_comes_back_as_it_is() -> None:
    lines = [
        line(1, 100_00, state=LineState.AGREED),
        line(2, 50_50, state=LineState.STANDS, reason="other_amount", note="账面少 12 元"),
        replace(REVERSED, state=LineState.DISPUTED, reason="reversed"),
    ]
    expected = {2: Disputed(DisputeReason.OTHER_AMOUNT, "账面少 12 元"), 3: Disputed(DisputeReason.REVERSED)}
    assert read_answers(sheet(lines=lines), STATEMENT, lines) == Answers([1], expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([put("B2", "hospital:hospital-2")], [("other_list", "B2")]),
        ([put("B3", "2022-03")], [("other_list", "B3")]),
        ([put("B5", "e" * 64)], [("other_list", "B5")]),
        ([put("A2", "医院")], [("head_changed", "A2")]),
        ([put("H7", "金额")], [("column_changed", "H7")]),
        ([put("A8", 9)], [("unknown_line", "A8"), ("line_missing", "")]),
        ([put("A9", 1)], [("line_twice", "A9"), ("line_missing", "")]),
        ([lambda found: found.delete_rows(9)], [("line_missing", "")]),
        ([lambda found: found.delete_rows(TOTAL)], [("total_missing", "")]),
        ([put("B8", "S9")], [("value_changed", "B8")]),
        ([put("C10", "结算")], [("value_changed", "C10")]),
        ([put("D10", "2022-04-02")], [("value_changed", "D10")]),
        ([put("F10", None)], [("value_changed", "F10")]),
        ([put("H8", 100.01)], [("amount_changed", "H8")]),
        ([put("H10", 50)], [("amount_changed", "H10")]),
        ([put("H8", "一百")], [("amount_not_a_number", "H8")]),
        ([put(f"H{TOTAL}", 100)], [("total_changed", f"H{TOTAL}")]),
        ([put("H8", "=1+99")], [("formula", "H8")]),
        ([put("L8", "x")], [("beside_the_table", "L8")]),
        ([put("I8", "好")], [("answer_unknown", "I8")]),
        ([put("K8", "x")], [("answer_missing", "I8")]),
        ([put("I8", "同意"), put("J8", "已冲销")], [("reason_without_dispute", "J8")]),
        ([put("I8", "有异议")], [("reason_missing", "J8")]),
        ([put("I8", "有异议"), put("J8", "不喜欢")], [("reason_unknown", "J8")]),
        ([put("I8", "有异议"), put("J8", "其他（须说明）")], [("note_missing", "K8")]),
        (
            [put("I8", "好"), put("H9", 1), put("J10", "x")],
            [("answer_unknown", "I8"), ("amount_changed", "H9"), ("answer_missing", "I10")],
        ),
    ],
)
def test_every_fault_of_a_sheet_is_told_with_its_cell(changes: list[Change], expected: list[tuple[str, str]]) -> None:
    error = refused(sheet(*changes))
    assert [(one.kind, one.place) for one in error.faults] == expected
    assert all(sheet_sentences(error))


@pytest.mark.parametrize(
    ("state", "changes", "expected"),
    [
        ("agreed", [put("I8", "有异议"), put("J8", "已冲销")], [("decided_already", "I8")]),
        ("agreed", [put("I8", None)], [("answer_removed", "I8")]),
        ("stands", [put("I8", "同意"), put("J8", None)], [("decided_already", "I8")]),
        ("to_correct", [put("J8", "已冲销")], [("decided_already", "J8")]),
        ("disputed", [put("I8", None)], [("answer_removed", "I8")]),
    ],
)
def test_what_was_answered_or_decided_is_not_answered_otherwise(
    state: str, changes: list[Change], expected: list[tuple[str, str]]
) -> None:
    reason = "" if state == "agreed" else "not_ours"
    lines = [line(1, 100_00, state=LineState(state), reason=reason), *LINES[1:]]
    assert [(one.kind, one.place) for one in refused(sheet(*changes, lines=lines), lines).faults] == expected


def test_a_disputed_line_may_be_agreed_to_after_all() -> None:
    lines = [line(1, 100_00, state=LineState.DISPUTED, reason="not_ours"), *LINES[1:]]
    content = sheet(put("I8", "同意"), put("J8", None), lines=lines)
    assert read_answers(content, STATEMENT, lines) == Answers([1], {})


@pytest.mark.parametrize(
    ("content", "kind"), [(b"", "not_a_workbook"), (b"PK", "not_a_workbook"), (b"x" * 20_000_001, "too_large")]
)
def test_what_is_no_workbook_is_refused(content: bytes, kind: str) -> None:
    assert [one.kind for one in refused(content).faults] == [kind]
