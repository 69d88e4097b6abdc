"""The order in which bills are decided: by member, then by time, and at the same time by id as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from huimin.batch.table.identifiers import Names
from huimin.batch.table.rows import Integers

__all__ = ["order_of"]

_KEY_BITS = 62


def order_of(member: Integers, time: Integers, names_of: Callable[[Integers], Names]) -> Integers | None:
    """Row places sorted by member, time and id; None if they are sorted already. `time` is in any unit; `names_of`
    gives the ids at places.
    """
    if not len(member):
        return None
    key = _keys(member, time)
    order = None
    if not _is_rising(key):
        key, order = _sorted(key)
    tied = _tied(key)
    if tied.size:
        by_name = _by_name(key[tied], names_of(tied if order is None else order[tied]))
        if not _is_rising(by_name):
            order = np.arange(len(member)) if order is None else order
            order[tied] = order[tied[by_name]]
    return order


def _keys(member: Integers, time: Integers) -> Integers:
    """A number for each member and time that sorts as they do."""
    first = int(time.min())
    span = int(time.max()) - first + 1
    if (int(member.max()) + 1) * span >= 1 << _KEY_BITS:
        time = np.unique(time, return_inverse=True)[1]
        first, span = 0, len(time)
    key: Integers = _joined(member, time, first, span)
    return key


@njit(cache=True, nogil=True)
def _joined(member: Any, time: Any, first: int, span: int) -> Any:
    key = np.empty(len(member), np.int64)
    for row in range(len(member)):
        key[row] = member[row] * span + (time[row] - first)
    return key


def _sorted(key: Integers) -> tuple[Integers, Integers]:
    """The keys sorted, and their places. If there is room the places are sorted along in the lowest bits of the
    keys.
    """
    low = len(key).bit_length()
    if int(key.max()) < 1 << (_KEY_BITS - low):
        _add_places(key, low)
        key.sort()
        return key >> low, key & ((1 << low) - 1)
    order = np.argsort(key, kind="stable")
    return key[order], order


@njit(cache=True, nogil=True)
def _add_places(key: Any, low: int) -> None:
    for row in range(len(key)):
        key[row] = key[row] << low | row


@njit(cache=True, nogil=True)
def _is_rising(key: Any) -> bool:
    rising = True
    for row in range(1, len(key)):
        rising &= key[row] >= key[row - 1]
    return rising


@njit(cache=True, nogil=True)
def _tied(key: Any) -> Any:
    """The rows whose key a neighbouring row has too."""
    found, count = np.empty(len(key), np.int64), 0
    before = False
    for row in range(len(key)):
        after = row + 1 < len(key) and key[row] == key[row + 1]
        if before or after:
            found[count] = row
            count += 1
        before = after
    return found[:count].copy()


@njit(cache=True, nogil=True)
def _stand_by_number(key: Any, number: Any) -> bool:
    rising = True
    for row in range(1, len(key)):
        rising &= (key[row] > key[row - 1]) | (number[row] >= number[row - 1])
    return rising


def _by_name(key: Integers, names: Names) -> Integers:
    """The places of rows that are sorted by key, sorted further by name as text."""
    sortable = names.sortable()
    if pa.types.is_integer(sortable.type):
        numbers = sortable.to_numpy(zero_copy_only=False)
        return np.arange(len(key)) if _stand_by_number(key, numbers) else np.lexsort((numbers, key))
    ties = pa.table({"key": key, "name": sortable})
    found: Integers = pc.sort_indices(ties, [(name, "ascending") for name in ties.column_names]).to_numpy()
    return found.astype(np.int64)
