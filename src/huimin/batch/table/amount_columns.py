"""Reads columns of amounts in yuan or whole fen, many at once, in every type that holds fen exactly.

Cells that cannot be read in bulk are read one by one, as text from a file would be. Both ways give the same result.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from huimin.errors import InputError
from huimin.money import LARGEST_FEN
from huimin.settlement.amounts import parse_amount

__all__ = ["MISSING", "ODD", "PLAIN", "States", "fen_of"]

PLAIN, MISSING, ODD = 0, 1, 2
"""The state of a cell: read, not reported, or left to the row reader."""
States = npt.NDArray[np.int8]
Amounts = npt.NDArray[np.int64]
_FEN_OF_YUAN = 100
_YUAN_DIGITS, _FEN_DIGITS = 2, 0


def fen_of(
    column: pa.Array, texts_of: Callable[[pa.Array], list[str]], *, whole: bool
) -> tuple[npt.NDArray[np.int64], States]:
    """Amounts in fen and how each was read. `whole`: the cells are fen; else yuan.

    `texts_of` gives cells as a file would have them, in yuan.
    """
    kind = column.type
    if types.is_integer(kind):
        return _of_integers(column, 1 if whole else _FEN_OF_YUAN)
    if types.is_decimal(kind):
        exact = _of_decimals(column, _FEN_DIGITS if whole else _YUAN_DIGITS)
        if exact is not None:
            return exact
    if types.is_floating(kind) and whole:
        return _of_whole_floats(column, texts_of)
    return _of_cells(column, texts_of)


def _of_integers(column: pa.Array, times: int) -> tuple[Amounts, States]:
    given = pc.fill_null(column, 0) if column.null_count else column
    values = given.to_numpy(zero_copy_only=False)
    most = LARGEST_FEN // times
    if values.dtype == np.uint64:
        values = np.minimum(values, np.uint64(most + 1))
    return _within(column, values.astype(np.int64, copy=False), most, times)


def _within(column: pa.Array, values: Amounts, most: int, times: int) -> tuple[Amounts, States]:
    """The values that are small enough; the others, and missing ones, are left to the row reader."""
    states: States = np.zeros(len(column), np.int8)
    if values.max(initial=0) > most or values.min(initial=0) < -most:
        beyond = (values > most) | (values < -most)
        states[beyond] = ODD
        values = np.where(beyond, 0, values)
    if column.null_count:
        states[column.is_null().to_numpy(zero_copy_only=False)] = MISSING
    return (values if times == 1 else values * times), states


def _of_decimals(column: pa.Array, scale: int) -> tuple[Amounts, States] | None:
    """None if some value has a digit after the fen that is not zero, or does not fit."""
    try:
        cast = column.cast(pa.decimal128(38, scale))
    except pa.ArrowInvalid:
        return None
    data = cast.buffers()[1]
    if data is None or not len(cast):
        return np.zeros(len(column), np.int64), np.full(len(column), MISSING, np.int8)
    halves = np.frombuffer(data, np.int64)[2 * cast.offset : 2 * (cast.offset + len(cast))].reshape(-1, 2)
    values, high = halves[:, 0].copy(), halves[:, 1]
    if column.null_count:
        absent = column.is_null().to_numpy(zero_copy_only=False)
        values[absent], high = 0, np.where(absent, 0, high)
    if (high != values >> 63).any():
        return None
    return _within(column, values, LARGEST_FEN, 1)


def _of_whole_floats(column: pa.Array, texts_of: Callable[[pa.Array], list[str]]) -> tuple[Amounts, States]:
    """Whole fen that a program keeps as floats, as DuckDB does with sums. A value that is not whole is read as text."""
    absent = column.is_null().to_numpy(zero_copy_only=False)
    given = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    plain = (np.rint(given) == given) & (np.abs(given) <= LARGEST_FEN)
    values = np.where(plain, given, 0).astype(np.int64)
    states: States = np.zeros(len(column), np.int8)
    others = np.flatnonzero(~plain)
    if others.size:
        values[others], states[others] = _of_cells(column.take(pa.array(others)), texts_of)
    states[absent] = MISSING
    return values, states


def _of_cells(column: pa.Array, texts_of: Callable[[pa.Array], list[str]]) -> tuple[Amounts, States]:
    """Each distinct cell is read once, as text."""
    encoded = column.dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    read = [_read(text) for text in texts_of(encoded.dictionary)]
    fen = np.array([value for value, _ in read], np.int64)
    states = np.array([state for _, state in read], np.int8)
    return fen[codes], states[codes]


def _read(text: str) -> tuple[int, int]:
    if text == "":
        return 0, MISSING
    try:
        return parse_amount(text), PLAIN
    except InputError:
        return 0, ODD
