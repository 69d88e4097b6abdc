"""The check of a city's books: asking for it, recording its result, and reading the last result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from huimin.platform.foundation.actors import Actor, queue_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import last_audited
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.tasks.api import enqueue, under_way

__all__ = ["CHECK_BOOKS", "SHOWN", "BooksCheck", "ask_for_check", "books_check", "record_check"]

CHECK_BOOKS = "check_books"
SHOWN = 20
"""At most this many faults are stored as sentences; `huimin ledger verify` shows all."""
_CHECKED, _ASKED = "books_checked", "books_check_asked"


@dataclass(frozen=True, slots=True)
class BooksCheck:
    """The state of the check. `at` and the fields after it are of the last check; None if there was none yet."""

    under_way: bool
    """A check is in the queue or being done."""
    at: datetime | None = None
    faults: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many `orders`, `policies` and `settlements` were computed again."""
    shown: Sequence[str] = ()
    """The first faults, in English. They name records and no person."""


def ask_for_check(*, actor: Actor) -> bool:
    """Put a check into the queue, unless one is under way. Returns whether it did. Raises NotAllowed."""
    authorise(actor, Action.VERIFY_BOOKS)
    city = actor.city
    with writing_together():
        if under_way(city, CHECK_BOOKS):
            return False
        enqueue(city=city, kind=CHECK_BOOKS)
        record_audit(city=city, actor=actor.text, action=_ASKED, subject=f"city:{city.code}", at=now(city))
    return True


def record_check(city: City, counts: Mapping[str, int], faults: Sequence[str]) -> None:
    """Record what a check found, with the first faults."""
    detail = {"faults": len(faults), "counts": dict(counts), "shown": list(faults[:SHOWN])}
    actor, subject = queue_actor(city).text, f"city:{city.code}"
    # The real time, because it says when the check ran, whatever a demonstration's calendar shows.
    record_audit(city=city, actor=actor, action=_CHECKED, subject=subject, at=timezone.now(), detail=detail)


def books_check(city: City) -> BooksCheck:
    """The result of the last check, and whether another is under way."""
    last, waits = last_audited(city, _CHECKED), under_way(city, CHECK_BOOKS)
    if last is None:
        return BooksCheck(waits)
    found = last.detail
    return BooksCheck(waits, last.at, found["faults"], found["counts"], found["shown"])
