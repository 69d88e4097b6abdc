"""The lines of a statement, worked out from what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from huimin.platform.claims.api import NamedBill
from huimin.platform.clearing.models import LineKind
from huimin.platform.foundation.services import content_digest
from huimin.platform.ledger.api import Decided

__all__ = ["DrawnLine", "digest_of", "drawn_lines"]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line before it is numbered. `amount` in fen."""

    decided: Decided
    setl_id: str
    kind: LineKind
    discharged_on: date | None
    settled_on: date

    @property
    def amount(self) -> int:
        return self.decided.amount


def drawn_lines(
    decided: Sequence[Decided], bills: Mapping[str, NamedBill], known: Mapping[str, date], until: date
) -> list[DrawnLine]:
    """The lines of what happened before `until`, in the order in which it was decided.

    `bills`: every bill and reversal that is named; `known`: by bill, the day of its last line in an earlier statement.
    """
    found, days = [], dict(known)
    for one in decided:
        bill, cause = bills[one.source], bills.get(one.cause)
        came = cause.settled_on if cause is not None else one.posted_at.date()
        first = one.source not in days
        days[one.source] = max(came, days.get(one.source, came))
        if days[one.source] < until:
            kind = _kind(one, cause, first=first)
            found.append(DrawnLine(one, bill.setl_id, kind, bill.discharged_on, days[one.source]))
    return found


def _kind(one: Decided, cause: NamedBill | None, *, first: bool) -> LineKind:
    if first and one.amount > 0:
        return LineKind.SETTLEMENT
    reverses = cause is not None and cause.reverses is not None
    return LineKind.REVERSAL if reverses and one.amount < 0 else LineKind.CORRECTION


def digest_of(party: str, month: date, lines: Sequence[tuple[int, str, int]]) -> str:
    """SHA-256 of what a statement says: party, month, and of each line its number, the bill's and its fen."""
    return content_digest({"party": party, "month": f"{month:%Y-%m}", "lines": [list(line) for line in lines]})
