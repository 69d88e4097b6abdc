"""Kinds of work. Each context registers its own when the platform starts, by name and by where its function is.

What lies below can so ask for work that is done above it: it puts a task of that kind into the queue.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from huimin.platform.tasks.schedules import Schedule

if TYPE_CHECKING:
    from huimin.platform.tasks.attempts import Attempt

__all__ = ["Function", "Kind", "Lane", "Write", "function_of", "kind_named", "kinds_of", "register_kinds", "scheduled"]

Write: TypeAlias = Callable[[], None]
"""Writes what came of a task. It is called in the transaction that marks the task as done, or not at all."""
Function: TypeAlias = "Callable[[Attempt], Write | None]"


class Lane(enum.StrEnum):
    """Tasks of one lane wait for each other. A worker serves one lane, so that no long job holds up a message."""

    MESSAGES = "messages"
    JOBS = "jobs"
    ORDERS = "orders"
    """A resident looks at a page that waits for it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`function`: `module:name`, imported by workers only, when it is needed: the web does not load what jobs need."""

    name: str
    function: str
    lane: Lane
    silent: timedelta
    """A worker that says nothing for so long counts as lost, and the task is taken up by another.

    One task of a batch must be done in half of that time.
    """
    priority: int = 0
    most_attempts: int = 1
    """After so many attempts that raised TryAgainError it has failed."""
    batch: int = 1
    """So many are taken at once: for work so short that taking each by itself would cost more than doing it."""
    seen_by_asker: bool = False
    """Whoever asked for it sees by themself that it failed: nobody else has to look at it."""
    schedule: Schedule | None = None
    """When each city's next one is due, where nobody has to ask for it."""


_kinds: dict[str, Kind] = {}


def register_kinds(*kinds: Kind) -> None:
    """Make kinds known. Called once at start-up by the context that they belong to."""
    for kind in kinds:
        known = _kinds.setdefault(kind.name, kind)
        if known != kind:
            raise ValueError(f"two kinds of work are named {kind.name!r}: {known.function} and {kind.function}")


def kind_named(name: str) -> Kind:
    """Raises LookupError for a kind that no context has registered: a task of it would wait for ever."""
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(sorted(_kinds))
        raise LookupError(f"found the kind of work {name!r}; expected one that is registered: {known}") from None


def kinds_of(lanes: Iterable[Lane]) -> dict[str, Kind]:
    wanted = set(lanes)
    return {name: kind for name, kind in _kinds.items() if kind.lane in wanted}


def scheduled() -> list[tuple[Kind, Schedule]]:
    return [(kind, kind.schedule) for kind in _kinds.values() if kind.schedule is not None]


def function_of(kind: Kind) -> Function:
    module, _, name = kind.function.partition(":")
    found: Function = getattr(import_module(module), name)
    return found
