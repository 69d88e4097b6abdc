"""Members' numbers and bills' ids. They are compared as texts, but kept as whole numbers if a file has them so."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from huimin.batch.table.cell_texts import cell_text
from huimin.batch.table.rows import Flags, Integers
from huimin.settlement.ids import id_fault
from huimin.settlement.normal import break_within, control_character

__all__ = ["Names"]

_MOST_DIGITS = 17
_MARKS = tuple(b"+.#")
"""One of these stands in every id that id_fault refuses."""
_BLANK, _TILDE = 0x20, 0x7E
"""The first and the last of the plain characters."""
_LENGTHS = 32
"""Larger than the length of any number here, but so small that 17 digits times this still fit 64 bits."""


class Names:
    """A column of names. Texts have no blanks around them; a null is an empty text."""

    def __init__(self, column: pa.Array | None) -> None:
        column = pa.array([], pa.string()) if column is None else column
        self.given = column.type
        if pa.types.is_integer(column.type):
            self.column = column.cast(pa.int64())
        else:
            text = column if pa.types.is_string(column.type) else column.cast(pa.string())
            self.column = pc.fill_null(pc.utf8_trim_whitespace(text), "")

    def __len__(self) -> int:
        return len(self.column)

    @property
    def are_numbers(self) -> bool:
        return bool(pa.types.is_integer(self.column.type))

    def text(self, row: int) -> str:
        return cell_text(self.column[row].as_py())

    def texts(self, rows: Integers) -> list[str]:
        found: list[str] = self.take(rows).as_text().to_pylist()
        return found

    def take(self, rows: Integers) -> Names:
        return Names(self.column.take(pa.array(rows)))

    @cached_property
    def empty(self) -> Flags:
        if self.are_numbers and not self.column.null_count:
            return np.zeros(len(self), np.bool_)
        found = self.column.is_null() if self.are_numbers else pc.equal(self.column, "")
        empty: Flags = found.to_numpy(zero_copy_only=False)
        return empty

    @property
    def _starts(self) -> Any:
        """Where each text begins in the bytes of all texts, and the end of the last. There must be at least one
        text.
        """
        offsets = np.frombuffer(self.column.buffers()[1], np.int32)
        return offsets[self.column.offset : self.column.offset + len(self) + 1]

    def longer_than(self, characters: int) -> Flags:
        if self.are_numbers or not len(self) or int(np.diff(self._starts).max()) <= characters:
            return np.zeros(len(self), np.bool_)  # no text has more characters than bytes
        longer: Flags = pc.utf8_length(self.column).to_numpy(zero_copy_only=False) > characters
        return longer

    @cached_property
    def spoilt(self) -> Flags:
        """Ids that a spreadsheet has rounded, or that hold a character no id may. Only the few suspicious ones are read
        one by one.
        """
        found: Flags = np.zeros(len(self), np.bool_)
        if self.are_numbers:
            return found
        data = self.column.buffers()[2]
        if not len(self) or data is None:
            return found
        starts = self._starts
        texts = np.frombuffer(data, np.uint8)
        if not _any_unusual(texts[starts[0] : starts[-1]]):
            return found
        for row in np.flatnonzero(_unusual(starts, texts)).tolist():
            text = self.column[row].as_py()
            found[row] = any(fault(text) is not None for fault in (id_fault, control_character, break_within))
        return found

    @cached_property
    def codes(self) -> Integers:
        """One code for each name, in order of first appearance."""
        encoded = self.column.dictionary_encode(null_encoding="encode")
        codes: Integers = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return codes

    @cached_property
    def repeated(self) -> Flags:
        """Rows whose name another row has too."""
        counts = np.bincount(self.codes, minlength=1)
        return counts[self.codes] > 1

    @property
    def like_a_neighbour(self) -> Flags:
        """Rows whose name a neighbouring row has too. If names are sorted these are all repeated names."""
        same = pc.equal(self.column[1:], self.column[:-1]) if len(self) else pa.array([], pa.bool_())
        like: Flags = pc.fill_null(same, True).to_numpy(zero_copy_only=False)
        beside: Flags = np.append(like, False)[: len(self)] | np.append(False, like)[: len(self)]
        return beside

    @property
    def order(self) -> Integers | None:
        """Rows sorted by name as text; None if they are sorted already."""
        sortable = self.sortable()
        if len(sortable) == 0 or pc.all(pc.less_equal(sortable[:-1], sortable[1:])).as_py() is not False:
            return None
        order: Integers = pc.array_sort_indices(sortable).to_numpy(zero_copy_only=False)
        return order.astype(np.int64)

    def sortable(self) -> pa.Array:
        """Values that sort as the texts do: the texts themselves, or numbers if none is negative or very large."""
        if self.are_numbers and len(self) and not self.column.null_count:
            numbers = self.column.to_numpy(zero_copy_only=False)
            least, most = int(numbers.min()), int(numbers.max())
            if least >= 0 and len(str(least)) == len(str(most)):
                return self.column
            if least >= 0 and most < 10**_MOST_DIGITS:
                return pa.array(_left_justified(numbers))
        return self.as_text()

    def as_text(self) -> pa.Array:
        return pc.fill_null(self.column.cast(pa.string()), "")

    def places_in(self, others: Names) -> Integers:
        """The first row of `others` with each name; −1 where there is none."""
        mine, theirs = self.column, others.column
        if mine.type != theirs.type:
            mine, theirs = self.as_text(), others.as_text()
        places: Integers = pc.fill_null(pc.index_in(mine, value_set=theirs, skip_nulls=True), -1).to_numpy(
            zero_copy_only=False
        )
        return places.astype(np.int64)

    def among(self, others: Names, which: Flags) -> Flags:
        """Rows whose name is that of one of the rows `which` of `others`."""
        found: Flags = pc.is_in(self.as_text(), value_set=others.as_text().filter(pa.array(which))).to_numpy(
            zero_copy_only=False
        )
        return found


@njit(inline="always")
def _is_unusual(byte: Any) -> Any:
    return (byte < _BLANK) | (byte > _TILDE) | (byte == _MARKS[0]) | (byte == _MARKS[1]) | (byte == _MARKS[2])


@njit(cache=True, nogil=True)
def _any_unusual(data: Any) -> Any:
    """Whether any is true. The loop never ends early, so that the compiler can test many bytes at once."""
    found = False
    for place in range(len(data)):
        found |= _is_unusual(data[place])
    return found


@njit(cache=True, nogil=True)
def _unusual(starts: Any, data: Any) -> Any:
    """The texts with a byte that is not a plain character, or that is one of the marks."""
    found = np.zeros(len(starts) - 1, np.bool_)
    for row in range(len(found)):
        for place in range(starts[row], starts[row + 1]):
            if _is_unusual(data[place]):
                found[row] = True
                break
    return found


@njit(cache=True, nogil=True)
def _left_justified(numbers: Any) -> Any:
    """Turn numbers below 10 ** 17 into numbers that sort as their texts do: padded with zeros on the right, then by
    length.
    """
    found = np.empty(len(numbers), np.int64)
    for row in range(len(numbers)):
        number, above, length = numbers[row], 10, 1
        while above <= number:
            above, length = above * 10, length + 1
        for _ in range(length, _MOST_DIGITS):
            number *= 10
        found[row] = number * _LENGTHS + length
    return found
