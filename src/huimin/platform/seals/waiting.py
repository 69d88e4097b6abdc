"""Whether rows have waited too long for their seal, so that sealing has stopped or seals were deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.selectors import first_account_made

__all__ = ["LONGEST_WAIT", "faults_of_waiting", "minute"]

LONGEST_WAIT = timedelta(minutes=5)
"""A round comes every minute, and a transaction that writes ends within a few."""


def faults_of_waiting(city: City, blocks: int, waiting: int, since: datetime | None) -> list[str]:
    """A sentence if the city's unsealed rows should have been sealed. `since`: when the oldest was written, by the
    city's clock.
    """
    if not _too_long(city, blocks, since):
        return []
    oldest = "" if since is None else f", the oldest of {minute(since)}"
    if not blocks:
        return [
            f"seals: this city has no block at all and {waiting} rows{oldest}; expected them sealed within minutes. "
            "Its blocks were deleted, or `huimin serve`, which seals every minute, never ran"
        ]
    return [
        f"seals: {waiting} rows wait for a block{oldest}; expected them sealed within minutes. "
        "Blocks were deleted, or the sealing helper of `huimin serve` does not run"
    ]


def _too_long(city: City, blocks: int, since: datetime | None) -> bool:
    """Whether rows have waited too long. A demonstration's days are moved by hand and do not show how long a row has
    existed.

    So there only a missing chain counts, by the time when the accounts of its staff were made, which is a real time.
    """
    if city.demonstration_day is None:
        return since is not None and now(city) - since > LONGEST_WAIT
    if blocks:
        return False
    made = first_account_made(city)
    return made is not None and timezone.now() - made > LONGEST_WAIT


def minute(moment: datetime) -> str:
    """A moment for people, to the minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
