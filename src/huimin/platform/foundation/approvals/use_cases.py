"""The use cases that may be proposed. Each context registers its own by name when the platform starts.

In this way approvals, which are below all contexts, can carry out something that belongs to a context above.
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
    """A use case that is prepared and not yet carried out."""

    would_change: Mapping[str, Any]
    """What it would change, as JSON. Two are the same only if every value is equal."""
    carry_out: Callable[[Actor], Any]
    """Carries it out for the actor who agreed, and returns the result. Called in the transaction that prepared it."""


Prepare: TypeAlias = Callable[[Proposal], Prepared]


@dataclass(frozen=True, slots=True)
class UseCase:
    name: str
    propose: Action
    """The action that the first person must be allowed."""
    agree: Action
    """The action that the second person must be allowed."""
    prepare: Prepare
    """Locks what it concerns and computes what would change. Raises HuiminError if it cannot be done now."""
    answered: Callable[[Proposal, Answered], None] = lambda _proposal, _answered: None
    """Called in the same transaction with the answer to the proposal, so that the subject's own history has it."""


_use_cases: dict[str, UseCase] = {}


def register_use_cases(*use_cases: UseCase) -> None:
    """Register use cases. The context that they belong to calls it once at start-up."""
    for one in use_cases:
        known = _use_cases.setdefault(one.name, one)
        if known != one:
            raise ValueError(f"two use cases are named {one.name!r}")


def use_case_named(name: str) -> UseCase:
    """The use case of this name. Raises LookupError if no context has registered it."""
    try:
        return _use_cases[name]
    except KeyError:
        known = ", ".join(sorted(_use_cases)) or "none"
        raise LookupError(f"found the use case {name!r}; expected one that is registered: {known}") from None
