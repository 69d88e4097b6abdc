"""Reads the journal. Balances are sums of postings; none is stored.

Parties are always given in today's form, even if their rows have an older one (`Account.party_of`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncMonth

from huimin.platform.foundation.models import City
from huimin.platform.ledger.accounts import (
    ACCOUNTS,
    CLAIM_PAYABLE,
    INSURER_CLAIMS,
    INSURER_PREMIUM,
    OVERPAYMENT_RECEIVABLE,
    Account,
    Group,
)
from huimin.platform.ledger.entries import CLAIM_SHARED, PREMIUM_SHARED
from huimin.platform.ledger.models import JournalEntry, Posting
from huimin.platform.ledger.parties import Party, PartyError, PartyKind

__all__ = [
    "Movements",
    "SharedSums",
    "balances",
    "faults_of_rows",
    "movements_by_source",
    "overpaid_by_fact",
    "overpaid_policies",
    "owed_by_fact",
    "shared_by_month",
    "shared_under",
    "shown_balances",
    "unbalanced_entries",
]

Movements = dict[tuple[str, str], int]
"""(account code, party text) → fen."""
SharedSums = dict[date, dict[tuple[str, str, str], int]]
"""First day of a month → (sharing, account code, insurer code) → fen."""
_SEVERAL = 3
"""With fewer parties, one that knows its own amount could find out another's."""
_SHARED = (INSURER_PREMIUM, INSURER_CLAIMS)


def balances(city: City) -> Movements:
    """Every account's balance in fen, debits positive."""
    rows = Posting.objects.of(city).values_list("account", "party").annotate(total=Sum("amount")).order_by()
    return {(account, party): total for account, party, total in rows}


def owed_by_fact(city: City, party: Party) -> dict[str, int]:
    """What is payable to a party for each fact and not being paid yet, in fen; below zero where too much was paid."""
    return {source: -total for source, total in _by_fact(city, CLAIM_PAYABLE, party).items()}


def overpaid_by_fact(city: City, party: Party) -> dict[str, int]:
    """What the insured of a policy owe back for each fact, in fen; below zero where they paid back what was due."""
    return _by_fact(city, OVERPAYMENT_RECEIVABLE, party)


def _by_fact(city: City, account: Account, party: Party) -> dict[str, int]:
    """The balances of an account with a party, by fact, in the order in which the facts came to it; without zeros."""
    rows = Posting.objects.of(city).filter(account=account.code, party=party.text).values_list("entry__source")
    sums = rows.annotate(total=Sum("amount"), first=Min("entry")).order_by("first")
    return {source: total for source, total, _first in sums if total}


def overpaid_policies(city: City) -> dict[str, int]:
    """What is owed back on each policy on which something is, in fen by the policy's number, in the order of these."""
    rows = Posting.objects.of(city).filter(account=OVERPAYMENT_RECEIVABLE.code).values_list("party")
    sums = rows.annotate(total=Sum("amount")).filter(total__gt=0).order_by("party")
    return {party.removeprefix(f"{PartyKind.POLICY}:"): total for party, total in sums}


def shown_balances(sums: Movements, group: Group) -> Movements:
    """The balances of a group as anybody may see them. For a confidential group that is one sum over all parties of an
    account, and only if at least three parties have a part in it.
    """
    own = {key: fen for key, fen in sums.items() if key[0] in ACCOUNTS and ACCOUNTS[key[0]].group is group}
    if not group.confidential:
        return own
    parties: dict[str, dict[str, int]] = defaultdict(dict)
    for (account, party), fen in own.items():
        parties[account][party] = fen
    several = {account: by_party for account, by_party in parties.items() if len(by_party) >= _SEVERAL}
    return {(account, ""): sum(by_party.values()) for account, by_party in several.items()}


def movements_by_source(city: City) -> dict[str, Movements]:
    """For each source (a policy, a settlement) the sums of all its postings, without accounts that are at zero."""
    found: dict[str, Movements] = defaultdict(dict)
    rows = Posting.objects.of(city).values_list("entry__source", "account", "party").annotate(total=Sum("amount"))
    for source, account, party, total in rows.filter(~Q(total=0)).order_by():
        found[source][account, party] = total
    return dict(found)


def faults_of_rows(city: City) -> list[str]:
    """A sentence for each unknown account, and for each party that does not fit its account."""
    faults = []
    for account, party in Posting.objects.of(city).values_list("account", "party").distinct().order_by():
        known = ACCOUNTS.get(account)
        try:
            if known is None:
                faults.append(f"the journal has postings to {account!r}, which is not an account")
            else:
                known.party_of(party)
        except PartyError as error:
            faults.append(f"the journal has postings to {account} with a party that cannot be: {error}")
    return sorted(faults)


def shared_under(city: City, plan_year_id: int) -> Movements:
    """What insurers have received and bear for one plan year, rounding statements included, by account and insurer
    code.
    """
    codes = [account.code for account in _SHARED]
    of_year = Posting.objects.of(city).filter(entry__sharing__startswith=f"{plan_year_id}:", account__in=codes)
    rows = of_year.values_list("account", "party").annotate(total=Sum("amount")).order_by()
    return {(account, _insurer_code(party)): total for account, party, total in rows}


def shared_by_month(city: City) -> SharedSums:
    """What entries that share money out posted to insurers, by the first day of their month in local time.

    Entries of rounding statements are left out, since statements are computed from these sums.
    """
    rows = Posting.objects.of(city).filter(
        account__in=[account.code for account in _SHARED],
        entry__kind__in=(PREMIUM_SHARED, CLAIM_SHARED),
        entry__sharing__isnull=False,
    )
    months = rows.annotate(month=TruncMonth("entry__posted_at"))
    names = ("month", "entry__sharing", "account", "party")
    found: SharedSums = defaultdict(lambda: defaultdict(int))
    for month, sharing, account, party, total in months.values_list(*names).annotate(total=Sum("amount")).order_by():
        found[month.date()][sharing, account, _insurer_code(party)] += total
    return {month: dict(sums) for month, sums in found.items()}


def _insurer_code(written: str) -> str:
    return written.removeprefix(f"{PartyKind.INSURER}:")


def unbalanced_entries(city: City) -> list[int]:
    """The entries whose debits and credits differ. There should be none."""
    rows = JournalEntry.objects.of(city).annotate(total=Sum("postings__amount"), lines=Count("postings"))
    return [entry.pk for entry in rows.exclude(total=0)]
