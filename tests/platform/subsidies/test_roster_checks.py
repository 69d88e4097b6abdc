"""Forty ways in which a roster can be wrong: each is told by row, all of them at once."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from huimin.platform.demonstration.population import people
from huimin.platform.subsidies.reasons import Reason, reason_of
from huimin.platform.subsidies.roster_checks import check_rows
from huimin.platform.subsidies.roster_files import Row, RowFault, read_rows

TODAY = date(2022, 2, 15)
WANG = next(iter(people(1)))
CHILD = list(people(4))[3]
HEAD = "姓名,身份证号,资助类别,有效期起,有效期止"
GOOD = f"{WANG.name},{WANG.id_number},低保,2022-01-01,2022-12-31"


def row(number: int = 2, **changes: str) -> Row:
    given = {
        "name": WANG.name,
        "id_number": WANG.id_number,
        "reason": "低保对象",
        "valid_from": "2022-01-01",
        "valid_to": "2022-12-31",
    }
    return Row(number, **{**given, **changes})


def faults(*rows: Row, paid_for: set[str] | None = None) -> list[tuple[int, str, str]]:
    listed, found = check_rows(rows, TODAY, paid_for)
    assert len(listed) + len({one.row for one in found}) == len(rows), "a row is taken, or has a fault"
    return [(one.row, one.field, one.code) for one in found]


def other_check_digit(number: str) -> str:
    return number[:17] + ("0" if number[17] != "0" else "1")


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "no name": ({"name": ""}, "name", "missing"),
    "a name of blanks": ({"name": "　"}, "name", "missing"),
    "a name that is a telephone number": ({"name": "13800000000"}, "name", "name_is_number"),
    "a name that is a serial number": ({"name": "00012"}, "name", "name_is_number"),
    "a name of 51 characters": ({"name": "王" * 51}, "name", "name_too_long"),
    "a name with a bracket": ({"name": "王芳(女)"}, "name", "name_characters"),
    "a name with a question mark of a lost character": ({"name": "王?"}, "name", "name_characters"),
    "a name with a digit": ({"name": "王芳2"}, "name", "name_characters"),
    "no number": ({"id_number": ""}, "id_number", "missing"),
    "a number in scientific form": ({"id_number": "3.29901E+17"}, "id_number", "number_spoilt"),
    "a number whose last digits a spreadsheet made zeros": (
        {"id_number": WANG.id_number[:15] + "000"},
        "id_number",
        "number_spoilt",
    ),
    "a number shown as a column that is too narrow": ({"id_number": "########"}, "id_number", "number_spoilt"),
    "a telephone in the place of the number": ({"id_number": "13800000000"}, "id_number", "number_is_telephone"),
    "a number of the first generation": ({"id_number": "320102500307123"}, "id_number", "number_old"),
    "a number of 17 digits": ({"id_number": WANG.id_number[:17]}, "id_number", "number_length"),
    "a number of 19 digits": ({"id_number": WANG.id_number + "1"}, "id_number", "number_length"),
    "a wrong check digit": ({"id_number": other_check_digit(WANG.id_number)}, "id_number", "number_wrong"),
    "a letter within the number": ({"id_number": "A" + WANG.id_number[1:]}, "id_number", "number_wrong"),
    "no reason": ({"reason": ""}, "reason", "missing"),
    "an unknown reason": ({"reason": "老乡"}, "reason", "reason_unknown"),
    "two reasons in one cell": ({"reason": "低保、重残"}, "reason", "reason_unknown"),
    "an adult among the orphans": ({"reason": "孤儿"}, "reason", "orphan_of_age"),
    "a woman of 43 among the very old": ({"reason": "高龄老人"}, "reason", "elderly_too_young"),
    "no first day": ({"valid_from": ""}, "valid_from", "missing"),
    "no last day": ({"valid_to": ""}, "valid_to", "missing"),
    "a day that is no day": ({"valid_from": "2022-02-30"}, "valid_from", "day_unreadable"),
    "a day first, then the month": ({"valid_from": "31/12/2021"}, "valid_from", "day_unreadable"),
    "a day as a serial number of a spreadsheet": ({"valid_to": "44926"}, "valid_to", "day_unreadable"),
    "a month alone": ({"valid_to": "2022-12"}, "valid_to", "day_unreadable"),
    "words": ({"valid_to": "长期"}, "valid_to", "day_unreadable"),
    "an end before the beginning": (
        {"valid_from": "2022-06-01", "valid_to": "2022-05-31"},
        "valid_to",
        "ends_before_it_begins",
    ),
    "over since yesterday": ({"valid_to": "2022-02-14"}, "valid_to", "over_already"),
    "valid for longer than any list is": ({"valid_to": "2099-12-31"}, "valid_to", "too_long_valid"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_row_with_one_fault_is_told_with_it_and_no_other(what: str) -> None:
    changes, field, code = WRONG[what]
    assert faults(row(**changes)) == [(2, field, code)]


def test_a_row_in_order_is_taken_as_it_stands() -> None:
    listed, found = check_rows([row()], TODAY)
    assert found == []
    (one,) = listed
    assert (one.row, one.name, one.number.number) == (2, WANG.name, WANG.id_number)
    assert (one.reason, one.valid_from, one.valid_to) == (Reason.LOW_INCOME, date(2022, 1, 1), date(2022, 12, 31))


def test_an_entry_whose_last_day_is_today_is_taken() -> None:
    assert faults(row(valid_to="2022-02-15")) == []


@pytest.mark.parametrize(
    "day", ["2022-01-01", "2022/1/1", "2022.1.1", "20220101", "2022年1月1日", "２０２２-01-01", "2022-01-01 00:00:00"]
)
def test_a_day_is_read_in_the_forms_in_which_departments_write_it(day: str) -> None:
    listed, found = check_rows([row(valid_from=day)], TODAY)
    assert (found, listed[0].valid_from) == ([], date(2022, 1, 1))


@pytest.mark.parametrize("name", ["欧阳娜", "阿卜杜拉·买买提", "𠮷野", "Mary O'Neil"])
def test_names_with_rare_characters_and_dots_are_names(name: str) -> None:
    assert faults(row(name=name)) == []


def test_a_small_x_and_blanks_in_a_number_do_not_matter() -> None:
    number = next(one.id_number for one in people(300) if one.id_number.endswith("X"))
    assert faults(row(id_number=f" {number[:6]} {number[6:17]}x")) == []


def test_the_age_of_a_group_counts_on_both_sides_of_its_border() -> None:
    assert faults(row(id_number=CHILD.id_number, name=CHILD.name, reason="孤儿")) == []
    old = next(one for one in people(300) if one.birth_date.year < 1960)
    assert faults(row(id_number=old.id_number, name=old.name, reason="高龄老人")) == []


def test_a_person_named_twice_is_told_with_the_row_of_the_first_time() -> None:
    listed, found = check_rows([row(2), row(7, reason="重残"), row(9)], TODAY)
    assert [one.row for one in listed] == [2]
    assert [(one.row, one.code, one.found) for one in found] == [(7, "person_twice", "2"), (9, "person_twice", "2")]


def test_a_reason_for_which_no_fund_of_the_roster_pays_is_told() -> None:
    assert faults(row(), paid_for={"destitute"}) == [(2, "reason", "reason_not_paid")]
    assert faults(row(), paid_for={"low_income"}) == []


def test_every_fault_of_every_row_is_told_at_once() -> None:
    everything = row(3, name="", id_number="123", reason="", valid_from="x", valid_to="")
    assert faults(row(2), everything, row(4, id_number=CHILD.id_number, name="?")) == [
        (3, "id_number", "number_length"),
        (3, "name", "missing"),
        (3, "reason", "missing"),
        (3, "valid_from", "day_unreadable"),
        (3, "valid_to", "missing"),
        (4, "name", "name_characters"),
    ]


def test_a_fault_repeats_no_number_and_no_name() -> None:
    found = check_rows([row(name="王芳2", id_number=other_check_digit(WANG.id_number))], TODAY)[1]
    assert all(WANG.id_number[:6] not in one.found and "王" not in one.found for one in found)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("低保", "low_income"), ("重度残疾人", "severely_disabled"), ("VETERAN", "veteran"), (" 特困 人员", "destitute")],
)
def test_a_group_is_known_by_its_code_and_the_words_of_departments(word: str, reason: str) -> None:
    assert reason_of(word) == reason
    assert reason_of(f"{word}?") is None


def read(text: str | bytes, name: str = "名单.csv") -> tuple[list[Row], list[RowFault]]:
    return read_rows(name, text.encode() if isinstance(text, str) else text)


def excel(*rows: list[Any]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"anything", "list.pdf", "other_ending"),
        (b"anything", "list.xls", "other_ending"),
        (b"", "list.csv", "column_missing"),
        (b"no archive", "list.xlsx", "unreadable"),
        (HEAD.encode() + b"\n\xff\xfe\xfa", "list.csv", "unreadable"),
        (HEAD.encode(), "list.csv", "no_rows"),
        ("姓名,身份证号,资助类别,有效期起".encode(), "list.csv", "column_missing"),
        (f"{HEAD},证件号码\n{GOOD},1".encode(), "list.csv", "column_twice"),
    ],
)
def test_a_file_that_is_no_roster_is_told_as_a_whole(data: bytes, name: str, code: str) -> None:
    rows, found = read(data, name)
    assert rows == []
    assert {(one.row, one.code) for one in found} == {(0, code)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_each_encoding_of_departments(encoding: str) -> None:
    rows, found = read(f"{HEAD}\n{GOOD}\n".encode(encoding))
    assert found == []
    assert rows == [row(2, reason="低保")]


def test_an_excel_file_is_read_with_days_that_are_dates_and_columns_in_any_order() -> None:
    head = ["序号", "有效期止", "有效期起", "人员类别", "身份证号码", "姓名"]
    data = excel(head, [1, date(2022, 12, 31), date(2022, 1, 1), "低保", WANG.id_number, WANG.name])
    rows, found = read(data, "名单.xlsx")
    assert (found, rows) == ([], [row(2, reason="低保")])


def test_a_number_that_excel_keeps_as_a_number_is_never_taken_rounded() -> None:
    head = ["姓名", "身份证号", "资助类别", "有效期起", "有效期止"]
    data = excel(head, [WANG.name, int("329901197805200000"), "低保", "2022-01-01", "2022-12-31"])
    rows, found = read(data, "名单.xlsx")
    assert found or faults(*rows) == [(2, "id_number", "number_spoilt")]
