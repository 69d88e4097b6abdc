"""Whole numbers in few bits, as Parquet has them: DELTA_BINARY_PACKED, and codes of one width. Compiled by Numba.

Source: the Parquet format's document on encodings, "Delta Encoding (DELTA_BINARY_PACKED = 5)" and "Run Length Encoding
/ Bit-Packing Hybrid (RLE = 3)".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

__all__ = ["most_bytes", "pack_codes", "pack_differences"]

_BLOCK, _PACKED, _PACKS = 128, 32, 4
"""Values of a block, and of each of the four packs in it, which has a width of its own."""
_WORST_HEAD = 64
_WORST_BLOCK = 10 + _PACKS + 8 * _BLOCK
_CODES_AT_ONCE = 8


def most_bytes(count: int) -> int:
    """The most bytes that `pack_differences` may need for so many values."""
    return _WORST_HEAD + (count // _BLOCK + 1) * _WORST_BLOCK


@njit(cache=True, nogil=True, error_model="numpy")
def pack_differences(values: Any, out: Any) -> int:
    """Write one or more 64-bit values into the bytes `out`. Returns how many bytes they took."""
    differences, words = np.empty(_BLOCK, np.int64), np.empty(_BLOCK // 2, np.uint64)
    packed = words.view(np.uint8)
    place = 0
    for head in (_BLOCK, _PACKS, len(values)):
        place = _varint(out, place, np.uint64(head))
    place = _varint(out, place, _zigzag(values[0]))
    for first in range(1, len(values), _BLOCK):
        count = min(_BLOCK, len(values) - first)
        # Slices, since Numba then knows that an index is never negative and need not test for it.
        now, before = values[first : first + count], values[first - 1 : first - 1 + count]
        least = now[0] - before[0]
        for row in range(count):
            differences[row] = now[row] - before[row]
            least = min(least, differences[row])
        for row in range(count, _BLOCK):
            differences[row] = least
        place = _varint(out, place, _zigzag(least))
        widths, place = place, place + _PACKS
        for pack in range(_PACKS):
            mine = differences[pack * _PACKED : (pack + 1) * _PACKED]
            width = _pack(mine, least, words)
            out[widths + pack] = width
            size = width * _PACKED // 8
            to = out[place : place + size]
            for at in range(len(to)):
                to[at] = packed[at]
            place += size
    return place


@njit(inline="always")
def _pack(values: Any, least: Any, words: Any) -> Any:
    """Write the values' distances from the least into words, in as few bits as the largest needs. Returns that number
    of bits.
    """
    bits = np.uint64(0)
    for row in range(_PACKED):
        bits |= np.uint64(values[row] - least)
    width = _width(bits)
    step, word = np.uint64(width), np.uint64(64)
    held = accumulated = full = np.uint64(0)
    for row in range(_PACKED if width else 0):
        value = np.uint64(values[row] - least)
        accumulated |= value << held
        held += step
        if held >= word:
            words[full] = accumulated
            full += np.uint64(1)
            held -= word
            accumulated = value >> (step - held) if held else np.uint64(0)
    if held:
        words[full] = accumulated
    return width


@njit(inline="always")
def _width(bits: Any) -> Any:
    width = 0
    while bits > np.uint64(255):
        bits >>= np.uint64(8)
        width += 8
    while bits:
        bits >>= np.uint64(1)
        width += 1
    return width


@njit(cache=True, nogil=True)
def pack_codes(codes: Any, width: int, out: Any) -> int:
    """Write codes below 2 ** `width` (1 to 8 bits) into `out` as one run. Returns how many bytes it took.

    `out` has room for the width, a number, and `width` bytes for each eight codes.
    """
    groups = (len(codes) + _CODES_AT_ONCE - 1) // _CODES_AT_ONCE
    out[0] = width
    place = _varint(out, 1, np.uint64(groups << 1 | 1))
    for group in range(groups):
        first = group * _CODES_AT_ONCE
        accumulated = np.uint64(0)
        for row in range(min(_CODES_AT_ONCE, len(codes) - first)):
            accumulated |= np.uint64(codes[first + row]) << np.uint64(row * width)
        for _ in range(width):
            out[place] = accumulated & np.uint64(255)
            accumulated >>= np.uint64(8)
            place += 1
    return place


@njit(inline="always")
def _zigzag(value: Any) -> Any:
    return np.uint64((value << np.int64(1)) ^ (value >> np.int64(63)))


@njit(cache=True, nogil=True)
def _varint(out: Any, place: int, value: Any) -> int:
    while value > np.uint64(127):
        out[place] = (value & np.uint64(127)) | np.uint64(128)
        value >>= np.uint64(7)
        place += 1
    out[place] = value
    return place + 1
