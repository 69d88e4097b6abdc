"""What may be proposed. Each context registers its use cases by name when the platform starts.

That is how a proposal, which lies at the bottom, has something done by a context above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.permissions import Action

__all__ = ["Prepared", "UseCase", "register_use_cases", "use_case_named"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A use case worked out and not carried out."""

    would_change: Mapping[str, Any]
    """What it would change, as JSON: two are the same only if every value is."""
    carry_out: Callable[[Actor], Any]
    """Does it, for the actor who agreed; returns what came of it. Called in the transaction that prepared it."""


Prepare: TypeAlias = Callable[[Proposal], Prepared]


@dataclass(frozen=True, slots=True)
class UseCase:
    name: str
    propose: Action
    """What the first person must be allowed to do …"""
    agree: Action
    """… and what the second."""
    prepare: Prepare
    """Locks what it concerns and works out what would change. Raises HuiminError where it cannot be done now."""
    answered: Callable[[Proposal, Answered], None] = lambda _proposal, _answered: None
    """Told in the same transaction what came of the proposal, so that the subject's own history says it."""


_use_cases: dict[str, UseCase] = {}


def register_use_cases(*use_cases: UseCase) -> None:
    """Make use cases known. Called once at start-up by the context that they belong to."""
    for one in use_cases:
        known = _use_cases.setdefault(one.name, one)
        if known != one:
            raise ValueError(f"two use cases are named {one.name!r}")


def use_case_named(name: str) -> UseCase:
    """Raises LookupError for one that no context has registered."""
    try:
        return _use_cases[name]
    except KeyError:
        known = ", ".join(sorted(_use_cases)) or "none"
        raise LookupError(f"found the use case {name!r}; expected one that is registered: {known}") from None
