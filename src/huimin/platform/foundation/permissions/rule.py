"""The form of one rule of who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from huimin.platform.foundation.actors import Who

__all__ = ["Rule", "Scope", "each", "own"]


class Scope(StrEnum):
    """Which things a role may act on: all in the city, or only those of the actor or the actor's insurer."""

    ALL = "all"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one thing, and to whose things. `purpose` says that the actor must give a purpose."""

    zh: str
    en: str
    who: Mapping[Who, Scope]
    purpose: bool = False


def each(*who: Who) -> dict[Who, Scope]:
    """Each of them may, whosever it is."""
    return dict.fromkeys(who, Scope.ALL)


def own(*who: Who) -> dict[Who, Scope]:
    """Each of them may, where it is their own."""
    return dict.fromkeys(who, Scope.OWN)
