"""Journal entries before they are posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huimin.platform.ledger.accounts import Account
from huimin.platform.ledger.parties import Party

__all__ = ["Entry", "Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that becomes a posting: in fen, a debit positive, a credit negative."""

    account: Account
    amount: int
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`source` is the fact that the entry belongs to, `cause` the fact that led to it.

    `sharing` names the shares by which the entry shares money out, if it does (`JournalEntry.sharing`).
    """

    kind: str
    source: str
    cause: str
    lines: Sequence[Line]
    sharing: str | None = None
