"""What is a repeat and what a conflict: one comparison of two messages about one bill, at every door."""

from __future__ import annotations

import pytest

from huimin.settlement import resolve
from huimin.settlement.content import bill_content
from huimin.settlement.reading import settlement_from_row

ROW = {
    "setl_id": "S1",
    "psn_no": "wang",
    "setl_time": "2022-03-01",
    "med_type": "21",
    "psn_part_amt": "30000.00",
    "fulamt_ownpay_amt": "0.00",
    "items": "A01=1200.00;A02=80.50@2022-03-01#肺癌（晚期）",
}


def content(row: dict[str, str]) -> dict[str, str]:
    return bill_content(settlement_from_row(row), row)


def codes_of_files(row: dict[str, str]) -> list[str]:
    """What a file says of both rows."""
    return [refusal.code for refusal in resolve([settlement_from_row(ROW), settlement_from_row(row)]).refused]


SAME = [
    {"setl_id": "S1 "},
    {"setl_id": "\tS1\u200b"},
    {"psn_part_amt": "30000.0"},
    {"psn_part_amt": "30000"},
    {"psn_part_amt": " 30000.00 "},
    {"psn_part_amt": "３００００.00"},
    {"setl_time": "2022-03-01 00:00:00"},
    {"med_type": "21.0"},
    {"med_type": "普通住院"},
    {"place": ""},
    {"items": "A01=1200;A02=80.5@2022-03-01#肺癌（晚期） "},
]
OTHER = [
    {"psn_part_amt": "30000.01"},
    {"fulamt_ownpay_amt": ""},
    {"setl_time": "2022-03-01 00:00:01"},
    {"med_type": "14"},
    {"place": "local"},
    {"items": "A01=1200.00"},
    {"reverses": "S0"},
    {"psn_no": "li"},
]


@pytest.mark.parametrize("written", SAME)
def test_other_spellings_of_one_bill_are_a_repeat_at_every_door(written: dict[str, str]) -> None:
    assert content({**ROW, **written}) == content(ROW)
    assert codes_of_files({**ROW, **written}) == ["duplicate"]


@pytest.mark.parametrize("written", OTHER)
def test_another_fact_under_one_id_is_a_conflict_at_every_door(written: dict[str, str]) -> None:
    assert content({**ROW, **written}) != content(ROW)
    assert codes_of_files({**ROW, **written}) == ["conflicting_duplicate"] * 2


def test_a_field_that_no_bill_has_is_kept_and_is_content() -> None:
    noted = content({**ROW, "dept_name": " 肿瘤科 "})
    assert noted["dept_name"] == "肿瘤科"
    assert noted != content(ROW) and noted != content({**ROW, "dept_name": "外科"})


def test_a_message_that_cannot_be_read_is_content_as_it_came() -> None:
    assert content({**ROW, "psn_part_amt": "many "})["psn_part_amt"] == "many"
    assert content({**ROW, "psn_part_amt": "many "}) == content({**ROW, "psn_part_amt": "many"})
