"""Names as 64-bit keys: which member a bill is of, and which ids stand twice among many millions.

Equal names have equal keys. Whether equal keys are equal names is asked of the names themselves, by the callers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from huimin.batch.names import Names
from huimin.batch.rows import Flags, Integers

__all__ = ["Keys", "MemberIndex", "keys_of", "repeated_keys"]

Keys = npt.NDArray[np.uint64]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SLOTS_PER_KEY = 16


def keys_of(names: Names, *, as_text: bool = False) -> Keys:
    """A key of each name. Numbers have other keys than their texts, unless they are taken `as_text`."""
    if names.are_numbers and not as_text:
        values = names.column.fill_null(-1) if names.column.null_count else names.column
        numbers: Keys = _of_numbers(values.to_numpy(zero_copy_only=False).view(np.uint64))
        return numbers
    texts = names.as_text()
    found = np.empty(len(texts), np.uint64)
    if len(texts):
        _, offsets, data = texts.buffers()
        starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        _of_texts(starts, np.frombuffer(data or b"\0", np.uint8), found)
    return found


@njit(cache=True, nogil=True)
def _of_numbers(values: Any) -> Any:
    found = np.empty_like(values)
    for row in range(len(values)):
        key = (values[row] ^ (values[row] >> _HALF)) * _SPREAD
        found[row] = (key ^ (key >> _HALF)) * _SPREAD
    return found


@njit(cache=True, nogil=True)
def _of_texts(starts: Any, data: Any, found: Any) -> None:
    eight = np.uint64(8)
    for row in range(len(found)):
        key = np.uint64(starts[row + 1] - starts[row]) * _SPREAD
        word, held = np.uint64(0), 0
        for place in range(starts[row], starts[row + 1]):
            word = (word << eight) | np.uint64(data[place])
            held += 1
            if held == 8:  # noqa: PLR2004 - bytes of a word
                key = (key ^ word) * _SPREAD
                key ^= key >> _HALF
                word, held = np.uint64(0), 0
        key = (key ^ word) * _SPREAD
        key = (key ^ (key >> _HALF)) * _SPREAD
        found[row] = key ^ (key >> _HALF)


class MemberIndex:
    """Where a member stands, by number. Built once, asked by many threads."""

    def __init__(self, numbers: Names) -> None:
        self.numbers = numbers
        self.size = 1 << max(4, (2 * len(numbers)).bit_length())
        self._keys, self._places = _table(keys_of(numbers), self.size)
        self._texts: tuple[Any, Any] | None = None

    def places_of(self, names: Names) -> Integers:
        """The first place of each name; −1 where there is none."""
        if names.are_numbers != self.numbers.are_numbers:
            return names.places_in(self.numbers)
        found: Integers = _places(keys_of(names), self._keys, self._places)
        if not names.are_numbers or names.column.null_count or self.numbers.column.null_count:
            known = np.flatnonzero(found >= 0)
            theirs, mine = self.numbers.column.take(pa.array(found[known])), names.column.take(pa.array(known))
            if not theirs.equals(mine) or names.empty.any():
                return names.places_in(self.numbers)  # two names with one key, or none: asked by name
        return found


@njit(cache=True, nogil=True)
def _table(keys: Any, size: int) -> Any:
    """Open addressing; a key that stands twice keeps its first place."""
    slots, places, mask = np.zeros(size, np.uint64), np.full(size, -1, np.int64), np.uint64(size - 1)
    for place in range(len(keys)):
        slot = keys[place] & mask
        while places[slot] >= 0 and slots[slot] != keys[place]:
            slot = (slot + np.uint64(1)) & mask
        if places[slot] < 0:
            slots[slot], places[slot] = keys[place], place
    return slots, places


@njit(cache=True, nogil=True)
def _places(keys: Any, slots: Any, places: Any) -> Any:
    found, mask = np.empty(len(keys), np.int64), np.uint64(len(slots) - 1)
    for row in range(len(keys)):
        slot = keys[row] & mask
        while places[slot] >= 0 and slots[slot] != keys[row]:
            slot = (slot + np.uint64(1)) & mask
        found[row] = places[slot]
    return found


def repeated_keys(chunks: Callable[[], Iterable[Keys]], count: int) -> Keys:
    """The keys that stand more than once among about `count`, sorted. `chunks` is asked again only where some may.

    A table with one bit for many possible keys says which keys may have been seen before; only those are counted.
    """
    slots = max(16, (_SLOTS_PER_KEY * count - 1).bit_length())
    shift = np.uint64(64 - slots)
    seen = np.zeros(1 << (slots - 6), np.uint64)
    again = [_mark(keys, seen, shift) for keys in chunks()]
    suspects = np.unique(np.concatenate([np.empty(0, np.uint64), *again]))
    if not len(suspects):
        return suspects
    seen[:] = 0
    _mark(suspects, seen, shift)
    counts = np.zeros(len(suspects), np.int64)
    for keys in chunks():
        near = keys[_marked(keys, seen, shift)]
        place = np.searchsorted(suspects, near).clip(max=len(suspects) - 1)
        np.add.at(counts, place[suspects[place] == near], 1)
    repeated: Keys = suspects[counts > 1]
    return repeated


@njit(cache=True, nogil=True)
def _mark(keys: Any, seen: Any, shift: Any) -> Any:
    """Mark the slots of the keys; those keys whose slot was marked before."""
    again, count = np.empty(len(keys), np.uint64), 0
    six, one, low = np.uint64(6), np.uint64(1), np.uint64(63)
    for row in range(len(keys)):
        slot = keys[row] >> shift
        word, bit = slot >> six, one << (slot & low)
        if seen[word] & bit:
            again[count] = keys[row]
            count += 1
        seen[word] |= bit
    return again[:count].copy()


@njit(cache=True, nogil=True)
def _marked(keys: Any, seen: Any, shift: Any) -> Flags:
    found = np.empty(len(keys), np.bool_)
    six, one, low = np.uint64(6), np.uint64(1), np.uint64(63)
    for row in range(len(keys)):
        slot = keys[row] >> shift
        found[row] = (seen[slot >> six] >> (slot & low)) & one
    return found
