"""Whoever sends a file of each day's money: payment companies, and what other contexts register, such as a bank."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import CaseKind
from huimin.platform.payments.reconciliation.comparing import Difference, DifferenceKind, OurReceipt
from huimin.platform.payments.reconciliation.day_file import DayFile, StatedLine
from huimin.platform.payments.reconciliation.models import ReconciledDay

__all__ = [
    "Books",
    "Counterpart",
    "FoundDifference",
    "register_counterpart",
    "registered",
    "stated_beside",
    "stated_on",
]


@dataclass(frozen=True, slots=True)
class Books:
    """What we have booked. `known`: by transaction, of every day that the file or the day names. `of_the_day`: what of
    it should stand in this day's file and in no other.
    """

    known: Mapping[str, OurReceipt]
    of_the_day: Collection[str]


@dataclass(frozen=True, slots=True)
class FoundDifference:
    """What a person found about a difference of a day.

    `theirs`: fen on the statement, 0 where it has nothing; `policy`: which one it is about, where the answer needs one.
    """

    day: date
    transaction: str
    reference: str
    theirs: int
    answer: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """One who sends such files, and how they are compared.

    `fetch` raises a DoorError, `read` FileFaults. `books` is called in the transaction of comparing: it may first take
    what the file proves. `about` gives the payment that a difference is about, if it is one, and may act on it.
    `follow` does what follows from the finding on a case.
    """

    code: str
    fetch: Callable[[City, date], str]
    read: Callable[[str, date], DayFile]
    books: Callable[[City, DayFile], Books]
    about: Callable[[City, Difference], int | None]
    kinds: Mapping[DifferenceKind, CaseKind]
    follow: Callable[[City, FoundDifference], None]


_REGISTERED: dict[str, Counterpart] = {}


def register_counterpart(one: Counterpart) -> None:
    """Called at start-up."""
    _REGISTERED[one.code] = one


def registered(code: str) -> Counterpart | None:
    return _REGISTERED.get(code)


Read = Callable[[str, date], DayFile]


def stated_beside(city: City, code: str, day: date, read: Read) -> set[str]:
    """Transactions in the files of the day before and after: around midnight clocks differ."""
    days = [day - timedelta(days=1), day + timedelta(days=1)]
    return {one.transaction for one in stated_on(city, code, days, read)}


def stated_on(city: City, code: str, days: Collection[date], read: Read) -> list[StatedLine]:
    """What the files of these days have, as they were compared last."""
    rows = ReconciledDay.objects.of(city).filter(provider=code, day__in=days).select_related("file").order_by("day")
    return [line for row in rows for line in read(row.file.content, row.day).lines]
