"""Defines five words for premium and claims and the three ratios made of them. Nothing else defines them.

All amounts are whole fen, all ratios exact fractions. Pages, desk and command line show the same figure for the same
word, because all of them use this module.

written   签单保费    what all policies of the year cost together, whoever pays it, however late they began
earned    已赚保费    of that, the part for the days of cover that are over, policy by policy
decided   已理算赔款  what the decisions that stand come to, whether or not the money has moved
paid      已付赔款    what has been paid out by a day; where no payments are known there is none, and decided is shown
outstanding 未决赔款  what is still to be paid of what has come about, IBNR included

Source of the official payout ratio: 银保监办发〔2021〕7号.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from huimin.errors import InputError
from huimin.money import BASIS, divide_half_up

__all__ = [
    "decided_ratio",
    "earned_premium",
    "in_basis_points",
    "paid_ratio",
    "payout_ratio",
    "written_premium",
]


def written_premium(prices: Iterable[int]) -> int:
    """What the policies cost together. One that began late costs its whole price."""
    return sum(prices)


def earned_premium(covers: Iterable[tuple[date, date, int]], day: date) -> int:
    """The part of `covers` (first and last day, both included, and fen) for the days up to and with `day`.

    Exact, and rounded half-up once at the end: however policies are put together, the result is the same.
    """
    exact = Fraction(0)
    for first_day, last_day, fen in covers:
        days = (last_day - first_day).days + 1
        over = min(max((day - first_day).days + 1, 0), days)
        exact += Fraction(fen * over, days)
    return divide_half_up(exact.numerator, exact.denominator)


def decided_ratio(decided: int, written: int) -> Fraction:
    """理算赔付率: decided ÷ written. Not the paid ratio: the money may not have moved. Raises InputError."""
    return Fraction(decided, _above_zero(written))


def paid_ratio(paid: int, written: int) -> Fraction:
    """已付赔付率: paid ÷ written, which knows nothing of what is still to be paid. Raises InputError."""
    return Fraction(paid, _above_zero(written))


def payout_ratio(paid: int, outstanding_change: int, earned: int) -> Fraction:
    """赔付率, the official one: (paid + change in outstanding, IBNR included) ÷ earned.

    Raises InputError (`no_premium`).
    """
    return Fraction(paid + outstanding_change, _above_zero(earned))


def in_basis_points(ratio: Fraction) -> int:
    """Half-up: 1.0002 is 10,002, which pages show as 100.02 %."""
    return divide_half_up(ratio.numerator * BASIS, ratio.denominator)


def _above_zero(premium: int) -> int:
    if premium <= 0:
        raise InputError(f"found a premium of {premium} fen; expected one above 0", code="no_premium")
    return premium
