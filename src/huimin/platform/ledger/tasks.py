"""A worker's task, every night or when asked for: recomputes a city's books and compares every row with its seal."""

from __future__ import annotations

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.ledger.books_check import SHOWN, record_check
from huimin.platform.ledger.verification import verify_city
from huimin.platform.seals.api import verify_seals
from huimin.platform.tasks.api import Attempt, Write

__all__ = ["check_books"]


def check_books(attempt: Attempt) -> Write:
    """Check the books. The result is recorded whether or not there are faults.

    Raises HuiminError (`books_differ`) with the number of faults and the first of them.
    """
    city = attempt.task.city
    books = verify_city(city)
    faults = [*books.faults, *verify_seals(city).faults]
    if not faults:
        return lambda: record_check(city, books.counts, ())
    with transaction.atomic():
        record_check(city, books.counts, faults)
    more = f"\n… and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    found = "\n".join(faults[:SHOWN]) + more
    values = {"count": str(len(faults))}
    said = f"found {len(faults)} faults in the books or their seals; expected none. `huimin ledger verify` shows them:"
    raise HuiminError(f"{said}\n{found}", code="books_differ", values=values)
