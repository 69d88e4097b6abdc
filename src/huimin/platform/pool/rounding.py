"""What rounding has left between insurers, and the few fen that even it out. Pure functions of amounts.

Each premium and each payment is shared out to the fen, so that each insurer's part differs by less than a fen from its
exact share. Over a month these differences add up: by chance if shares are equal, and steadily if they are not and many
amounts are alike, because premiums of one price give the same fen to the same insurer each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from huimin.money import BASIS, share_out

__all__ = ["drift_of", "evened_out"]


def drift_of(shared: Mapping[str, int], basis_points: Mapping[str, int]) -> dict[str, Fraction]:
    """How many fen each insurer has above its exact share of everything that was `shared` (fen by insurer)."""
    total = sum(shared.values())
    return {insurer: shared.get(insurer, 0) - Fraction(total * share, BASIS) for insurer, share in basis_points.items()}


def evened_out(
    shared: Mapping[str, int], basis_points: Mapping[str, int], tie_order: Mapping[str, object]
) -> dict[str, int]:
    """What each insurer gets more (less: below 0) so that it is less than a fen from its exact share of everything
    shared.

    The parts add up to 0.
    """
    due = share_out(sum(shared.values()), basis_points, tie_order)
    return {insurer: due[insurer] - shared.get(insurer, 0) for insurer in basis_points}
