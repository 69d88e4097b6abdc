"""What is still to be paid: chain ladder with Mack's standard errors, Bornhuetter–Ferguson, expected loss.

Sources: Mack, Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN Bulletin 23
(1993); Bornhuetter and Ferguson, The actuary and IBNR, PCAS 59 (1972).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.triangles import FEWEST, Triangle
from huimin.errors import InputError

__all__ = ["ChainLadder", "Reserve", "bornhuetter_ferguson", "chain_ladder", "expected_loss"]


@dataclass(frozen=True)
class Reserve:
    """By period: what it will have cost in the end, and how much of that is still to be paid. In yuan."""

    method: str
    periods: tuple[str, ...]
    ultimate: Amounts
    outstanding: Amounts

    @property
    def total(self) -> float:
        return float(self.outstanding.sum())


@dataclass(frozen=True)
class ChainLadder(Reserve):
    """`factors[j]` from age j to j + 1; `errors` Mack's standard errors by period, `total_error` of the sum."""

    factors: Amounts
    errors: Amounts
    total_error: float


def chain_ladder(triangle: Triangle) -> ChainLadder:
    """Volume-weighted factors; after the last age nothing is paid. Raises InputError (`thin_data`)."""
    factors = _factors(triangle)
    full = _filled(triangle, factors)
    outstanding = full[:, -1] - triangle.latest
    errors, total_error = _mack(triangle, factors, full)
    return ChainLadder("chain ladder", triangle.periods, full[:, -1], outstanding, factors, errors, total_error)


def _factors(triangle: Triangle) -> Amounts:
    size, paid = triangle.size, triangle.paid
    found = np.empty(size - 1)
    for age in range(size - 1):
        before = paid[: size - 1 - age, age].sum()
        if not before > 0:
            message = f"nothing was paid {age + 1} periods after it began; there is no factor to the next"
            raise InputError(message, code="thin_data")
        found[age] = paid[: size - 1 - age, age + 1].sum() / before
    return found


def _filled(triangle: Triangle, factors: Amounts) -> Amounts:
    full = triangle.paid.copy()
    for age in range(1, triangle.size):
        missing = np.isnan(full[:, age])
        full[missing, age] = full[missing, age - 1] * factors[age - 1]
    return full


def _mack(triangle: Triangle, factors: Amounts, full: Amounts) -> tuple[Amounts, float]:
    """Standard errors by period and of the total (Mack 1993, theorem 3 and its corollary)."""
    size, paid = triangle.size, triangle.paid
    variances = _variances(triangle, factors)
    sums = np.array([paid[: size - 1 - age, age].sum() for age in range(size - 1)])
    relative = variances / factors**2
    squared, shared = np.zeros(size), 0.0
    for period in range(1, size):
        ages = np.arange(size - 1 - period, size - 1)
        if not full[period, -1]:
            continue
        squared[period] = full[period, -1] ** 2 * (relative[ages] * (1 / full[period, ages] + 1 / sums[ages])).sum()
        later = full[period + 1 :, -1].sum()
        shared += squared[period] + full[period, -1] * later * (2 * relative[ages] / sums[ages]).sum()
    return np.sqrt(squared), float(np.sqrt(shared))


def _variances(triangle: Triangle, factors: Amounts) -> Amounts:
    """Mack's σ² of each age; the last, of which there is one observation only, by his extrapolation."""
    size, paid = triangle.size, triangle.paid
    found = np.zeros(size - 1)
    for age in range(size - 2):
        before, after = paid[: size - 1 - age, age], paid[: size - 1 - age, age + 1]
        known = before > 0  # where nothing was paid there is no factor that could differ
        links = after[known] / before[known] - factors[age]
        found[age] = (before[known] * links**2).sum() / max(1, int(known.sum()) - 1)
    last = found[size - 3]
    second = (
        found[size - 4] if size > FEWEST else last
    )  # with three periods there is only one variance to extrapolate from
    found[size - 2] = min(last**2 / second if second else 0.0, last, second)
    return found


def bornhuetter_ferguson(triangle: Triangle, expected: Sequence[float]) -> Reserve:
    """The reserve from `expected` (yuan by period) and the chain ladder's pattern."""
    prior = _priors(triangle, expected)
    outstanding = prior * (1 - 1 / _to_ultimate(triangle))
    return Reserve("Bornhuetter–Ferguson", triangle.periods, triangle.latest + outstanding, outstanding)


def expected_loss(triangle: Triangle, expected: Sequence[float]) -> Reserve:
    """The reserve as what was `expected` less what was paid. The triangle's own pattern is not used."""
    prior = _priors(triangle, expected)
    return Reserve("expected loss", triangle.periods, prior, prior - triangle.latest)


def _to_ultimate(triangle: Triangle) -> Amounts:
    """By period, the factor from what was paid so far to the end."""
    cumulative = np.concatenate((np.cumprod(_factors(triangle)[::-1])[::-1], [1.0]))
    return np.asarray(cumulative[::-1])


def _priors(triangle: Triangle, expected: Sequence[float]) -> Amounts:
    prior = np.asarray(expected, np.float64)
    if prior.shape != (triangle.size,) or not np.isfinite(prior).all() or (prior < 0).any():
        message = f"found {len(prior)} expected amounts; expected {triangle.size}, one a period, none below 0"
        raise InputError(message, code="bad_expectation")
    return prior
