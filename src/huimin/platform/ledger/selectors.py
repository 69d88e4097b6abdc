"""Balances are sums of postings; none is stored."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Account, JournalEntry, Posting

__all__ = [
    "Movements",
    "SharedSums",
    "balances",
    "movements_by_source",
    "shared_by_month",
    "shared_under",
    "unbalanced_entries",
]

Movements = dict[tuple[str, str], int]
"""(account, party) → fen."""
SharedSums = dict[date, dict[tuple[str, str, str], int]]
"""First day of a month → (sharing, account, insurer) → fen."""


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


def shared_under(city: City, plan_year_id: int, *, unlabelled: bool) -> Movements:
    """What insurers were given and bear of one plan year, rounding statements included.

    `unlabelled`: also of entries from before entries said by which shares they were made.
    """
    by_shares = Q(entry__sharing__startswith=f"{plan_year_id}:")
    if unlabelled:
        by_shares |= Q(entry__sharing=None)
    accounts = (Account.INSURER_PREMIUM, Account.INSURER_CLAIMS)
    rows = Posting.objects.of(city).filter(by_shares, account__in=accounts).values_list("account", "party")
    return {(account, party): total for account, party, total in rows.annotate(total=Sum("amount")).order_by()}


def shared_by_month(city: City) -> SharedSums:
    """What entries that share money out posted to insurers, by the first day of their month in local time.

    Entries of rounding statements are left out: those are computed from these.
    """
    accounts = (Account.INSURER_PREMIUM, Account.INSURER_CLAIMS)
    kinds = ("premium_shared", "claim_shared")
    rows = Posting.objects.of(city).filter(account__in=accounts, entry__kind__in=kinds, entry__sharing__isnull=False)
    months = rows.annotate(month=TruncMonth("entry__posted_at"))
    names = ("month", "entry__sharing", "account", "party")
    found: SharedSums = defaultdict(dict)
    for month, sharing, account, party, total in months.values_list(*names).annotate(total=Sum("amount")).order_by():
        found[month.date()][sharing, account, party] = total
    return dict(found)


def unbalanced_entries(city: City) -> list[int]:
    """Entries whose debits and credits differ: there are none."""
    rows = JournalEntry.objects.of(city).annotate(total=Sum("postings__amount"), lines=Count("postings"))
    return [entry.pk for entry in rows.exclude(total=0)]
