"""Kinds of work. Each context registers its own when the platform starts, by name and the place of its function.

So a context can ask for work that a context above it does, by putting a task of that kind into the queue.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from huimin.platform.tasks.schedules import Schedule

if TYPE_CHECKING:
    from huimin.platform.tasks.attempts import Attempt

__all__ = [
    "Function",
    "Kind",
    "Lane",
    "Together",
    "Write",
    "function_of",
    "kind_named",
    "kinds_of",
    "register_kinds",
    "scheduled",
    "together_of",
]

Write: TypeAlias = Callable[[], None]
"""Writes the result of a task. It is called in the transaction that marks the task as done, or not at all."""
Function: TypeAlias = "Callable[[Attempt], Write | None]"
Together: TypeAlias = "Callable[[Sequence[Attempt], Callable[[Sequence[Attempt]], None]], None]"
"""Does tasks of a batch together. It is given a function that marks some of them as done, which it calls within the
transaction that does these.
"""


class Lane(enum.StrEnum):
    """Tasks of a lane wait only for each other. A worker serves one lane, so that no long job holds up a message."""

    MESSAGES = "messages"
    JOBS = "jobs"
    ORDERS = "orders"
    """A resident looks at a page that waits for it."""
    ISSUING = "issuing"
    """Premiums are paid, and policies are waited for. No party outside is asked here, so that nothing holds it up."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`function` is `module:name`. Only workers import it, when they need it, so that the web does not load what jobs
    need.
    """

    name: str
    function: str
    lane: Lane
    silent: timedelta
    """A worker that reports no progress for so long counts as lost, and another takes the task.

    One task of a batch must be done in half of this time.
    """
    priority: int = 0
    most_attempts: int = 1
    """A task has failed after this many attempts that raised TryAgainError."""
    batch: int = 1
    """How many tasks are taken at once: more than one for work so short that taking each alone would cost more than
    doing it.
    """
    together: str = ""
    """`module:name` of a function that does tasks of a batch in one transaction. What it leaves, and everything if it
    fails, is done by `function`, one after the other.
    """
    kept: bool = False
    """The task is all that there is of something which was acknowledged to somebody outside: nobody can cancel it."""
    seen_by_asker: bool = False
    """Whoever asked for the task sees themself that it failed, so that nobody else has to look at it."""
    schedule: Schedule | None = None
    """When each city's next task is due, for work that nobody asks for."""


_kinds: dict[str, Kind] = {}


def register_kinds(*kinds: Kind) -> None:
    """Register kinds. The context that they belong to calls it once at start-up."""
    for kind in kinds:
        known = _kinds.setdefault(kind.name, kind)
        if known != kind:
            raise ValueError(f"two kinds of work are named {kind.name!r}: {known.function} and {kind.function}")


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises LookupError if no context has registered it, because its task would wait for
    ever.
    """
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
    found: Function = _at(kind.function)
    return found


def together_of(kind: Kind) -> Together:
    found: Together = _at(kind.together)
    return found


def _at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
