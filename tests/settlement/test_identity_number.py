"""ID numbers: form, date of birth and check character."""

from __future__ import annotations

import pytest

from huimin.errors import InputError
from huimin.settlement.identity_number import check_character, parse_identity_number

WOMAN_1952 = "32010619520307002" + check_character("32010619520307002")


def test_a_valid_number_gives_birth_date_and_sex() -> None:
    parsed = parse_identity_number(f" {WOMAN_1952[:6]} {WOMAN_1952[6:14]} {WOMAN_1952[14:].lower()} ")
    assert (parsed.number, str(parsed.birth_date), parsed.sex) == (WOMAN_1952, "1952-03-07", "female")


def test_the_check_character_may_be_x() -> None:
    assert check_character("11010519491231002") == "X"
    assert parse_identity_number("11010519491231002x").number.endswith("X")


@pytest.mark.parametrize(
    "text",
    ["", "123", WOMAN_1952[:-1], WOMAN_1952 + "1", WOMAN_1952[:-1] + ("1" if WOMAN_1952[-1] != "1" else "2"),
     "320106195213070025", "ABCDEFGHIJKLMNOPQR"],
)  # fmt: skip
def test_a_mistyped_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_identity_number(text)
    assert caught.value.code == "bad_identity_number"
    assert not text or text not in caught.value.message
