"""Which rows of a file stand, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from huimin.settlement import Settlement, resolve
from huimin.settlement.resolution import Resolution

__all__ = ["resolve_places"]

T = TypeVar("T")


def resolve_places(facts: Iterable[tuple[T, Settlement]]) -> tuple[Resolution, list[T]]:
    """Resolve rows, each with its place; and the places of those that stand. Of repeats the first stands."""
    places: dict[str, T] = {}
    rows = []
    for place, fact in facts:
        places.setdefault(fact.setl_id, place)
        rows.append(fact)
    resolution = resolve(rows)
    return resolution, [places[fact.setl_id] for fact in resolution.active]
