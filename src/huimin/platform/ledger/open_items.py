"""Open items of accounts that return to zero when their matters are done, and since when they have been open.

An item is what one fact has left in one account with one party, such as a payment that the company still holds or a
bill whose payment is still owed. It is open since its sum last left zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.ledger.accounts import ACCOUNTS, Account
from huimin.platform.ledger.models import Posting

__all__ = ["OpenBalance", "OpenItem", "cleared_accounts", "open_balances", "open_items"]

_CHUNK = 5_000
Row = tuple[str, int, str, int, datetime, str]
"""(fact, entry, party as written, fen, when it was posted, cause)."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    account: Account
    party: str
    source: str
    """The fact that it belongs to."""
    amount: int
    """In fen; a debit is positive."""
    since: datetime
    """When its sum last left zero."""
    last_cause: str
    """The fact that changed it last."""

    @property
    def since_day(self) -> date:
        return timezone.localdate(self.since)


@dataclass(slots=True)
class OpenBalance:
    """The open balance of one account with one party: the sum of its items, and the oldest of them."""

    account: Account
    party: str
    amount: int
    items: int
    oldest: list[OpenItem]


def cleared_accounts() -> list[Account]:
    """The accounts whose balances are explained item by item. For confidential ones only their own context does
    that.
    """
    return [account for account in ACCOUNTS.values() if account.cleared and not account.group.confidential]


def open_items(city: City, account: Account) -> Iterator[OpenItem]:
    """Every open item of the account, in the order of their facts. They are read as a stream, since a city may have
    millions.
    """
    fact = "entry__cause" if account.items_by_cause else "entry__source"
    rows = Posting.objects.of(city).filter(account=account.code).order_by(fact, "entry_id", "pk")
    values = rows.values_list(fact, "entry_id", "party", "amount", "entry__posted_at", "entry__cause")
    for source, of_source in groupby(values.iterator(chunk_size=_CHUNK), key=itemgetter(0)):
        yield from _items_of(account, source, of_source)


def _items_of(account: Account, source: str, rows: Iterable[Row]) -> Iterator[OpenItem]:
    """The items of one fact, one for each party with which something is left. `rows` are in order of posting."""
    items: dict[str, OpenItem] = {}
    for _entry, of_entry in groupby(rows, key=itemgetter(1)):
        lines = list(of_entry)
        at, cause = lines[0][4:]
        sums: Counter[str] = Counter()
        for _source, _number, party, fen, *_of_entry in lines:
            sums[party] += fen
        for party, fen in sums.items():
            before = items.pop(party, None)
            amount = fen + (before.amount if before is not None else 0)
            if amount:
                since = before.since if before is not None else at
                items[party] = OpenItem(account, party, source, amount, since, cause)
    yield from (items[party] for party in sorted(items))


def open_balances(items: Iterable[OpenItem], shown: int = 5) -> list[OpenBalance]:
    """The items of one account summed up by party, each sum with its `shown` oldest items, the oldest first."""
    found: dict[str, OpenBalance] = {}
    for item in items:
        balance = found.setdefault(item.party, OpenBalance(item.account, item.party, 0, 0, []))
        balance.amount += item.amount
        balance.items += 1
        balance.oldest.append(item)
        if len(balance.oldest) > 2 * shown + 100:
            balance.oldest = _oldest(balance.oldest, shown)
    for balance in found.values():
        balance.oldest = _oldest(balance.oldest, shown)
    return [found[party] for party in sorted(found)]


def _oldest(items: list[OpenItem], shown: int) -> list[OpenItem]:
    return sorted(items, key=lambda item: (item.since, item.source))[:shown]
