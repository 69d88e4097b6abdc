"""What a worker does every night: recompute a city's books from the facts, and compare every row with its seal."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.ledger.verification import verify_city
from huimin.platform.seals.api import verify_seals
from huimin.platform.tasks.api import Attempt

__all__ = ["check_books"]

_SHOWN = 20


def check_books(attempt: Attempt) -> None:
    """Raises HuiminError (`books_differ`) with how many faults there are; the first ones are in the message."""
    city = attempt.task.city
    faults = [*verify_city(city).faults, *verify_seals(city).faults]
    if not faults:
        return
    more = f"\n… and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    found = "\n".join(faults[:_SHOWN]) + more
    values = {"count": str(len(faults))}
    said = f"found {len(faults)} faults in the books or their seals; expected none. `huimin ledger verify` shows them:"
    raise HuiminError(f"{said}\n{found}", code="books_differ", values=values)
