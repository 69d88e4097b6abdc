"""The worker of `huimin serve` that seals once a minute and keeps the head of each chain in a file beside the
database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from huimin.errors import InputError
from huimin.platform.foundation.models import City
from huimin.platform.foundation.selectors import all_cities
from huimin.platform.foundation.worker_rounds import keep_working
from huimin.platform.seals.selectors import continues, head_of, head_path, head_text, kept_head
from huimin.platform.seals.services import seal_waiting

__all__ = ["keep_heads", "keep_sealing"]

log = logging.getLogger("huimin.seals")
_EVERY_SECONDS = 60.0


def keep_sealing(pause: float = _EVERY_SECONDS, until: Callable[[], bool] = lambda: False) -> None:
    """Seal until told to stop."""
    keep_working(_round, pause, until)


def _round() -> bool:
    """Seal once. Returns False, so that a pause always follows; the next round seals what has come meanwhile."""
    if seal_waiting():
        keep_heads()
    return False


def keep_heads() -> None:
    """Write each city's head into a file, so that nobody who can only write to the database can shorten a chain
    unnoticed.

    If the chain does not continue from the kept head, the file is left as it is: it proves the deletion, and
    verification reports it.
    """
    for city in all_cities():
        head = head_of(city)
        if head is None:
            continue
        if not _goes_on(city):
            log.error(
                "%s: the chain of seals does not go on from the head kept in %s, which is left as it is; "
                "run `huimin seals verify`",
                city.code,
                head_path(city.code),
            )
            continue
        path = head_path(city.code)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(head_text(head) + "\n", "utf-8")
        fresh.replace(path)
        log.info("%s is sealed up to block %s, %s", city.code, head.block, head.digest)


def _goes_on(city: City) -> bool:
    try:
        kept = kept_head(city)
    except InputError:
        return False
    return kept is None or continues(city, kept)
