"""A list as an Excel file: what an agency answers on it, and everything that may be wrong with what comes back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from cast import STRANGER, WANG_FANG
from huimin.platform.payments.file_faults import FileFaults
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck
from huimin.platform.payments.personal_account.answered_sheet import Answered, read_answered
from huimin.platform.payments.personal_account.reading import AccountLineFacts, AccountListFacts, ListedLine
from huimin.platform.payments.personal_account.sheet import COLUMNS, REASONS, TITLE, write_list

LIST = AccountListFacts(1, "329901", date(2022, 2, 1), 1, "d" * 64, 3, 474_00, datetime(2022, 3, 1), {})


def line(number: int, *, state: str = "listed", name: str = "王芳") -> ListedLine:
    facts = AccountLineFacts(f"A{number}", state, "", 158_00, "self", "329901", "329902", "monthly_list", "order")
    return ListedLine(number, facts, name, WANG_FANG, f"被保险人{number}", f"P0000000{number}")


LINES = [line(1), line(2), line(3)]
FIRST, LAST, TOTAL = 8, 10, 11
Change = Callable[[Worksheet], Any]


def sheet(*changes: Change, lines: list[ListedLine] = LINES, answer: str = "同意") -> bytes:
    """The list, answered with one word everywhere, and then changed."""
    book = openpyxl.load_workbook(BytesIO(write_list(LIST, lines)))
    found = book.active
    for row in range(FIRST, FIRST + len(lines)):
        found[f"I{row}"] = answer
    for change in changes:
        change(found)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def put(place: str, value: Any) -> Change:
    return lambda found: found.__setitem__(place, value)


def faults(content: bytes, lines: list[ListedLine] = LINES) -> list[tuple[str, str]]:
    with pytest.raises(FileFaults) as refused:
        read_answered(content, LIST, lines)
    return [(one.kind, one.place) for one in refused.value.faults]


def test_every_line_and_nothing_else_has_the_answers_to_choose_from() -> None:
    found = openpyxl.load_workbook(BytesIO(write_list(LIST, LINES))).active
    places = sorted(str(one.sqref) for one in found.data_validations.dataValidation)
    assert places == [f"I{FIRST}:I{LAST}", f"J{FIRST}:J{LAST}"]


def test_a_file_that_approves_all_is_read() -> None:
    assert read_answered(sheet(), LIST, LINES) == Answered(["A1", "A2", "A3"], {})


def test_lines_are_struck_out_with_a_reason_and_in_the_agencys_words() -> None:
    changes = (
        put("I8", "剔除"),
        put("J8", "余额不足"),
        put("I9", "剔除"),
        put("J9", "其他（须说明）"),
        put("K9", "重名"),
    )
    found = read_answered(sheet(*changes), LIST, LINES)
    assert found.approved == ["A3"]
    assert found.struck == {
        "A1": Struck(StrikeReason.BALANCE_TOO_LOW),
        "A2": Struck(StrikeReason.OTHER, "重名"),
    }


@pytest.mark.parametrize(
    "change",
    [
        put("I8", " 同意 "),
        put("A8", "1"),
        put("H8", 158),
        put("J8", ""),
        put("B3", "２０２２-02"),
        lambda found: setattr(found["H8"], "number_format", "General"),
        lambda found: found.column_dimensions.__getitem__("B").__setattr__("width", 5),
    ],
)
def test_what_spreadsheets_do_to_a_file_by_themselves_changes_nothing(change: Change) -> None:
    assert len(read_answered(sheet(change), LIST, LINES).approved) == 3


def test_lines_that_were_decided_before_are_neither_decided_again_nor_a_fault() -> None:
    lines = [line(1, state="struck_out"), line(2, state="received"), line(3)]
    content = sheet(put("I8", "剔除"), put("J8", "余额不足"), lines=lines)
    assert read_answered(content, LIST, lines) == Answered(["A3"], {})


def struck(reason: str) -> Change:
    """The first line is struck out for this reason."""

    def change(found: Worksheet) -> None:
        found["I8"], found["J8"] = "剔除", reason

    return change


def second_sheet(found: Worksheet) -> None:
    found.parent.create_sheet("二")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (second_sheet, [("several_sheets", "")]),
        (put("B2", "329902"), [("other_list", "B2")]),
        (put("B3", "2022-01"), [("other_list", "B3")]),
        (put("B3", datetime(2022, 2, 1)), [("other_list", "B3")]),
        (put("B4", 2), [("other_list", "B4")]),
        (put("B5", "e" * 64), [("other_list", "B5")]),
        (put("A2", "地区"), [("head_changed", "A2")]),
        (put("H7", "金额"), [("column_changed", "H7")]),
        (lambda found: found.delete_cols(9), [("column_changed", place) for place in ("I7", "J7", "K7")]),
        (put("B8", "A9"), [("unknown_line", "B8"), ("line_missing", "")]),
        (put("B8", None), [("unknown_line", "B8"), ("line_missing", "")]),
        (put("B9", "A1"), [("line_twice", "B9"), ("line_missing", "")]),
        (lambda found: found.delete_rows(9), [("line_missing", "")]),
        (put("H8", 158.01), [("amount_changed", "H8")]),
        (put("H8", 157), [("amount_changed", "H8")]),
        (put("H8", -158), [("amount_changed", "H8")]),
        (put("H8", 158.001), [("amount_below_fen", "H8")]),
        (put("H8", "158.00"), [("amount_not_a_number", "H8")]),
        (put("H8", "一百五十八元"), [("amount_not_a_number", "H8")]),
        (put("H8", True), [("amount_not_a_number", "H8")]),
        (put("H8", None), [("amount_not_a_number", "H8")]),
        (put("H8", datetime(2022, 2, 1)), [("amount_not_a_number", "H8")]),
        (put("H8", "=79+79"), [("formula", "H8")]),
        (put("K8", '=HYPERLINK("x")'), [("formula", "K8")]),
        (put("H8", "#REF!"), [("error_value", "H8")]),
        (put("A8", 7), [("value_changed", "A8")]),
        (put("C8", "王方"), [("value_changed", "C8")]),
        (put("D8", STRANGER), [("value_changed", "D8")]),
        (put("E8", "别人"), [("value_changed", "E8")]),
        (put("F8", 12345678901), [("value_changed", "F8")]),
        (put("G8", "329901"), [("value_changed", "G8")]),
        (put("I8", None), [("answer_missing", "I8")]),
        (put("I8", "是"), [("answer_unknown", "I8")]),
        (put("I8", "剔除"), [("reason_missing", "J8")]),
        (put("J8", "余额不足"), [("reason_without_strike", "J8")]),
        (struck("不行"), [("reason_unknown", "J8")]),
        (struck(REASONS[StrikeReason.OTHER]), [("note_missing", "K8")]),
        (lambda found: found.merge_cells("C8:C9"), [("merged_cells", "C8:C9"), ("value_changed", "C9")]),
        (put("M8", "?"), [("beside_the_table", "M8")]),
        (lambda found: found.insert_rows(9), [("empty_row", "9")]),
        (lambda found: setattr(found.row_dimensions[8], "hidden", True), [("hidden", "8")]),
        (lambda found: setattr(found.column_dimensions["H"], "hidden", True), [("hidden", "H")]),
        (put("H11", 474.01), [("total_changed", "H11")]),
        (put("H11", "=SUM(H8:H10)"), [("formula", "H11")]),
        (lambda found: found.delete_rows(TOTAL), [("total_missing", "")]),
        (put("A12", "注"), [("after_the_total", "12")]),
        (put("A13", "注"), [("after_the_total", "13")]),
    ],
)
def test_a_file_that_came_back_wrong_is_refused_at_the_cell(change: Change, expected: list[tuple[str, str]]) -> None:
    assert faults(sheet(change)) == expected


def test_of_a_table_that_has_moved_its_head_alone_is_told() -> None:
    assert {kind for kind, _ in faults(sheet(lambda found: found.delete_rows(2)))} == {"head_changed", "column_changed"}


def test_a_line_that_was_decided_is_not_decided_otherwise() -> None:
    lines = [line(1, state="struck_out"), line(2, state="approved"), line(3)]
    content = sheet(put("I9", "剔除"), put("J9", "余额不足"), lines=lines)
    assert faults(content, lines) == [("decided_already", "I8"), ("decided_already", "I9")]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9])
def test_what_is_no_workbook_is_said_to_be_none(content: bytes) -> None:
    assert faults(content) == [("not_a_workbook", "")]


def test_a_file_larger_than_any_list_is_not_opened() -> None:
    assert faults(b"x" * 20_000_001) == [("too_large", "")]


def test_everything_is_told_at_once() -> None:
    changes = (put("B3", "2022-01"), put("H8", 1), put("I9", None), put("B10", "A9"), put("H11", 3))
    assert faults(sheet(*changes)) == [
        ("other_list", "B3"),
        ("amount_changed", "H8"),
        ("answer_missing", "I9"),
        ("unknown_line", "B10"),
        ("total_changed", "H11"),
        ("line_missing", ""),
    ]


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    lines = [line(1, name="=王芳"), line(2), line(3)]
    assert len(read_answered(sheet(lines=lines), LIST, lines).approved) == 3


def test_every_reason_and_column_has_words() -> None:
    assert set(REASONS) == set(StrikeReason)
    assert len(set(REASONS.values())) == len(REASONS)
    assert len(set(COLUMNS.values())) == len(COLUMNS)


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml"])
def test_a_workbook_that_brings_a_program_or_looks_elsewhere_is_refused(part: str) -> None:
    content = BytesIO(sheet())
    with zipfile.ZipFile(content, "a") as packed:
        packed.writestr(part, b"x")
    assert faults(content.getvalue()) == [("macros_or_links", "")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (second_sheet, ("several_sheets", "清单, 二", "1")),
        (put("B3", "2022-01"), ("other_list", "2022-01", "2022-02")),
        (put("A2", "地区"), ("head_changed", "地区", "统筹区")),
        (put("H7", "金额"), ("column_changed", "金额", "金额（元）")),
        (put("B8", "A9"), ("unknown_line", "A9", "")),
        (put("B9", "A1"), ("line_twice", "A1", "8")),
        (lambda found: found.delete_rows(9), ("line_missing", "A2", "2")),
        (put("H8", 158.01), ("amount_changed", "158.01", "158.00")),
        (put("H8", 158.001), ("amount_below_fen", "158.001", "158.00")),
        (put("H8", "158"), ("amount_not_a_number", "158", "158.00")),
        (put("C8", "王方"), ("value_changed", "王方", "王芳")),
        (put("G8", "329901"), ("value_changed", "329901", "329902")),
        (put("I8", None), ("answer_missing", "", "同意 / 剔除")),
        (put("I8", "是"), ("answer_unknown", "是", "同意 / 剔除")),
        (put("J8", "余额不足"), ("reason_without_strike", "余额不足", "")),
        (put("H11", 474.01), ("total_changed", "474.01", "474.00")),
        (lambda found: found.delete_rows(TOTAL), ("total_missing", "", "474.00")),
    ],
)
def test_a_fault_says_what_was_found_and_what_was_expected(change: Change, expected: tuple[str, str, str]) -> None:
    with pytest.raises(FileFaults) as refused:
        read_answered(sheet(change), LIST, LINES)
    fault = refused.value.faults[0]
    assert (fault.kind, fault.found, fault.expected) == expected


def test_the_sheet_begins_with_what_it_is() -> None:
    assert openpyxl.load_workbook(BytesIO(write_list(LIST, LINES))).active["A1"].value == TITLE


def test_each_column_is_wide_enough_for_what_stands_in_it() -> None:
    found = openpyxl.load_workbook(BytesIO(write_list(LIST, LINES))).active
    widths = {name: found.column_dimensions[letter].width for name, letter in zip(COLUMNS, "ABCDEFGHIJK", strict=True)}
    assert widths == {
        "number": 6,
        "key": 28,
        "payer_name": 12,
        "payer_psn_no": 16,
        "insured_name": 12,
        "insured_psn_no": 16,
        "insured_area": 14,
        "amount": 12,
        "answer": 10,
        "reason": 20,
        "note": 30,
    }
