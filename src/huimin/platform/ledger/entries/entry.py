"""What an entry is made of, before it is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huimin.platform.ledger.accounts import Account
from huimin.platform.ledger.parties import Party

__all__ = ["Entry", "Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """A posting to be: fen, a debit positive, a credit negative."""

    account: Account
    amount: int
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`source` is the fact that it belongs to, `cause` the fact that brought it about.

    `sharing`: of an entry that shares money out, by which shares (`JournalEntry.sharing`).
    """

    kind: str
    source: str
    cause: str
    lines: Sequence[Line]
    sharing: str | None = None
