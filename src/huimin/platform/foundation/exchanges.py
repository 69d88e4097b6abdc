"""The record of what was asked of parties outside and what they answered, with one row for each try."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, Exchange
from huimin.platform.foundation.paging import Paged, paged

__all__ = ["Attempt", "exchanges", "exchanges_about", "record_exchange"]

_MOST_KEPT = 4_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, and how it ended. `asked` and `answered` are kept encrypted, and cut after 4,000 characters."""

    party: str
    operation: str
    key: str
    outcome: str
    reason: str
    status: int | None
    milliseconds: int
    asked: str
    answered: str


@transaction.atomic
def record_exchange(*, city: City, attempt: Attempt) -> None:
    """Append the record of a try. Call it after the try and outside any transaction, so that it stays whatever
    happens.
    """
    fields = asdict(attempt)
    for name in ("asked", "answered"):
        fields[name] = fields[name][:_MOST_KEPT]
    Exchange.objects.create(city=city, at=now(city), **fields)


def exchanges_about(city: City, key: str) -> list[Exchange]:
    """Every try under this key of ours, in order."""
    return list(Exchange.objects.of(city).filter(key=key).order_by("pk"))


def exchanges(city: City, page: int) -> Paged[Exchange]:
    """A page of the city's record, the latest first."""
    return paged(Exchange.objects.of(city).order_by("-at", "-pk").defer("asked", "answered"), page)
