"""Names as 64-bit keys, to find each bill's member and the ids that occur twice among many millions.

Equal names have equal keys, but two names may share a key. So callers compare the names themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from huimin.batch.table.identifiers import Names
from huimin.batch.table.rows import Flags, Integers

__all__ = ["Keys", "MemberIndex", "joined_range", "keys_of", "range_of", "repeated_keys", "shares_of"]

Keys = npt.NDArray[np.uint64]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SLOTS_PER_KEY = 16
_PLACES_PER_MEMBER = 8


def keys_of(names: Names, *, as_text: bool = False) -> Keys:
    """A key for each name: the number itself, unless it is taken `as_text`, or a mix of the text's bytes."""
    if names.are_numbers and not as_text:
        numbers: Keys = _numbers(names).view(np.uint64)
        return numbers
    texts = names.as_text()
    found = np.empty(len(texts), np.uint64)
    if len(texts):
        _, offsets, data = texts.buffers()
        starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        _of_texts(starts, np.frombuffer(data or b"\0", np.uint8), found)
    return found


def _numbers(names: Names) -> Integers:
    values = names.column.fill_null(-1) if names.column.null_count else names.column
    numbers: Integers = values.to_numpy(zero_copy_only=False)
    return numbers


@njit(inline="always")
def _mixed(key: Any) -> Any:
    key = (key ^ (key >> _HALF)) * _SPREAD
    return (key ^ (key >> _HALF)) * _SPREAD


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
    """Finds members by their numbers. It is built once and used by many threads."""

    def __init__(self, numbers: Names) -> None:
        self.numbers = numbers
        keys = keys_of(numbers)
        self._table: tuple[Any, ...]
        self._find: Callable[..., Integers]
        least, most = range_of(keys)
        if numbers.are_numbers and most - least < _PLACES_PER_MEMBER * len(numbers):
            self._table = _by_number(keys, np.uint64(least), most - least), np.uint64(least)
            self._find = _places_by_number
        else:
            self._table, self._find = _by_key(keys, 1 << max(4, (2 * len(numbers)).bit_length())), _places_by_key

    def same_type(self, names: Names) -> bool:
        """Whether these names were given in the same type as the members' numbers, so that a member who is found has
        the very number that was looked for.
        """
        return bool(self.numbers.given == names.given)

    def places_of(self, names: Names) -> Integers:
        """The first place of each name; −1 where there is none."""
        if names.are_numbers != self.numbers.are_numbers:
            return names.places_in(self.numbers)
        found = self._find(keys_of(names), *self._table)
        if not names.are_numbers or names.column.null_count or self.numbers.column.null_count:
            known = np.flatnonzero(found >= 0)
            theirs, mine = self.numbers.column.take(pa.array(found[known])), names.column.take(pa.array(known))
            if not theirs.equals(mine) or names.empty.any():
                return names.places_in(self.numbers)  # two names share a key, or a name is empty
        return found


def range_of(keys: Keys) -> tuple[int, int]:
    """The smallest and the largest key; (0, 0) where there are no keys."""
    return (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)


