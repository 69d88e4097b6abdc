"""The tax in a premium adds up to the fen, also when an invoice is taken back bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.invoicing.tax import tax_in, tax_taken_back


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [(158_00, None, 0), (158_00, 600, 8_94), (106_00, 600, 6_00), (1, 600, 0), (9, 600, 1), (8, 600, 0)],
)
def test_the_tax_is_what_is_left_of_the_amount_without_tax_rounded_half_up(
    amount: int, rate: int | None, tax: int
) -> None:
    assert tax_in(amount, rate) == tax


@given(st.integers(1, 10**8), st.lists(st.integers(1, 10**6), max_size=6), st.sampled_from([None, 100, 600, 1300]))
def test_once_everything_is_taken_back_all_tax_is(amount: int, parts: list[int], rate: int | None) -> None:
    left, back = amount, 0
    for wanted in [*parts, amount]:
        part = min(wanted, left)
        if part:
            back, left = back + tax_taken_back(left, part, rate), left - part
    assert (left, back) == (0, tax_in(amount, rate))
