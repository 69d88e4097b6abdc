"""Run-off triangles: payments by the period of care and by how long after it they were made, cumulative, in yuan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.table.rows import Integers
from huimin.errors import InputError

__all__ = ["FEWEST", "Triangle"]

FEWEST = 3
"""The fewest periods: with fewer there is no second factor that shows how certain the first is."""

_FEN = 100.0


@dataclass(frozen=True)
class Triangle:
    """`paid[i, j]`: paid for period i up to j periods after it began; NaN below the last diagonal. Square."""

    periods: tuple[str, ...]
    paid: Amounts

    @classmethod
    def of(cls, periods: Sequence[str], rows: Sequence[Sequence[float]]) -> Triangle:
        """A triangle from rows that each are one shorter than the row before. Raises InputError: `thin_data`, `holes`,
        `bad_triangle`.
        """
        size = len(rows)
        if size < FEWEST:
            message = f"found {size} periods; expected {FEWEST} or more: fewer say nothing of how sure a factor is"
            raise InputError(message, code="thin_data", values={"found": str(size), "least": str(FEWEST)})
        if len(periods) != size:
            raise InputError(f"found {len(periods)} names of {size} periods", code="bad_triangle")
        paid = np.full((size, size), np.nan)
        for place, row in enumerate(rows):
            if len(row) != size - place:
                found = f"found {len(row)} amounts; expected {size - place}"
                message = f"period {periods[place]}: {found}, one less than the period before. Leave the unknown empty"
                values = {"period": periods[place], "found": str(len(row)), "least": str(size - place)}
                raise InputError(message, code="bad_triangle", values=values)
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
                raise InputError(message, code="holes", values={"period": name})
            if (known < 0).any():
                at = int(np.argmax(known < 0))
                message = f"period {name}: found {known[at]:,.0f} paid so far after {at} periods; expected 0 or more"
                raise InputError(message, code="bad_triangle")
            self._refuse_zero(name, known)

    def _refuse_zero(self, name: str, known: Amounts) -> None:
        """Refuse a zero after an amount. Payments do not vanish, so it must stand for an unknown amount, and its factor
        would be 0.
        """
        gone = np.flatnonzero((known[1:] == 0) & (known[:-1] > 0))
        if gone.size:
            at = int(gone[0]) + 1
            message = (
                f"period {name}: found 0 paid so far after {at} periods, and {known[at - 1]:,.0f} one period earlier; "
                "expected what was paid in all by then. Leave it empty where it is not known yet"
            )
            raise InputError(message, code="bad_triangle")

    @classmethod
    def monthly(cls, first: date, months: int, occurred: Integers, paid: Integers, amounts: Integers) -> Triangle:
        """A triangle from decisions: the months of care and of payment of each amount (fen), counted from the month of
        `first`.

        It is as of the end of `months` months: later payments, and payments for care before the first, are left out.
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
        """The total paid so far for each period."""
        return self.paid[np.arange(self.size), self.size - 1 - np.arange(self.size)]
