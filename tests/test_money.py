"""Yuan become fen without loss, rounding is half-up, and shares add up."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin import money
from huimin.errors import InputError
from huimin.money import LARGEST_FEN, divide_half_up, format_yuan, parse_percent, parse_yuan, share_out


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(money)
    assert result.attempted >= 5
    assert result.failed == 0


@given(st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_reading_what_was_written_gives_the_same_fen(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize("text", ["1.234", "1,000", "", " ", "abc", "1e3", "NaN", "+1", "1.", ".5", "１２", "9" * 15])
def test_text_that_is_no_amount_is_refused_and_shown(text: str) -> None:
    with pytest.raises(InputError, match="expected"):
        parse_yuan(text)


@pytest.mark.parametrize("value", [1.5, 158.0, True, None, b"1"])
def test_a_float_is_never_money(value: object) -> None:
    with pytest.raises(InputError):
        parse_yuan(value)


def test_the_largest_amount_is_accepted_and_one_fen_more_is_refused() -> None:
    assert parse_yuan(format_yuan(LARGEST_FEN)) == LARGEST_FEN
    with pytest.raises(InputError, match="at most"):
        parse_yuan(format_yuan(LARGEST_FEN + 1))


@pytest.mark.parametrize("text", ["65.123", "sixty", "65%%", 65.5])
def test_a_rate_that_is_not_exact_is_refused(text: object) -> None:
    with pytest.raises(InputError):
        parse_percent(text)


@pytest.mark.parametrize(
    ("numerator", "expected"),
    [(4_999, 0), (5_000, 1), (5_001, 1), (15_000, 2), (25_000, 3), (-4_999, 0), (-5_000, -1), (-25_000, -3)],
)
def test_the_half_goes_up_and_never_to_even(numerator: int, expected: int) -> None:
    assert divide_half_up(numerator, 10_000) == expected


shares = st.dictionaries(st.text("abcdefghijk", min_size=1, max_size=3), st.integers(1, 10_000), min_size=1)


@given(st.integers(-(10**9), 10**9), shares)
def test_parts_add_up_and_each_is_less_than_one_fen_from_its_exact_share(amount: int, weights: dict[str, int]) -> None:
    parts = share_out(amount, weights, {name: name for name in weights})
    total = sum(weights.values())
    assert sum(parts.values()) == amount
    assert all(abs(parts[name] * total - amount * weight) < total for name, weight in weights.items())


@given(st.integers(0, 10**9), shares)
def test_sharing_out_a_negative_amount_takes_back_exactly_the_parts(amount: int, weights: dict[str, int]) -> None:
    order = {name: name for name in weights}
    taken_back = share_out(-amount, weights, order)
    assert taken_back == {name: -part for name, part in share_out(amount, weights, order).items()}


def test_equal_remainders_are_decided_by_the_order_given() -> None:
    assert share_out(1, {"a": 1, "b": 1}, {"a": 1, "b": 2}) == {"a": 1, "b": 0}
    assert share_out(1, {"a": 1, "b": 1}, {"a": 2, "b": 1}) == {"a": 0, "b": 1}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_weights_that_share_nothing_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(InputError):
        share_out(100, weights, {name: name for name in weights})
