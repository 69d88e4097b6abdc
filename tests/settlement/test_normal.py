"""One normal form at every door, and closed vocabularies: what people write is read, what nobody knows is refused."""

from __future__ import annotations

import pytest

from cast import jiangsu, member
from huimin.adjudication import adjudicate
from huimin.adjudication.admission import as_the_plan_asks, member_fault
from huimin.batch import adjudicate as by_column
from huimin.errors import InputError
from huimin.settlement.member import ANY_GROUP
from huimin.settlement.normal import control_character, normal_code, normal_text
from huimin.settlement.reading import member_from_row, parse_groups, settlement_from_row
from huimin.settlement.vocabulary import YES_NO

ROW = {
    "setl_id": "S1",
    "psn_no": "wang",
    "setl_time": "2022-03-01",
    "med_type": "21",
    "psn_part_amt": "30000.00",
    "fulamt_ownpay_amt": "0.00",
}
PERSON = {"psn_no": "wang", "cover_from": "2022-01-01", "cover_to": "2022-12-31"}


@pytest.mark.parametrize(
    "written",
    [
        *("X1", "X1 ", "\tX1", "\u200bX1", "X\u200b1", "X1\ufeff", "\u00a0X1", "\u3000Ｘ１", "X1\u3164", "X1\ufe0f"),
        *("X\u034f1", "X1\u17b4", "X1\u180b", "X1\u2065", "X1\ufff0", "X1\U000e0100", "X1\U000e0fff"),
    ],
)
def test_an_id_is_one_id_however_it_is_padded(written: str) -> None:
    assert normal_code(written) == "X1"


def test_ids_that_differ_by_what_can_be_seen_stay_apart() -> None:
    assert len({normal_code(text) for text in ("X1", "x1", "X 1", "X-1", "X01")}) == 5


def test_words_keep_their_chinese_punctuation() -> None:
    assert normal_text(" 肺癌（晚期）\u200b") == "肺癌（晚期）"


@pytest.mark.parametrize(("text", "found"), [("a\x00b", "U+0000"), ("a\x1bb", "U+001B"), ("\ud800", "U+D800")])
def test_a_character_that_no_text_may_hold_is_named(text: str, found: str) -> None:
    assert control_character(text) == found
    fault = settlement_from_row({**ROW, "place": text}).fault
    assert fault is not None and fault.code == "bad_text" and found in fault.reason and "place" in fault.reason


def test_tabs_and_line_ends_are_no_control_characters() -> None:
    assert control_character("one\ttwo\r\nthree") is None


@pytest.mark.parametrize("column", ["setl_id", "psn_no", "reverses"])
@pytest.mark.parametrize(
    ("text", "found"),
    [("A\nB", "U+000A"), ("A\r\nB", "U+000D"), ("A\tB", "U+0009"), ("A\u2028B", "U+2028"), ("A\u2029B", "U+2029")],
)
def test_an_id_with_a_tab_or_the_end_of_a_line_inside_is_refused(column: str, text: str, found: str) -> None:
    fault = settlement_from_row({**ROW, column: text}).fault
    assert fault is not None and fault.code == "bad_text"
    assert fault.reason == f"{column}: found {found}, a tab or the end of a line, inside; expected an id on one line"
    assert settlement_from_row({**ROW, column: "A B"}).fault is None
    assert settlement_from_row({**ROW, column: "\tAB\n"}).fault is None, "around an id they are no part of it"
    if column == "psn_no":
        with pytest.raises(InputError, match=f"psn_no: found U.{found[2:]}, a tab"):
            member_from_row({**PERSON, "psn_no": text})


@pytest.mark.parametrize("word", ["21", "21.0", "２１", " 21 ", "普通住院", "21.00"])
def test_a_kind_of_care_is_read_in_its_usual_spellings(word: str) -> None:
    assert settlement_from_row({**ROW, "med_type": word}).med_type == "21"


