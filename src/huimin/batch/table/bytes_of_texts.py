"""Searches texts byte by byte, in one pass over all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from huimin.batch.table.rows import Flags

__all__ = ["marked_texts", "text_buffers"]


def text_buffers(texts: pa.Array) -> tuple[Any, Any]:
    """Where each text begins in the bytes of all texts, with the end of the last; and these bytes."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.frombuffer(data or b"\0", np.uint8)


def marked_texts(texts: pa.Array, marks: bytes, first: bytes = b"") -> Flags:
    """The texts that hold one of the bytes `marks`, or begin with one of `first`."""
    if not len(texts):
        return np.zeros(0, np.bool_)
    kinds = np.zeros(256, np.uint8)
    kinds[list(marks)] |= 1
    kinds[list(first)] |= 2
    found: Flags = _marked(*text_buffers(texts), kinds)
    return found


@njit(cache=True, nogil=True)
def _marked(starts: Any, data: Any, kinds: Any) -> Any:
    found = np.zeros(len(starts) - 1, np.bool_)
    for row in range(len(found)):
        marks = np.uint8(0)
        for place in range(starts[row], starts[row + 1]):
            marks |= kinds[data[place]]
        begins = starts[row] < starts[row + 1] and kinds[data[starts[row]]] & 2
        found[row] = (marks & 1) | (begins != 0)
    return found
