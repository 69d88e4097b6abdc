"""Posting to the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Account, JournalEntry, Posting

__all__ = ["Entry", "Line", "UnbalancedEntryError", "post"]


class UnbalancedEntryError(HuiminError):
    code = "unbalanced_entry"


@dataclass(frozen=True, slots=True)
class Line:
    """A posting to be: fen, a debit positive, a credit negative."""

    account: Account
    amount: int
    party: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`sharing`: of an entry that shares money out, by which shares (`JournalEntry.sharing`)."""

    kind: str
    source: str
    cause: str
    lines: Sequence[Line]
    sharing: str | None = None


def post(*, city: City, entries: Iterable[Entry], at: datetime) -> None:
    """Append entries. Call it inside the transaction of the facts it follows from.

    Lines of 0 fen and entries without lines are left out. Raises UnbalancedEntryError when debits ≠ credits.
    """
    prepared = []
    for entry in entries:
        if sum(line.amount for line in entry.lines) != 0:
            raise UnbalancedEntryError(f"the lines of {entry.kind} {entry.source} do not add up to zero")
        lines = [line for line in entry.lines if line.amount]
        if lines:
            row = JournalEntry(
                city=city,
                kind=entry.kind,
                source=entry.source,
                cause=entry.cause,
                posted_at=at,
                sharing=entry.sharing,
            )
            prepared.append((row, lines))
    if not prepared:
        return
    JournalEntry.objects.queue((row for row, _ in prepared), keyed=True)
    Posting.objects.queue_values(
        ("city", "entry", "account", "party", "amount"),
        ((city.pk, row.pk, str(line.account), line.party, line.amount) for row, lines in prepared for line in lines),
    )
