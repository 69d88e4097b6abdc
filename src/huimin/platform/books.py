"""`huimin ledger verify`: compares the books of every city with the facts, and lists open items."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from huimin.errors import InputError
from huimin.money import format_yuan, format_yuan_grouped
from huimin.platform.commands import load_django
from huimin.settlement.cells import write_csv

if TYPE_CHECKING:
    from datetime import date

    from huimin.platform.foundation.models import City
    from huimin.platform.ledger.api import OpenBalance, OpenItem, Verification

__all__ = ["HEADS", "verify_ledger"]

HEADS = ("city", "group", "account", "party", "source", "amount_yuan", "since", "days_open", "last_cause")
"""The columns of the file of open items. Amounts are debits where positive; `since` is a day of local time."""


def verify_ledger(items: Path | None = None) -> int:
    """Verify the books of every city and print the result. Returns 0 if they agree with the facts, otherwise 1.

    `items`: a CSV file to write every open item to. Raises InputError if it cannot be written.
    """
    load_django()
    from huimin.platform.foundation.selectors import all_cities  # noqa: PLC0415

    wrong = 0
    with _table(items) as file:
        for city in all_cities():
            wrong += _verify(city)
            _explain(city, file)
    return 1 if wrong else 0


def _verify(city: City) -> int:
    """Print what was recomputed for a city, its balances and what does not agree. Returns the number of
    disagreements.
    """
    from huimin.platform.ledger.api import verify_city  # noqa: PLC0415
    from huimin.platform.seals.api import verify_seals  # noqa: PLC0415

    result = verify_city(city)
    orders, policies, settlements = (result.counts[name] for name in ("orders", "policies", "settlements"))
    sys.stdout.write(
        f"{city.code}: {orders} orders, {policies} policies and {settlements} settlements recomputed from the facts\n"
    )
    _print_groups(result)
    seals = verify_seals(city)
    sys.stdout.write(f"  {seals.summary()}\n")
    faults = [*result.faults, *seals.faults]
    for fault in faults:
        sys.stdout.write(f"  ! {fault}\n")
    if not faults:
        sys.stdout.write("  the books agree with the facts, and the sealed facts with their seals\n")
    return len(faults)


def _print_groups(result: Verification) -> None:
    """Each group of accounts with what was compared in it, and its balances."""
    from huimin.platform.ledger.api import shown_balances  # noqa: PLC0415

    for group in result.groups.values():
        state = f"{len(group.wrong)} do not agree" if group.wrong else "all agree"
        sys.stdout.write(f"  {group.group.name.en}: {group.sources} facts compared, {state}\n")
        for (account, party), balance in sorted(shown_balances(result.balances, group.group).items()):
            sys.stdout.write(f"    {account:24}{party:32}{format_yuan_grouped(balance):>18}\n")


def _explain(city: City, file: TextIO | None) -> None:
    """Print what is open in the city's accounts, the oldest items of each; write every item to `file`."""
    from django.utils import timezone  # noqa: PLC0415

    from huimin.platform.foundation.clock import now  # noqa: PLC0415
    from huimin.platform.ledger.api import cleared_accounts, open_balances, open_items  # noqa: PLC0415

    today = timezone.localdate(now(city))
    for account in cleared_accounts():
        written = _written(city, open_items(city, account), file, today)
        for balance in open_balances(written):
            _print_open(balance, today)


def _written(city: City, items: Iterator[OpenItem], file: TextIO | None, today: date) -> Iterator[OpenItem]:
    for item in items:
        if file is not None:
            account = item.account
            days = (today - item.since_day).days
            about = (city.code, account.group.code, account.code, item.party, item.source)
            write_csv(file, [(*about, format_yuan(item.amount), str(item.since_day), days, item.last_cause)])
        yield item


def _print_open(balance: OpenBalance, today: date) -> None:
    oldest = balance.oldest[0]
    name = f"{balance.account.name.en} {balance.party}".rstrip()
    sys.stdout.write(
        f"  open: {name}, {format_yuan_grouped(balance.amount)} in {balance.items} items, the oldest since "
        f"{oldest.since_day}\n"
    )
    for item in balance.oldest:
        days = (today - item.since_day).days
        sys.stdout.write(
            f"    {item.source:48}{format_yuan_grouped(item.amount):>16} since {item.since_day}, {days} days\n"
        )
    more = balance.items - len(balance.oldest)
    if more:
        sys.stdout.write(f"    and {more} more; `huimin ledger verify --items FILE.csv` lists all\n")


@contextmanager
def _table(path: Path | None) -> Iterator[TextIO | None]:
    """The open file with its column names written; None if no file is wanted."""
    if path is None:
        yield None
        return
    try:
        file: TextIO = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        text = f"{path}: cannot be written ({error.strerror}); name a file in a folder that is there"
        raise InputError(text, code="unwritable_file") from error
    with file:
        write_csv(file, [HEADS])
        yield file
