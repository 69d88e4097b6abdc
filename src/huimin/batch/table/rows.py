"""A table of facts by column, from a file or a caller. Every cell can also be had as text, for the row readers.

Cells that cannot be read in bulk are left to the row reader, which says what is wrong with them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huimin.batch.table.amount_columns import MISSING, ODD, PLAIN, States, fen_of
from huimin.batch.table.cell_texts import cell_text
from huimin.errors import InputError
from huimin.settlement.amounts import yuan_of_fen
from huimin.settlement.layout import FEN

__all__ = ["MISSING", "ODD", "PLAIN", "Flags", "Integers", "Rows", "date_of", "days_since_epoch", "months_since"]

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
_EPOCH = date(1970, 1, 1).toordinal()
_EPOCH_YEAR, _MONTHS = 1970, 12
_DAY = 86_400
_FIRST_SECOND, _LAST_SECOND = (date.min.toordinal() - _EPOCH) * _DAY, (date.max.toordinal() - _EPOCH + 1) * _DAY - 1
"""The first and the last day of years of four digits. Columns of files can hold others."""
_AT_ONCE = 1 << 12
"""How many rows are turned into texts together."""
_FEW, _SIGNED = 1 << 12, 1 << 63
"""The largest span of numbers for which a table is made, and a limit that no signed number reaches."""

T = TypeVar("T")


def days_since_epoch(day: date) -> int:
    return day.toordinal() - _EPOCH


def date_of(days: int) -> date:
    return date.fromordinal(days + _EPOCH)


def months_since(first: date, days: Integers) -> Integers:
    """Calendar months from that of `first` to those of the days, which count from 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months - ((first.year - _EPOCH_YEAR) * _MONTHS + first.month - 1))


