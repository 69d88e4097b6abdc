"""Means of paying a premium other than the payment company: who collects them, and how they say what came of it.

An order is above the parties that collect. It tells them by what they registered here; they tell it by a task.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from huimin.platform.foundation.models import City
from huimin.platform.tasks.api import enqueue

__all__ = [
    "MEANS_MOVED",
    "Collector",
    "MeansKind",
    "collector_of",
    "means_failed",
    "means_in",
    "register_collector",
]

MEANS_MOVED = "means_moved"
"""The kind of the task. The context that keeps orders registers what does it."""


class MeansKind(StrEnum):
    PERSONAL_ACCOUNT = "account"
    SUBSIDY = "subsidy"
    ORGANISATION = "org"
    """An employer or another body that pays for many."""
    CASH = "cash"
    """Taken at a counter, and kept in a till until it is paid in."""


@dataclass(frozen=True, slots=True)
class Collector:
    """What an order calls, in its own transaction, with the references of means of this kind.

    `used`: the premium is paid with them, and the journal has it; `released`: they are not needed after all, so that
    what was held is let go. Each means is told of once, but may have failed or been let go on the collector's side.
    """

    used: Callable[[City, Sequence[str], datetime], None]
    released: Callable[[City, Sequence[str], datetime], None]
    secured: Callable[[City, Sequence[str]], Collection[str]] = lambda _city, references: references
    """Which of them can be used, asked just before policies are issued: these stay so until the transaction ends. A
    line of which one cannot gets no cover. The people are locked."""
    given_back: Callable[[City, Mapping[str, int], str, datetime], None] | None = None
    """A policy ended: these fen, by reference, go back to the account or the fund. It posts them: a debit of
    `premium_unshared` under the cause that it is given. None: a person has to do it, and nobody can end it alone."""


_collectors: dict[MeansKind, Collector] = {}


def register_collector(kind: MeansKind, collector: Collector) -> None:
    """Say who collects means of this kind. Called once at start-up."""
    _collectors[kind] = collector


def collector_of(kind: MeansKind) -> Collector:
    """Raises LookupError for a kind that nobody collects: an order would wait for it for ever."""
    try:
        return _collectors[kind]
    except KeyError:
        known = ", ".join(sorted(_collectors)) or "none"
        raise LookupError(f"found the means of payment {kind!r}; expected one that is collected: {known}") from None


def means_in(*, city: City, kind: MeansKind, reference: str) -> None:
    """Say that it is as sure as the order has to wait for. Call it inside the transaction that makes it so."""
    _say(city, kind, reference, "")


def means_failed(*, city: City, kind: MeansKind, reference: str, reason: str) -> None:
    """Say that it will not come, and why, as a code. Call it inside the transaction that makes it so."""
    _say(city, kind, reference, reason)


def _say(city: City, kind: MeansKind, reference: str, failed: str) -> None:
    said = {"means": str(kind), "reference": reference, "failed": failed}
    enqueue(city=city, kind=MEANS_MOVED, key=f"{kind}:{reference}:{failed or 'in'}"[:100], payload=said)
