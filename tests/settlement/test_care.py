"""What a row says of its care, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from huimin.errors import InputError
from huimin.settlement import Care, Item, care_from_row
from huimin.settlement.reading import settlement_from_row


def test_everything_that_a_row_can_say_of_its_care_is_read() -> None:
    row = {
        "fixmedins_code": "H32010500001",
        "hosp_lv": "3",
        "place": "referred",
        "ward": "ordinary",
        "insu_settled": "0",
        "accident": "1",
        "diag_codes": "C34.900; I10",
        "items": "A01=1200.00@2022-03-01#肺癌#line:2#gene:EGFR#channel:dual_channel; A02=80.50",
    }
    items = (Item("A01", 120_000, date(2022, 3, 1), "肺癌", 2, "EGFR", "dual_channel"), Item("A02", 8_050))
    assert care_from_row(row) == Care("H32010500001", 3, "referred", "ordinary", False, True, ("C34.900", "I10"), items)


def test_what_is_absent_or_empty_is_not_reported() -> None:
    assert care_from_row({"place": "", "items": " "}) == Care()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("hosp_lv", "4"),
        ("place", "abroad"),
        ("ward", "vip"),
        ("insu_settled", "maybe"),
        ("accident", "2"),
        ("diag_codes", "lung cancer"),
        ("diag_codes", "C34;;"),
        ("items", "A01"),
        ("items", "A01=-5"),
        ("items", "A01=5@2022-13-01"),
        ("items", "A01=1.234"),
        ("items", "A01=5#line:0"),
        ("items", "A01=5#channel:shop"),
        ("items", "A01=5#gene:"),
        ("items", "A01=5#lung#breast"),
    ],
)
def test_what_cannot_be_read_says_what_was_expected(column: str, text: str) -> None:
    with pytest.raises(InputError, match=f"{column}: found .*; expected") as refused:
        care_from_row({column: text})
    assert refused.value.code == "bad_care"
    row = {"setl_id": "S", "psn_no": "P", "setl_time": "2022-03-01", column: text}
    fault = settlement_from_row(row).fault
    assert fault is not None
    assert fault.code == "bad_care"