class Rows:
    """Columns of one length. A column `X_fen` of whole fen stands for the column `X` in yuan.

    `where` names the place of a row in its file, for messages.
    """

    def __init__(self, table: pa.Table, where: Callable[[int], str] | None = None) -> None:
        self.table = table.combine_chunks()
        self.where = where or _nth
        self._texts: dict[str, tuple[Integers, list[str]]] = {}

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """The rows of all parts, one after the other. Parts have the same columns; there is at least one."""
        if len(parts) == 1:
            return parts[0]
        starts = np.cumsum([0, *(len(part) for part in parts)]).tolist()

        def where(row: int) -> str:
            place = bisect_right(starts, row) - 1
            return parts[place].where(row - starts[place])

        return cls(pa.concat_tables([part.table for part in parts]), where)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def names(self) -> list[str]:
        return [name.removesuffix(FEN) for name in self.table.column_names]

    def column(self, name: str) -> pa.Array | None:
        if name not in self.table.column_names:
            return None
        column = self.table.column(name)
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)

    def take(self, indices: Integers) -> Rows:
        return Rows(self.table.take(pa.array(indices)))

    def slice(self, first: int, end: int) -> Rows:
        return Rows(self.table.slice(first, end - first))

    def text(self, index: int) -> dict[str, str]:
        """One row as a CSV file would have it."""
        return next(self.as_text(np.array([index])))

    def all_as_text(self) -> list[dict[str, str]]:
        """All rows as a CSV file would have them."""
        return list(self.as_text(np.arange(len(self))))

    def as_text(self, indices: Integers) -> Iterator[dict[str, str]]:
        """Rows as a CSV file would have them: many at once take a fraction of what each would alone."""
        names = self.names
        for first in range(0, len(indices), _AT_ONCE):
            some = indices[first : first + _AT_ONCE]
            table = self.table.slice(some[0], 1) if len(some) == 1 else self.table.take(pa.array(some))
            columns = [_cells(name, _values(table.column(name))) for name in table.column_names]
            for cells in zip(*columns, strict=True):
                yield dict(zip(names, cells, strict=True))

    def texts(self, name: str) -> tuple[Integers, list[str]]:
        """(code of each row, text of each code); one empty text if there is no such column."""
        if name not in self._texts:
            self._texts[name] = self._encode(name)
        return self._texts[name]

    def _encode(self, name: str) -> tuple[Integers, list[str]]:
        column = self.column(name)
        if column is None:
            return np.zeros(len(self), np.int64), [""]
        if pa.types.is_integer(column.type) and not column.null_count and len(self):
            values = column.to_numpy(zero_copy_only=False)
            least, most = int(values.min()), int(values.max())
            if most - least < _FEW and most < _SIGNED:
                from huimin.batch.table.code_loops import codes_of_few  # noqa: PLC0415 - loads a compiler

                codes, distinct = codes_of_few(values, least, most - least + 1)
                return codes, [str(least + int(place)) for place in distinct]
        encoded = column.dictionary_encode(null_encoding="encode")
        raw = [cell_text(value) for value in _values(encoded.dictionary)]
        return _merge(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), raw)

    def parsed(self, name: str, parse: Callable[[str], T]) -> tuple[Integers, list[T | None]]:
        """(code of each row, value of each code): None for an empty text, and for one that cannot be read."""
        codes, texts = self.texts(name)
        return codes, [_or_none(parse, text) for text in texts]

    def fen(self, name: str) -> tuple[Integers, States]:
        """Amounts in fen, and how each was read. There must be a column for them, in yuan or in fen."""
        whole, yuan = self.column(name + FEN), self.column(name)
        column, given = (yuan, name) if whole is None else (whole, name + FEN)
        return fen_of(column, lambda cells: _cells(given, _values(cells)), whole=whole is not None)

    def moments(self, name: str, parse: Callable[[str], datetime]) -> tuple[Integers, States]:
        """Seconds since 1970, and how each was read."""
        column = self.column(name)
        if (
            column is not None
            and (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type))
            and not column.null_count
        ):
            if pa.types.is_date32(column.type):
                found = column.view(pa.int32()).to_numpy(zero_copy_only=False) * np.int64(_DAY)
            else:
                column = column.cast(pa.timestamp("s"), safe=False)
                found = column.to_numpy(zero_copy_only=False).astype("datetime64[s]").astype(np.int64)
            read: States = np.zeros(len(self), np.int8)
            if found.min(initial=0) < _FIRST_SECOND or found.max(initial=0) > _LAST_SECOND:
                read[(found < _FIRST_SECOND) | (found > _LAST_SECOND)] = ODD
            return found, read
        codes, texts = self.texts(name)
        times = [_or_none(parse, text) for text in texts]
        states = [
            MISSING if text == "" else ODD if one is None else PLAIN for text, one in zip(texts, times, strict=True)
        ]
        seconds = [0 if one is None else int((one - datetime(1970, 1, 1)).total_seconds()) for one in times]
        return np.array(seconds, np.int64)[codes], np.array(states, np.int8)[codes]


def _nth(row: int) -> str:
    return f"row {row + 1}"


def _values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The column's values. Those for which Python has no value, such as days of the year 29349, come as texts."""
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError):
        return [_value(cell) for cell in column]
    return values


def _value(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return cell.cast(pa.string()).as_py()


def _cells(name: str, values: list[Any]) -> list[str]:
    texts = [cell_text(value) for value in values]
    return [yuan_of_fen(text) for text in texts] if name.endswith(FEN) else texts


def _or_none(parse: Callable[[str], T], text: str) -> T | None:
    if text == "":
        return None
    try:
        return parse(text)
    except InputError:
        return None


def _merge(codes: Integers, raw: Sequence[str]) -> tuple[Integers, list[str]]:
    """Give one code to cells that differ but have the same text."""
    texts = list(dict.fromkeys(raw))
    if len(texts) == len(raw):
        return codes, texts
    place = {text: code for code, text in enumerate(texts)}
    return np.array([place[text] for text in raw], np.int64)[codes], texts
