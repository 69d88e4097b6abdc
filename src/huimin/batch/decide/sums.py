"""What a job counts. The counts of parts can be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["LARGEST_YEAR", "Sums", "Tally", "added"]

LARGEST_YEAR = 9 * 10**13
"""Above this excess in a year, in fen, its product with basis points could exceed 64 bits.

Members with more are decided by the evaluator, and counted as decided one by one (`one_by_one`).
"""

Tally: TypeAlias = dict[tuple[str, str], list[int]]
"""Sums of groups of members, by two names each. The sums of several groups can be added up."""


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of several tallies. No member may be in more than one of them."""
    total: Tally = {}
    for tally in tallies:
        for key, found in tally.items():
            total[key] = [one + other for one, other in zip(total.get(key, [0] * len(found)), found, strict=True)]
    return total


@dataclass(slots=True)
class Sums:
    """The counts of one part, or of several together."""

    adjudicated: int = 0
    undecided: int = 0
    not_covered: int = 0
    """How many of the adjudicated bills no benefit applies to."""
    cancelled: int = 0
    one_by_one: int = 0
    """Members who were decided by the evaluator."""
    refused: Counter[str] = field(default_factory=Counter)
    payable: Tally = field(default_factory=dict)
    """[fen, lines] by ("payable", benefit)."""
    unknown: Tally = field(default_factory=dict)
    """[bills] by (undecided benefit, what is not known of it and why)."""
    changes: Tally = field(default_factory=dict)
    account: Tally = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Sequence[Sums]) -> Sums:
        whole = cls(refused=sum((part.refused for part in parts), Counter()))
        for name in _COUNTS:
            setattr(whole, name, sum(getattr(part, name) for part in parts))
        for name in _TALLIES:
            setattr(whole, name, added(getattr(part, name) for part in parts))
        return whole

    def to_json(self) -> dict[str, Any]:
        tallies = {name: [[*key, *found] for key, found in getattr(self, name).items()] for name in _TALLIES}
        return {**{name: getattr(self, name) for name in _COUNTS}, "refused": dict(self.refused), **tallies}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Sums:
        sums = cls(refused=Counter(found["refused"]))
        for name in _COUNTS:
            setattr(sums, name, int(found[name]))
        for name in _TALLIES:
            setattr(sums, name, {(one, other): tally for one, other, *tally in found[name]})
        return sums


_COUNTS = ("adjudicated", "undecided", "not_covered", "cancelled", "one_by_one")
_TALLIES = ("payable", "unknown", "changes", "account")
