"""A day's file beside our books: what agrees, and what differs in which way. Pure: facts in, differences out."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from huimin.platform.payments.reconciliation.day_file import StatedLine

__all__ = ["Comparison", "Difference", "DifferenceKind", "OurReceipt", "compare"]


class DifferenceKind(enum.StrEnum):
    MISSING_WITH_US = "missing_with_us"
    """The file has it, and we have booked nothing."""
    MISSING_WITH_THEM = "missing_with_them"
    """We have booked it on the day, and no file has it."""
    OTHER_AMOUNT = "file_other_amount"
    """Both have it, with other amounts or under other references."""
    TWICE = "file_twice"
    """The file has it more than once."""


@dataclass(frozen=True, slots=True)
class OurReceipt:
    """Money that we have booked. `amount` in fen; below zero where it moved back."""

    transaction: str
    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`theirs` and `ours` in fen; None where that side has nothing."""

    kind: DifferenceKind
    transaction: str
    reference: str
    theirs: int | None
    ours: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    matched: int
    matched_amount: int
    differences: tuple[Difference, ...]

    @property
    def booked(self) -> int:
        """All of our side, in fen: what the file names, and what it lacks."""
        counted = (one for one in self.differences if one.kind is not DifferenceKind.TWICE)
        return self.matched_amount + sum(one.ours or 0 for one in counted)


def compare(rows: Sequence[StatedLine], known: Mapping[str, OurReceipt], of_the_day: Collection[str]) -> Comparison:
    """`known`: what we have booked by transaction, of every day that the file or the day names. `of_the_day`:
    transactions of ours of that day that no file of another day has.
    """
    times = Counter(row.transaction for row in rows)
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.transaction] += row.amount
    matched, found = [], []
    for row in {row.transaction: row for row in reversed(rows)}.values():
        ours = known.get(row.transaction)
        if ours is None:
            found.append(Difference(DifferenceKind.MISSING_WITH_US, row.transaction, row.reference, row.amount, None))
        elif (ours.amount, ours.reference) != (row.amount, row.reference):
            kind = DifferenceKind.OTHER_AMOUNT
            found.append(Difference(kind, row.transaction, row.reference, row.amount, ours.amount))
        else:
            matched.append(row.amount)
        if times[row.transaction] > 1:
            theirs = sums[row.transaction]
            kind, own = DifferenceKind.TWICE, ours.amount if ours is not None else None
            found.append(Difference(kind, row.transaction, row.reference, theirs, own))
    for transaction in sorted(set(of_the_day) - times.keys()):
        ours = known[transaction]
        kind = DifferenceKind.MISSING_WITH_THEM
        found.append(Difference(kind, transaction, ours.reference, None, ours.amount))
    return Comparison(len(matched), sum(matched), tuple(sorted(found, key=_place)))


def _place(difference: Difference) -> tuple[str, str]:
    return difference.transaction, difference.kind
