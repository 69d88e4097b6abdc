"""Lines, computed again from their events: what each stands at, and every entry of the journal that follows."""

from __future__ import annotations

from collections.abc import Iterator

from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.payments.payment_facts import payment_facts
from huimin.platform.payments.personal_account.debts import entries_of_debt
from huimin.platform.payments.personal_account.entries import entries_of, settlement_entry
from huimin.platform.payments.personal_account.life import SUBJECT, state_of
from huimin.platform.payments.personal_account.listing import digest_of
from huimin.platform.payments.personal_account.models import (
    AccountDebt,
    AccountLine,
    AccountList,
    AccountListRow,
    AccountReturn,
    AreaSettlement,
)
from huimin.platform.payments.personal_account.returning import entries_of_return

__all__ = ["recompute_personal_accounts"]

_CHUNK = 500


def recompute_personal_accounts(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of every line and of every settlement between areas."""
    rows = list(AccountLine.objects.of(city).order_by("pk"))
    for start in range(0, len(rows), _CHUNK):
        lines = rows[start : start + _CHUNK]
        histories = histories_of(city, SUBJECT, [line.key for line in lines])
        for line in lines:
            result.counts["account_lines"] += 1
            events = histories[line.key].events
            found = state_of(events)
            if found != line.state:
                result.faults.append(f"account:{line.key} is {found} by its events, and {line.state} in the queue")
            yield from entries_of(line, events)
    for row in AccountReturn.objects.of(city).select_related("line").order_by("pk"):
        result.counts["account_returns"] += 1
        yield from entries_of_return(row)
    for debt in AccountDebt.objects.of(city).select_related("line", "payment").order_by("pk"):
        yield from entries_of_debt(debt, debt.line, payment_facts(debt.payment))
    result.faults += _faults_of_lists(city)
    yield from map(settlement_entry, AreaSettlement.objects.of(city).order_by("pk"))


def _faults_of_lists(city: City) -> list[str]:
    """A sentence for each list that does not say any more what it said when it was sent."""
    faults = []
    for found in AccountList.objects.of(city).order_by("pk"):
        rows = AccountListRow.objects.of(city).filter(account_list=found).order_by("number").select_related("line")
        lines = [row.line for row in rows]
        if digest_of(found.area, found.month, lines) != found.digest:
            faults.append(f"the list {found} is not as it was sent: its digest differs")
    return faults
