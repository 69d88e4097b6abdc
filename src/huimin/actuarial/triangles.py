"""What was paid by the period in which it came about and how long after: a run-off triangle, cumulative, in yuan."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.rows import Integers
from huimin.errors import InputError

__all__ = ["FEWEST", "Triangle", "triangle_of_text"]

FEWEST = 3
"""Periods: of fewer there is no second factor to tell how sure the first is."""

_FEN = 100.0


@dataclass(frozen=True)
class Triangle:
    """`paid[i, j]`: paid for period i up to j periods after it began; NaN below the last diagonal. Square."""

    periods: tuple[str, ...]
    paid: Amounts

    @classmethod
    def of(cls, periods: Sequence[str], rows: Sequence[Sequence[float]]) -> Triangle:
        """From rows that grow shorter by one. Raises InputError: `thin_data`, `holes`, `bad_triangle`."""
        size = len(rows)
        if size < FEWEST:
            message = f"found {size} periods; expected {FEWEST} or more: fewer say nothing of how sure a factor is"
            raise InputError(message, code="thin_data")
        if len(periods) != size:
            raise InputError(f"found {len(periods)} names of {size} periods", code="bad_triangle")
        paid = np.full((size, size), np.nan)
        for place, row in enumerate(rows):
            if len(row) != size - place:
                message = f"period {periods[place]}: found {len(row)} amounts; expected {size - place}"
                raise InputError(message, code="bad_triangle")
            paid[place, : len(row)] = row
        triangle = cls(tuple(periods), paid)
        triangle._refuse_amounts()
        return triangle

    def _refuse_amounts(self) -> None:
        for place, name in enumerate(self.periods):
            known = self.paid[place, : len(self.periods) - place]
            if not np.isfinite(known).all():
                at = int(np.argmin(np.isfinite(known)))
                message = f"period {name}: the amount after {at} periods is missing; expected one at every age"
                raise InputError(message, code="holes")
            if (known < 0).any():
                at = int(np.argmax(known < 0))
                message = f"period {name}: found {known[at]:,.0f} paid so far after {at} periods; expected 0 or more"
                raise InputError(message, code="bad_triangle")

    @classmethod
    def monthly(cls, first: date, months: int, occurred: Integers, paid: Integers, amounts: Integers) -> Triangle:
        """From decisions: the months of care and of payment of each amount (fen), counted from the month of `first`.

        Seen at the end of `months` months; what was paid later, or for care before the first, is not in it.
        """
        age = paid - occurred
        seen = (occurred >= 0) & (occurred < months) & (paid < months) & (age >= 0)
        place = occurred[seen] * months + age[seen]
        sums = np.bincount(place, amounts[seen] / _FEN, months * months).reshape(months, months).cumsum(axis=1)
        names = [
            f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(months)
        ]
        return cls.of(names, [sums[n, : months - n].tolist() for n in range(months)])

    @property
    def digest(self) -> str:
        """SHA-256 of the periods and amounts."""
        told = repr((self.periods, self.paid.tolist()))
        return sha256(told.encode()).hexdigest()

    @property
    def size(self) -> int:
        return len(self.periods)

    @property
    def latest(self) -> Amounts:
        """What was paid so far for each period."""
        return self.paid[np.arange(self.size), self.size - 1 - np.arange(self.size)]


def triangle_of_text(text: str, where: str = "the triangle") -> Triangle:
    """From CSV, or what is copied from a spreadsheet: a line of heads, then a period and its amounts a line.

    Raises InputError: `bad_amount` with the line, and those of `Triangle.of`.
    """
    mark = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    names, amounts = [], []
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        try:
            names.append(row[0])
            amounts.append([_yuan(cell) for cell in _without_end(row[1:])])
        except ValueError as error:
            raise InputError(f"{where}: line {line}: {error}; expected amounts in yuan", code="bad_amount") from error
    return Triangle.of(names, amounts)


def _without_end(cells: list[str]) -> list[str]:
    """What is below the diagonal is left empty; an empty cell before it is a hole."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _yuan(cell: str) -> float:
    return float(cell.replace(",", "").replace("¥", "")) if cell else float("nan")
