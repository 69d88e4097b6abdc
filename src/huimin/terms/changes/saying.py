"""Sentences and measures: what a plan says at one place, and whether another amount there is better for the insured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.terms.changes.leaves import Path

__all__ = ["Amounts", "Said", "Steps", "better_by"]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Numbers by name of which more is better for the insured."""

    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Steps:
    """Rates in basis points by the amount from which each holds, the lowest first. More is better."""

    steps: tuple[tuple[int, int], ...]

    def at(self, fen: int) -> int:
        return next((rate for start, rate in reversed(self.steps) if start <= fen), 0)


@dataclass(frozen=True, slots=True)
class Said:
    """What a plan says at `path` and below it, under a heading.

    `measure`: how good it is, where that can be told. `presence`: 1 if it is good for the insured to have such a term,
    -1 if it is bad, 0 if that cannot be told.
    """

    path: Path
    heading: str
    text: str
    measure: Amounts | Steps | None = None
    presence: int = 0


def better_by(before: Said, after: Said) -> int:
    """1 if the second is better for the insured, -1 if it is worse, 0 where that cannot be told."""
    one, other = before.measure, after.measure
    if isinstance(one, Steps) and isinstance(other, Steps):
        starts = {start for start, _ in one.steps} | {start for start, _ in other.steps}
        return _sign([other.at(start) - one.at(start) for start in starts])
    if isinstance(one, Amounts) and isinstance(other, Amounts):
        shared = one.values.keys() & other.values.keys()
        if shared in (one.values.keys(), other.values.keys()):
            return _sign([other.values[name] - one.values[name] for name in shared])
    return 0


def _sign(differences: list[int]) -> int:
    if any(one > 0 for one in differences):
        return 0 if any(one < 0 for one in differences) else 1
    return -1 if any(one < 0 for one in differences) else 0
