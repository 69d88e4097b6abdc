"""CSV as people have it: every record is accounted for, or a sentence says why the file cannot be used."""

from __future__ import annotations

import pytest

from files.clerks import Desk

HEADS = "setl_id,psn_no,setl_time,med_type,psn_part_amt,fulamt_ownpay_amt"
ROW = "S1,P1,2022-03-01,21,30000.00,0.00"


def unusable(desk: Desk, text: str, encoding: str = "utf-8") -> str:
    assert desk.adjudicate(desk.bills(text, encoding)) == 2
    assert not desk.out.exists()
    return desk.said


def test_a_quotation_mark_that_is_never_closed_refuses_the_file_and_swallows_no_bill(desk: Desk) -> None:
    rows = [f'{ROW},"市立医院', "S2,P2,2022-03-01,21,30000.00,0.00,市立医院", "S3,P2,2022-04-01,21,30000.00,0.00,x"]
    said = unusable(desk, "\n".join([f"{HEADS},fixmedins_name", *rows, ""]))
    assert "line 2: a quotation mark is opened and never closed" in said


def test_a_quotation_mark_that_the_next_record_closes_swallows_none(desk: Desk) -> None:
    """The number of cells comes out right: the second bill would stand inside the name of the first one's hospital."""
    text = f'{HEADS},fixmedins_name\n{ROW},"市立医院\nS2,P2,2022-03-01,21,30000.00,0.00,县医院"\n'
    assert "line 2: a quotation mark is opened and closed only in line 3" in unusable(desk, text)


def test_a_name_of_two_lines_is_a_name(desk: Desk) -> None:
    text = f'{HEADS},fixmedins_name\n{ROW},"市立医院\n（东院）"\nS2,P2,2022-03-01,21,30000.00,0.00,"县""立""医院"\n'
    assert desk.adjudicate(desk.bills(text)) == 0
    assert (desk.summary["rows_read"], desk.summary["payable"]) == (2, "26000.00")


def test_text_behind_a_closing_quotation_mark_is_no_cell(desk: Desk) -> None:
    said = unusable(desk, f'{HEADS},fixmedins_name\n{ROW},"市立"医院\n')
    assert "line 2: text behind a closing quotation mark" in said


@pytest.mark.parametrize("place", [0, 1])
def test_a_cell_too_long_to_be_one_is_named_by_its_line(desk: Desk, place: int) -> None:
    long = "x" * 200_000
    lines = [f'"{long}",{HEADS}', f"y,{ROW}"] if place == 0 else [f"备注,{HEADS}", f"{long},{ROW}"]
    assert f"line {place + 1}: a cell has more than 131,072 characters" in unusable(desk, "\n".join(lines) + "\n")


def test_a_file_that_was_cut_off_in_its_last_line_is_refused(desk: Desk) -> None:
    """30000.00 cut after three digits would be another amount, and the last field is missing."""
    said = unusable(desk, f"{HEADS}\n{ROW}\nS2,P2,2022-03-01,21,300")
    assert "line 3 ends after 5 of 6 fields" in said


def test_a_shorter_row_in_the_middle_has_empty_cells(desk: Desk) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS},reverses,备注\n{ROW}\nS2,P2,2022-03-01,21,30000.00,0.00,,x\n")) == 0
    assert desk.summary["rows_read"] == 2


def test_all_rows_with_too_many_fields_are_named_ten_of_them(desk: Desk) -> None:
    text = "\n".join([HEADS, *[f"{ROW},x"] * 12, ""])
    said = unusable(desk, text)
    assert "has 12 faults" in said
    assert "line 11 has more fields than the first line has columns: 7, not 6" in said
    assert "line 12" not in said
    assert "and 2 more" in said


def test_cells_behind_the_last_column_that_say_nothing_are_no_cells(desk: Desk) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS}\n{ROW},,,\n")) == 0


@pytest.mark.parametrize("blank", ["", ",,,,,", " , ,\t,,,"])
def test_a_line_that_says_nothing_is_no_row(desk: Desk, blank: str) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS}\n{blank}\n{ROW}\n{blank}\n")) == 0
    assert desk.summary["rows_read"] == 1


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_separate_as_commas_do(desk: Desk, mark: str) -> None:
    text = f'{HEADS},diag_codes\n{ROW},"C34.900;I10"\n'.replace(",", mark)
    assert desk.adjudicate(desk.bills(text)) == 0
    assert desk.summary["payable"] == "13000.00"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_line_that_tells_excel_the_separator_tells_it_here(desk: Desk, mark: str) -> None:
    assert desk.adjudicate(desk.bills(f"sep={mark}\n" + f"{HEADS}\n{ROW}\n".replace(",", mark))) == 0
    assert (desk.summary["rows_read"], desk.summary["payable"]) == (1, "13000.00")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_that_programs_write_is_read(desk: Desk, encoding: str) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS},医院\n{ROW},市立医院\n", encoding)) == 0
    assert desk.summary["ignored_columns"] == ["医院"]


def test_names_of_columns_in_capitals_with_blanks_or_full_width_are_the_names(desk: Desk) -> None:
    heads = HEADS.upper().replace("PSN_NO", " psn_no ").replace("MED_TYPE", "ｍed_type")
    assert desk.adjudicate(desk.bills(f"{heads}\n{ROW}\n")) == 0
    assert desk.summary["payable"] == "13000.00"


