"""Steps that both kernels take. Numba writes them into the loops that use them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from huimin.batch.decide.kernel_terms import (
    BY_DAY,
    BY_MONTH,
    LOWER_RATE,
    UPPER_ABOVE,
    UPPER_RATE,
    Array,
)

__all__ = ["allowance_units", "entitlement", "rounded_payment", "to_fen", "two_tiers"]

_BASIS = 10_000
_ZERO: Any
_ONE: Any
_ZERO, _ONE = np.uint64(0), np.uint64(1)

# Arrays are passed one by one. Numba counts references to the members of a tuple at every use, which made this ten
# times slower. For the same reason results are written in place, and functions that are inlined take only arrays and
# numbers. Indices are unsigned: Numba tests at every use whether a signed one counts from the end, which took a third
# of the time.


@njit(inline="always")
def entitlement(above: Array, rate: Array, first: int, last: int, start: int, end: int) -> Any:
    """What the tiers pay from `start` to `end` fen of the year's excess, exact, in fen × basis points."""
    exact = 0
    tier = last
    while tier > first and end > start:
        tier -= _ONE
        if end > above[tier]:
            lower = max(start, above[tier])
            exact += (end - lower) * rate[tier]
            end = lower
    return exact


@njit(inline="always")
def two_tiers(plain: Array, entry: int, start: int, end: int) -> Any:
    """The same as `entitlement` for two tiers. A single tier has an `UPPER_ABOVE` beyond every excess."""
    lower = min(end, plain[entry, UPPER_ABOVE]) - min(start, plain[entry, UPPER_ABOVE])
    return lower * plain[entry, LOWER_RATE] + (end - start - lower) * plain[entry, UPPER_RATE]


@njit(inline="always")
def to_fen(entitlement: int) -> Any:
    # No entitlement is negative, and the compiler turns an unsigned division by a constant into a multiplication.
    return np.int64(np.uint64(entitlement + _BASIS // 2) // np.uint64(_BASIS))


@njit(inline="always")
def rounded_payment(payable: int, unit: int, half: int) -> Any:
    return payable if unit == 0 else (payable + (unit // 2 if half else 0)) // unit * unit


@njit(inline="always")
def allowance_units(allowance: Array, entry: int, stay: int, seen: Array, benefit: int, month: int, before: int) -> Any:
    """The units of an allowance that a bill brings: events, days of the stay, or a month that was not yet seen."""
    count = 1
    if allowance[entry, 0] == BY_DAY:
        count = max(0, max(1, stay) - allowance[entry, 2])
    elif allowance[entry, 0] == BY_MONTH:
        count = 0 if seen[benefit, month] else 1
        seen[benefit, month] = True
    return min(count, allowance[entry, 3] - before)
