"""Finds rows that are alike in several columns of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from huimin.batch.table.rows import Integers

__all__ = ["combined", "distinct"]

_SMALL_TABLE = 1 << 16


def combined(keys: Sequence[Integers], length: int) -> Integers:
    """One code for each combination of codes, none larger than the number of rows."""
    combined, span = np.zeros(length, np.int64), 1
    for key in keys:
        most = int(key.max(initial=0))
        if most == 0:
            continue
        combined = key if span == 1 else combined * (most + 1) + key
        span *= most + 1
        if span > 2**31:
            combined = np.unique(combined, return_inverse=True)[1]
            span = int(combined.max()) + 1
    return combined


def distinct(codes: Integers) -> tuple[Integers, Integers]:
    """The first row of each distinct code, and the place of every row's code among them."""
    size = int(codes.max(initial=0)) + 1
    if size > max(_SMALL_TABLE, len(codes)):
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return first, inverse
    first, inverse = _distinct_small(codes, size)
    return first, inverse


@njit(cache=True, nogil=True)
def _distinct_small(codes: Any, size: int) -> Any:
    place, first, inverse = np.full(size, -1, np.int64), np.empty(size, np.int64), np.empty(len(codes), np.int64)
    count = 0
    for row in range(len(codes)):
        if place[codes[row]] < 0:
            place[codes[row]] = count
            first[count] = row
            count += 1
        inverse[row] = place[codes[row]]
    return first[:count].copy(), inverse