def test_a_title_above_the_names_of_columns_is_named_as_what_it_is(desk: Desk) -> None:
    said = unusable(desk, f"某县人民医院医保结算明细,,,\n\n{HEADS}\n{ROW}\n")
    assert "line 1 says '某县人民医院医保结算明细', and the names of the columns stand in line 3" in said
    assert "delete what stands above them" in said


def test_missing_columns_are_said_beside_those_that_were_found(desk: Desk) -> None:
    said = unusable(desk, "结算号|人员编号\n1|2\n")
    assert "the columns setl_id, psn_no, setl_time are missing; found the columns 结算号|人员编号" in said
    assert "(none)" in unusable(desk, "")


def test_blank_columns_that_a_spreadsheet_saves_behind_the_last_are_left_out(desk: Desk) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS},,\n{ROW},,\n")) == 0
    assert (desk.summary["payable"], desk.summary["ignored_columns"]) == ("13000.00", [])


def test_a_cell_below_no_name_is_accounted_for(desk: Desk) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS},,\n{ROW},,\nS2,P2,2022-03-01,21,30000.00,0.00,,见附件\n")) == 0
    assert desk.summary["ignored_columns"] == ["column 8, which has no name"]
    assert "Columns of the settlements that were not read: column 8, which has no name" in desk.said


def test_two_columns_of_one_name_that_nobody_reads_are_both_named(desk: Desk) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS},备注,备注\n{ROW},a,b\n")) == 0
    assert desk.summary["ignored_columns"] == ["备注", "备注"]
    assert "备注, 备注" in desk.said


def test_all_faults_of_the_first_line_are_said_at_once(desk: Desk) -> None:
    said = unusable(desk, "setl_id,SETL_ID,psn_no,psn_part_amt,psn_part_amt_fen,items_fen\n")
    assert "has 4 faults" in said
    assert "the columns setl_time are missing" in said
    assert "found the column setl_id twice" in said
    assert "found the column psn_part_amt twice, in yuan and as psn_part_amt_fen in fen" in said
    assert "found the column items_fen; expected items, whose cells list amounts in yuan" in said


def test_a_nul_byte_is_named_by_its_line(desk: Desk) -> None:
    assert "line 2 holds a NUL byte" in unusable(desk, f"{HEADS}\nS\x001,P1,2022-03-01,21,30000.00,0.00\n")


def test_an_excel_file_under_the_name_of_csv_is_told_as_one(desk: Desk) -> None:
    desk.sheets("book.xlsx", {"1": [HEADS.split(",")]}).rename(desk.home / "settlements.csv")
    assert desk.adjudicate(desk.home / "settlements.csv") == 2
    assert "found an Excel file; expected text" in desk.said


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        *((name, "Save it as .xlsx") for name in ("s.xls", "s.xlsm", "s.et")),
        *((name, "name the file .csv") for name in ("s.txt", "s.tsv")),
    ],
)
def test_other_endings_are_told_what_to_be_saved_as(desk: Desk, name: str, advice: str) -> None:
    assert desk.adjudicate(desk.text(name, "")) == 2
    assert advice in desk.said


def test_ids_that_a_spreadsheet_has_rounded_do_not_make_one_person_of_two(desk: Desk) -> None:
    people = "psn_no,cover_from,cover_to\n" + "3.20101E+17,2022-01-01,2022-12-31\n" * 2
    rows = [f"S{n},3.20101E+17,2022-03-0{n},21,30000,0" for n in (1, 2)]
    assert desk.adjudicate(desk.bills("\n".join([HEADS, *rows, ""])), desk.text("m.csv", people)) == 3
    assert [setl_id for setl_id, _ in desk.refused] == ["S1", "S2"]
    assert "a number that a spreadsheet has rounded; format the column as text" in desk.reasons[0]


@pytest.mark.parametrize("text", ["3.20101E+17", "3.2010119900101e+17", "1E+05", "#N/A"])
@pytest.mark.parametrize("column", ["setl_id", "psn_no", "reverses"])
def test_a_spoilt_id_refuses_its_row_and_no_other(desk: Desk, column: str, text: str) -> None:
    spoilt = {"setl_id": "S2", "psn_no": "P2", "reverses": ""} | {column: text}
    row = f"{spoilt['setl_id']},{spoilt['psn_no']},2022-03-01,21,30000.00,0.00,{spoilt['reverses']}"
    assert desk.adjudicate(desk.bills(f"{HEADS},reverses\n{ROW},\n{row}\n")) == 3
    assert desk.refused == [(spoilt["setl_id"], "reverses_unknown" if column == "reverses" else "spoilt_id")]
    assert desk.summary["payable"] == "13000.00"


@pytest.mark.parametrize("text", ["1E17", "3E5", "2022.03.01-7", "A+1", "C34.900", "320101199001010010"])
def test_an_id_that_only_looks_a_little_like_a_number_is_an_id(desk: Desk, text: str) -> None:
    assert desk.adjudicate(desk.bills(f"{HEADS}\n{ROW}\n".replace("S1", text))) == 0
