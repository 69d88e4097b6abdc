"""How often the drawn bills of a month were wrong, and between which bounds the rate of all its bills lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, floor, sqrt

from huimin.money import BASIS

__all__ = ["MonthSampled", "wilson"]

_Z = 1.959963984540054
"""The standard normal distribution has 95 % between minus and plus this."""


@dataclass(frozen=True, slots=True)
class MonthSampled:
    """The bills that came in a month: `bills` were decided automatically, of which `drawn` by chance; of these
    `answered` were looked at, and `wrong` were decided wrongly.
    """

    month: date
    bills: int
    drawn: int
    answered: int
    wrong: int

    @property
    def bounds(self) -> tuple[int, int] | None:
        """Basis points of wrong bills: the rate of all lies between these, 19 times of 20. None where nobody looked."""
        return wilson(self.wrong, self.answered) if self.answered else None


def wilson(wrong: int, answered: int) -> tuple[int, int]:
    """The 95 % interval of a share by Wilson's score (1927), rounded outwards to basis points.

    It holds for few answers and for none that is wrong, where the usual one would be empty.
    """
    share, spread = wrong / answered, _Z * _Z / answered
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / answered + spread / (4 * answered)) / (1 + spread)
    low, high = (0.0 if wrong == 0 else middle - half), (1.0 if wrong == answered else middle + half)
    return floor(low * BASIS), ceil(high * BASIS)