def joined_range(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min((least for least, _ in ranges), default=0), max((most for _, most in ranges), default=0)


@njit(cache=True, nogil=True)
def _by_number(keys: Any, least: Any, span: int) -> Any:
    """A table with a place for every number from the least to the largest. A number that occurs twice keeps its first
    place.
    """
    places = np.full(span + 1, -1, np.int32)
    for place in range(len(keys) - 1, -1, -1):
        places[keys[place] - least] = place
    return places


@njit(cache=True, nogil=True)
def _places_by_number(keys: Any, places: Any, least: Any) -> Any:
    found = np.empty(len(keys), np.int64)
    for row in range(len(keys)):
        offset = keys[row] - least  # a smaller number wraps around and is then too large
        found[row] = places[offset] if offset < np.uint64(len(places)) else -1
    return found


@njit(cache=True, nogil=True)
def _by_key(keys: Any, size: int) -> Any:
    """A hash table with open addressing. A key that occurs twice keeps its first place."""
    slots, places, mask = np.zeros(size, np.uint64), np.full(size, -1, np.int64), np.uint64(size - 1)
    for place in range(len(keys)):
        slot = _mixed(keys[place]) & mask
        while places[slot] >= 0 and slots[slot] != keys[place]:
            slot = (slot + np.uint64(1)) & mask
        if places[slot] < 0:
            slots[slot], places[slot] = keys[place], place
    return slots, places


@njit(cache=True, nogil=True)
def _places_by_key(keys: Any, slots: Any, places: Any) -> Any:
    found, mask = np.empty(len(keys), np.int64), np.uint64(len(slots) - 1)
    for row in range(len(keys)):
        slot = _mixed(keys[row]) & mask
        while places[slot] >= 0 and slots[slot] != keys[row]:
            slot = (slot + np.uint64(1)) & mask
        found[row] = places[slot]
    return found


def shares_of(names: Names, count: int, *, as_text: bool = False) -> Integers:
    """A number below `count` for each name: the same for equal names, and about evenly spread."""
    shares: Integers = _shares(keys_of(names, as_text=as_text), count)
    return shares


@njit(cache=True, nogil=True)
def _shares(keys: Any, count: int) -> Any:
    found = np.empty(len(keys), np.int64)
    for row in range(len(keys)):
        found[row] = (_mixed(keys[row]) >> _HALF) % np.uint64(count)
    return found


def repeated_keys(chunks: Callable[[], Iterable[Keys]], count: int, within: tuple[int, int] | None = None) -> Keys:
    """The keys that occur more than once among about `count`, sorted. `chunks` is called several times.

    A table of bits says which keys may have been seen before, and only these are counted. If keys lie close together
    each has a bit of its own, otherwise some share one. `within` is the least and the largest key, if known.
    """
    if within is None:
        within = joined_range([range_of(keys) for keys in chunks() if len(keys)])
    least, span = np.uint64(within[0]), within[1] - within[0]
    slots = max(16, (_SLOTS_PER_KEY * count - 1).bit_length())
    if span < _SLOTS_PER_KEY * count:
        slots = max(6, span.bit_length())
        shift = np.uint64(0)
    else:
        shift = np.uint64(64 - slots)
    seen = np.zeros(1 << (slots - 6), np.uint64)
    again = [_mark(keys, seen, least, shift) for keys in chunks()]
    suspects = np.unique(np.concatenate([np.empty(0, np.uint64), *again]))
    if not len(suspects) or shift == 0:
        return suspects
    seen[:] = 0
    _mark(suspects, seen, least, shift)
    counts = np.zeros(len(suspects), np.int64)
    for keys in chunks():
        near = keys[_marked(keys, seen, least, shift)]
        place = np.searchsorted(suspects, near).clip(max=len(suspects) - 1)
        np.add.at(counts, place[suspects[place] == near], 1)
    repeated: Keys = suspects[counts > 1]
    return repeated


@njit(inline="always")
def _slot(key: Any, least: Any, shift: Any) -> Any:
    """The bit of a key: its distance from the least or, if `shift` is not 0, the first bits of its hash."""
    return _mixed(key) >> shift if shift else key - least


@njit(cache=True, nogil=True)
def _mark(keys: Any, seen: Any, least: Any, shift: Any) -> Any:
    """Mark the slots of the keys. Returns the keys whose slot was marked before."""
    again, count = np.empty(len(keys), np.uint64), 0
    six, one, low = np.uint64(6), np.uint64(1), np.uint64(63)
    for row in range(len(keys)):
        slot = _slot(keys[row], least, shift)
        word, bit = slot >> six, one << (slot & low)
        if seen[word] & bit:
            again[count] = keys[row]
            count += 1
        seen[word] |= bit
    return again[:count].copy()


@njit(cache=True, nogil=True)
def _marked(keys: Any, seen: Any, least: Any, shift: Any) -> Flags:
    found = np.empty(len(keys), np.bool_)
    six, one, low = np.uint64(6), np.uint64(1), np.uint64(63)
    for row in range(len(keys)):
        slot = _slot(keys[row], least, shift)
        found[row] = (seen[slot >> six] >> (slot & low)) & one
    return found
