"""Posting to the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.ledger.entries import Entry, Line
from huimin.platform.ledger.models import JournalEntry, Posting

__all__ = ["EntryWithoutFactError", "UnbalancedEntryError", "post"]


class UnbalancedEntryError(HuiminError):
    code = "unbalanced_entry"


class EntryWithoutFactError(HuiminError):
    code = "entry_without_fact"


def post(*, city: City, entries: Iterable[Entry], at: datetime) -> None:
    """Append entries. Call it inside the transaction of the facts from which they follow.

    Lines of 0 fen and entries without lines are left out. Raises UnbalancedEntryError when debits ≠ credits,
    EntryWithoutFactError when an entry does not name both its facts, and PartyError for a party that does not fit its
    account; nothing is posted then.
    """
    prepared = []
    for entry in entries:
        lines = _lines_of(entry)
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
        (
            (city.pk, row.pk, line.account.code, line.party.text if line.party is not None else "", line.amount)
            for row, lines in prepared
            for line in lines
        ),
    )


def _lines_of(entry: Entry) -> list[Line]:
    """The lines that move money, each with a party that fits its account."""
    total, lines = 0, []
    for line in entry.lines:
        if line.amount:
            line.account.refuse_party(line.party)
            total += line.amount
            lines.append(line)
    if total != 0:
        raise UnbalancedEntryError(f"the lines of {entry.kind} {entry.source} do not add up to zero")
    if not entry.source or not entry.cause:
        raise EntryWithoutFactError(
            f"{entry.kind} {entry.source!r} names {entry.cause!r} as its cause; an entry names the fact that it "
            "belongs to and the fact that brought it about"
        )
    return lines
