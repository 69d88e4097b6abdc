"""Which rows of a file count, with their places in the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from huimin.settlement import Settlement, resolve
from huimin.settlement.resolution import Resolution

__all__ = ["resolve_places"]

T = TypeVar("T")


def resolve_places(facts: Iterable[tuple[T, Settlement]]) -> tuple[Resolution, list[T]]:
    """Resolve rows that are given with their places. Also returns the places of the rows that count; of repeats the
    first counts.
    """
    places: dict[str, T] = {}
    rows = []
    for place, fact in facts:
        places.setdefault(fact.setl_id, place)
        rows.append(fact)
    resolution = resolve(rows)
    return resolution, [places[fact.setl_id] for fact in resolution.active]
