"""From the opening to the closing reserve in named steps that add up to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huimin.errors import InputError
from huimin.money import format_yuan

__all__ = ["Bridge", "Step", "bridge"]


@dataclass(frozen=True, slots=True)
class Step:
    """What changed the reserve, in fen: below zero where it fell."""

    name: str
    change: int


@dataclass(frozen=True, slots=True)
class Bridge:
    opening: int
    steps: tuple[Step, ...]

    @property
    def closing(self) -> int:
        return self.opening + sum(step.change for step in self.steps)


def bridge(opening: int, steps: Sequence[Step], closing: int) -> Bridge:
    """A bridge that ends at `closing` (all fen). Raises InputError (`open_bridge`) with what is not explained."""
    found = Bridge(opening, tuple(steps))
    if found.closing != closing:
        message = (
            f"the steps from {format_yuan(opening)} end at {format_yuan(found.closing)}; expected "
            f"{format_yuan(closing)}: {format_yuan(closing - found.closing)} is not explained"
        )
        raise InputError(message, code="open_bridge")
    return found
