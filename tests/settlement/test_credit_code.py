"""The unified social credit code of organisations is taken with its check character alone."""

from __future__ import annotations

import pytest

from huimin.errors import InputError
from huimin.settlement.credit_code import check_credit_code


def test_a_code_is_taken_as_it_is_typed_with_blanks_small_letters_and_wide_digits() -> None:
    assert check_credit_code(" 91320000 ma100000７y ") == "91320000MA1000007Y"


@pytest.mark.parametrize(
    "text",
    ["91320000MA10000078", "91320000MA1000007", "91320000MA1000007YY", "9132000OMA1000007Y", "", "13812345678"],
    ids=["another check character", "too short", "too long", "the letter O", "nothing", "a telephone"],
)
def test_what_is_no_code_is_refused_with_a_sentence_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(InputError) as error:
        check_credit_code(text)
    assert error.value.code == "bad_credit_code"
    assert text == "" or text not in error.value.message
