"""Excel files: every cell of the sheet is accounted for, whatever program wrote the file."""

from __future__ import annotations

from datetime import datetime

import pytest

from files.clerks import BILL, HEADS, Desk, with_xml

SHEET = "xl/worksheets/sheet1.xml"
TEN = [HEADS, *((f"S{n}", "P1", f"2022-03-{n:02}", 21, 30000, 0) for n in range(1, 11))]


@pytest.mark.parametrize("size", ["A1:F4", "A1:F1", "A1", "A1:F11"])
def test_the_size_that_a_sheet_says_it_has_is_not_believed(desk: Desk, size: str) -> None:
    path = with_xml(desk.sheets("s.xlsx", {"1": TEN}), SHEET, 'ref="A1:F11"', f'ref="{size}"')
    assert desk.adjudicate(path) == 0
    assert desk.summary["rows_read"] == 10


def test_sheets_that_were_not_read_are_named_hidden_ones_too(desk: Desk) -> None:
    path = desk.sheets("s.xlsx", {"说明": [["x"]], "3月": TEN, "4月": TEN, "旧": TEN}, hidden=["说明", "旧"])
    assert desk.adjudicate(path) == 0
    assert desk.summary["rows_read"] == 10
    assert desk.summary["sheets"] == {
        "settlements": {"read": "3月", "not_read": ["说明 (hidden)", "4月", "旧 (hidden)"]}
    }
    assert "In the settlements the sheet 3月 was read; not read: 说明 (hidden), 4月, 旧 (hidden)" in desk.said


def test_a_formula_whose_value_was_never_stored_refuses_the_file_with_its_cell(desk: Desk) -> None:
    rows = [(*HEADS, "charity_pay"), (*BILL, "=E2-1000"), (*BILL, '=IF(1=1,"",0)')]
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": rows})) == 2
    assert "sheet '1', cell G2: a formula without a stored value; open the file in Excel and save it" in desk.said
    assert "G3" in desk.said
    people = [("psn_no", "cover_from", "cover_to", "pre_existing"), ("P1", "2022-01-01", "2022-12-31", "=IF(1=1,1,0)")]
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": TEN}), desk.sheets("m.xlsx", {"1": people})) == 2
    assert "cell D2: a formula without a stored value" in desk.said


def test_a_formula_with_its_value_is_its_value_and_an_empty_text_is_empty(desk: Desk) -> None:
    path = desk.sheets("s.xlsx", {"1": [(*HEADS, "charity_pay", "diag_codes"), (*BILL, "=E2-1000", '=""')]})
    with_xml(path, SHEET, "<f>E2-1000</f><v />", "<f>E2-1000</f><v>29000</v>")
    with_xml(path, SHEET, '<c r="H2"><f>""</f><v />', '<c r="H2" t="str"><f>""</f><v></v>')
    assert desk.adjudicate(path) == 0
    assert desk.summary["refused"] == 0


def test_a_formula_in_a_column_that_nobody_reads_does_not_matter(desk: Desk) -> None:
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": [(*HEADS, "备注"), (*BILL, "=E2-1000")]})) == 0


def test_an_error_of_a_formula_is_no_value(desk: Desk) -> None:
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": [(*HEADS, "fixmedins_code"), (*BILL, "#N/A")]})) == 2
    assert "cell G2: an error of a formula; expected a value" in desk.said


def test_numbers_of_people_that_excel_has_rounded_are_refused(desk: Desk) -> None:
    """A number cell holds fifteen digits: the two numbers, which differ in the eighteenth, are one already."""
    people = [("psn_no", "cover_from", "cover_to")]
    people += [(320101198001010010 + n, "2022-01-01", "2022-12-31") for n in (1, 2)]  # type: ignore[misc]
    bills = [HEADS, *((f"S{n}", 320101198001010010 + n, "2022-03-01", 21, 30000, 0) for n in (1, 2))]
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": bills}), desk.sheets("m.xlsx", {"1": people})) == 3
    assert desk.summary["adjudicated"] == 0
    assert "a number that a spreadsheet has rounded" in desk.reasons[0]


def test_numbers_of_fifteen_digits_are_whole_in_excel(desk: Desk) -> None:
    people = [("psn_no", "cover_from", "cover_to"), (999_999_999_999_999, datetime(2022, 1, 1), "2022-12-31")]
    bills = [HEADS, ("S1", 999_999_999_999_999, "2022-03-01", 21, 30000, 0)]
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": bills}), desk.sheets("m.xlsx", {"1": people})) == 0


def test_a_title_above_the_names_of_columns_is_named_with_its_sheet(desk: Desk) -> None:
    assert desk.adjudicate(desk.sheets("s.xlsx", {"明细": [["某县人民医院医保结算明细"], *TEN]})) == 2
    assert "sheet '明细': row 1 says '某县人民医院医保结算明细'" in desk.said
    assert "the names of the columns stand in row 2" in desk.said


def test_blank_rows_are_no_rows_as_in_csv(desk: Desk) -> None:
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": [[], HEADS, [], BILL, [" ", None, ""], []]})) == 0
    assert desk.summary["rows_read"] == 1
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": [HEADS, [], ("", *BILL[1:])]})) == 3
    assert desk.reasons[0].startswith("row 3: expected setl_id")


def test_amounts_of_formulas_that_leave_a_trace_of_floats_are_their_fen(desk: Desk) -> None:
    assert desk.adjudicate(desk.sheets("s.xlsx", {"1": [HEADS, (*BILL[:4], 0.1 + 0.2 + 30000, 0)]})) == 0
    assert desk.summary["payable"] == "13000.20"
