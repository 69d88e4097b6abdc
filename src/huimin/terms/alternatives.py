"""Checks that it is always clear which of several alternatives counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from huimin.errors import Fault
from huimin.terms.conditions import When

__all__ = ["alternative_faults", "condition_as_written", "variant_faults"]


def alternative_faults(place: str, conditions: Sequence[When]) -> Iterator[Fault]:
    """Faults for alternatives that can both fit while neither is narrower: which counts would not be clear."""
    for index, when in enumerate(conditions):
        if not when.demands():
            continue
        for other in conditions[index + 1 :]:
            if when == other or (when.can_hold_with(other) and not when.narrows(other) and not other.narrows(when)):
                one, two = condition_as_written(when), condition_as_written(other)
                yield Fault(
                    place,
                    f"two that fit the same member or bill: {one} and {two}",
                    "conditions that exclude each other, or one narrower than the other",
                )


def variant_faults(place: str, conditions: Sequence[When]) -> Iterator[Fault]:
    """The same for variants of a term that holds for everybody else: each of them needs a condition."""
    for index, when in enumerate(conditions):
        if not when.demands():
            yield Fault(f"{place}[{index}].when", "no condition", "at least one fact of the member or bill")
    yield from alternative_faults(place, conditions)


def condition_as_written(when: When) -> str:
    """The condition as a plan file writes it."""
    return ", ".join(f"{key} = {_written(value)}" for key, value in when.model_dump(exclude_none=True).items())


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return _written(value[0]) if len(value) == 1 else f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