@pytest.mark.parametrize("word", ["xyz", "住院", "2", "210", "1401", "21.5", "-21"])
def test_a_kind_of_care_that_nobody_knows_is_refused_with_what_is_known(word: str) -> None:
    fault = settlement_from_row({**ROW, "med_type": word}).fault
    assert fault is not None and fault.code == "unknown_med_type"
    assert repr(word) in fault.reason and "21 (普通住院)" in fault.reason
    (refusal,) = adjudicate(jiangsu(), member(), [settlement_from_row({**ROW, "med_type": word})]).refused
    assert refusal == fault


@pytest.mark.parametrize("word", ["1", "1.0", "是", "有", "Y", "y", "yes", "YES", "True", "true", "T"])
def test_yes_is_read_in_its_usual_spellings(word: str) -> None:
    assert YES_NO.read(word) is True
    assert parse_groups(word) == {ANY_GROUP}
    assert settlement_from_row({**ROW, "accident": word}).care.accident is True


@pytest.mark.parametrize("word", ["0", "0.0", "否", "无", "没有", "N", "n", "no", "False", "false", "F"])
def test_no_is_read_in_its_usual_spellings(word: str) -> None:
    assert YES_NO.read(word) is False
    assert parse_groups(word) == frozenset()
    assert settlement_from_row({**ROW, "insu_settled": word}).care.settled_by_basic_insurance is False


@pytest.mark.parametrize(
    ("column", "word", "value"),
    [("sex", "女", "2"), ("sex", "M", "1"), ("insutype", "310.0", "310"), ("insutype", "城乡居民", "390")],
)
def test_words_of_a_member_are_read_in_their_usual_spellings(column: str, word: str, value: str) -> None:
    assert getattr(member_from_row({**PERSON, column: word}), column) == value


@pytest.mark.parametrize(("column", "word"), [("sex", "3"), ("insutype", "311"), ("insutype", "医保")])
def test_words_of_a_member_that_nobody_knows_are_refused(column: str, word: str) -> None:
    with pytest.raises(InputError, match=f"{column}: found '{word}'; known are"):
        member_from_row({**PERSON, column: word})


def test_a_group_that_the_plan_does_not_have_is_refused_and_not_counted_as_another() -> None:
    person = member(pre_existing=frozenset({"xyz"}))
    year = adjudicate(jiangsu(), person, [settlement_from_row(ROW)])
    assert [refusal.code for refusal in year.refused] == ["faulty_member"]
    assert "'xyz'" in year.refused[0].reason and not year.decisions


def test_a_group_of_the_register_says_yes_to_a_plan_that_has_no_groups() -> None:
    person = as_the_plan_asks(jiangsu(), member(pre_existing=frozenset({"tumour"})))
    assert person.pre_existing == {ANY_GROUP}
    assert member_fault(jiangsu(), None, person.pre_existing) is None


@pytest.mark.parametrize("word", ["否", "no", "False", "0.0", "0"])
def test_a_member_without_history_is_paid_the_full_rate_however_no_is_written(word: str) -> None:
    decided = by_column(jiangsu(), {**_columns(PERSON), "pre_existing": [word]}, _columns(ROW))
    assert [row["payable_fen"] for row in decided.decisions.to_pylist()] == [13_000_00, 0, 0]


def test_columns_refuse_what_the_evaluator_refuses() -> None:
    words = ["xyz", "22", "２１", "21.0", "普通住院"]
    bills = {key: [value] * len(words) for key, value in ROW.items()}
    bills |= {"setl_id": [f"S{n}" for n in range(len(words))], "med_type": words}
    refused = by_column(jiangsu(), _columns(PERSON), bills).refused.to_pylist()
    assert [(row["setl_id"], row["code"]) for row in refused] == [("S0", "unknown_med_type")]
    assert refused[0]["reason"].startswith("med_type: found 'xyz'; known are the national codes 11 (普通门诊)")
    fault = member_fault(jiangsu(), None, ["cancer"])
    refused = by_column(jiangsu(), {**_columns(PERSON), "pre_existing": ["cancer"]}, _columns(ROW)).refused.to_pylist()
    assert [(row["code"], row["reason"]) for row in refused] == [("faulty_member", fault)]


def _columns(row: dict[str, str]) -> dict[str, list[str]]:
    return {key: [value] for key, value in row.items()}
