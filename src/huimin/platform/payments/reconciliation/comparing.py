"""A company's day beside our receipts: what agrees, and what differs in which way. Pure: facts in, differences out."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from huimin.platform.payments.reconciliation.company_file import CompanyStatement, RowKind

__all__ = ["Comparison", "Difference", "DifferenceKind", "OurReceipt", "compare"]


class DifferenceKind(enum.StrEnum):
    MISSING_WITH_US = "missing_with_us"
    """The company has it, and we have no receipt."""
    MISSING_WITH_THEM = "missing_with_them"
    """We have a receipt of the day, and no file of the company has it."""
    OTHER_AMOUNT = "file_other_amount"
    """Both have it, with other amounts or under other references."""
    TWICE = "file_twice"
    """The file has it more than once."""


@dataclass(frozen=True, slots=True)
class OurReceipt:
    """`amount` in fen."""

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


def compare(statement: CompanyStatement, known: Mapping[str, OurReceipt], of_the_day: Collection[str]) -> Comparison:
    """`known`: our receipts by transaction, of every day that the file or the day names. `of_the_day`: transactions of
    ours that were received on the day and that no file of another day has.
    """
    rows = [row for row in statement.rows if row.kind is RowKind.PAID]
    times = Counter(row.transaction for row in rows)
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
            theirs = times[row.transaction] * row.amount
            kind, own = DifferenceKind.TWICE, ours.amount if ours is not None else None
            found.append(Difference(kind, row.transaction, row.reference, theirs, own))
    for transaction in sorted(set(of_the_day) - times.keys()):
        ours = known[transaction]
        kind = DifferenceKind.MISSING_WITH_THEM
        found.append(Difference(kind, transaction, ours.reference, None, ours.amount))
    return Comparison(len(matched), sum(matched), tuple(sorted(found, key=_place)))


def _place(difference: Difference) -> tuple[str, str]:
    return difference.transaction, difference.kind
