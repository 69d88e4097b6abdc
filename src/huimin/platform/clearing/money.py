"""Which lines are paid, which may be paid now, and what they come to for each bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from huimin.platform.clearing.models import LineState, StatementLine
from huimin.platform.foundation.models import City
from huimin.platform.payouts.api import PayoutFacts, payouts_to_hospital

__all__ = ["SETTLED", "UNDECIDED", "by_bill", "is_paid", "payable", "unpaid_of"]

SETTLED = (LineState.AGREED, LineState.STANDS)
UNDECIDED = (LineState.OPEN, LineState.DISPUTED)


def payable(unpaid: Sequence[StatementLine]) -> list[StatementLine]:
    """Of a hospital's unpaid lines, in the order in which they were stated, those that may be paid.

    A line that was to be corrected is paid together with the correction or reversal that came of it: their sum is what
    is owed for the bill.
    """
    last_settled = {line.source: line.pk for line in unpaid if line.state in SETTLED}
    return [
        line
        for line in unpaid
        if line.state in SETTLED
        or (line.state == LineState.TO_CORRECT and line.pk < last_settled.get(line.source, line.pk))
    ]


def by_bill(lines: Iterable[StatementLine]) -> dict[str, int]:
    """What lines come to, in fen by the bill's name in the journal; bills that come to nothing are left out."""
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.source] += line.amount
    return {source: fen for source, fen in sums.items() if fen}


def is_paid(city: City, line: StatementLine) -> bool:
    """Whether it is in a payout that is paid or on its way."""
    return not unpaid_of([line], payouts_to_hospital(city, line.party))


def unpaid_of(lines: Iterable[StatementLine], payouts: Mapping[int, PayoutFacts]) -> list[StatementLine]:
    """The lines that are in no payout which is paid or on its way. `payouts`: those to their hospital, by number."""
    standing = {number for number, payout in payouts.items() if payout.stands}
    return [line for line in lines if line.payout_id not in standing]
