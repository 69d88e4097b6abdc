"""The compiled loop that gives codes to the values of a column, in a module of its own so that reading a file does not
load the compiler.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

__all__ = ["codes_of_few"]


@njit(cache=True, nogil=True)
def codes_of_few(values: Any, least: int, span: int) -> Any:
    """A code for each value, in order of first appearance, and for each code the value's distance from the least."""
    code_of, distinct = np.full(span, -1, np.int64), np.empty(span, np.int64)
    codes, count = np.empty(len(values), np.int64), 0
    for row in range(len(values)):
        place = np.int64(values[row]) - least
        if code_of[place] < 0:
            code_of[place] = count
            distinct[count] = place
            count += 1
        codes[row] = code_of[place]
    return codes, distinct[:count].copy()
