"""How far a table is sealed: the highest sealed key, and the gaps below it in which a row may still appear.

A row gets its key when it is written but is visible only when its transaction ends, so a lower key may appear after a
higher one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["GAP_KEPT_SECONDS", "Frontier", "Gap"]

GAP_KEPT_SECONDS = 24 * 3600
"""A transaction lasts minutes at most, and a drawn key is used within a minute (foundation/reserving.py). So a gap that
is a day old stays empty. A row that appears there later was put there by hand, and verification reports it.
"""

Gap = tuple[int, int, int]
"""(first key, last key, when it was found missing in seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class Frontier:
    through: int = 0
    gaps: tuple[Gap, ...] = ()

    def holds(self, key: int) -> bool:
        """Whether a row with this key may still wait to be sealed."""
        return key > self.through or any(first <= key <= last for first, last, _since in self.gaps)

    def after(self, found: Iterable[int], second: int) -> Frontier:
        """The frontier once the rows with these keys are sealed."""
        keys = sorted(found)
        through = max([self.through, *keys])
        below = [key for key in keys if key <= self.through]
        beyond = [key for key in keys if key > self.through]
        gaps = [gap for gap in self.gaps if second - gap[2] < GAP_KEPT_SECONDS]
        if below:
            gaps = [piece for gap in gaps for piece in _without(gap, below)]
        gaps += _holes(self.through, beyond, second)
        return Frontier(through, tuple(gaps))


def _without(gap: Gap, keys: Sequence[int]) -> list[Gap]:
    """What is left of a gap after rows have appeared in it."""
    first, last, since = gap
    inside = [key for key in keys if first <= key <= last]
    bounds = [first - 1, *inside, last + 1]
    return [(a + 1, b - 1, since) for a, b in pairwise(bounds) if a + 1 <= b - 1]


def _holes(through: int, keys: Sequence[int], second: int) -> list[Gap]:
    bounds = [through, *keys]
    return [(a + 1, b - 1, second) for a, b in pairwise(bounds) if a + 1 <= b - 1]
