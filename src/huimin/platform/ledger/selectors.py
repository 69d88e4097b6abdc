"""Balances are sums of postings; none is stored."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Sum

from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import JournalEntry, Posting

__all__ = ["Movements", "balances", "movements_by_source", "unbalanced_entries"]

Movements = dict[tuple[str, str], int]
"""(account, party) → fen."""


def balances(city: City) -> Movements:
    """Every account's balance in fen, debits positive."""
    rows = Posting.objects.of(city).values_list("account", "party").annotate(total=Sum("amount")).order_by()
    return {(account, party): total for account, party, total in rows}


def movements_by_source(city: City) -> dict[str, Movements]:
    """For each source (a policy, a settlement) what was posted in all, accounts at zero left out."""
    result: dict[str, Movements] = defaultdict(dict)
    rows = Posting.objects.of(city).values_list("entry__source", "account", "party").annotate(total=Sum("amount"))
    for source, account, party, total in rows.order_by():
        if total:
            result[source][account, party] = total
    return dict(result)


def unbalanced_entries(city: City) -> list[int]:
    """Entries whose debits and credits differ: there are none."""
    rows = JournalEntry.objects.of(city).annotate(total=Sum("postings__amount"), lines=Count("postings"))
    return [entry.pk for entry in rows.exclude(total=0)]
