"""Bands of a year's cumulative excess, and what the plan pays of it."""

from __future__ import annotations

from huimin.money import BASIS

_HALF = BASIS // 2

__all__ = ["Tiers", "cumulative_payment", "entitlement_between", "on_excess", "rounded_to_fen", "tier_portions"]

Tiers = tuple[tuple[int, int], ...]
"""(start of the band of the cumulative excess, in fen; rate in basis points), in rising order."""


def on_excess(tiers: Tiers, deductible: int, points: int, between: tuple[int, int] = (0, BASIS)) -> Tiers:
    """The tiers as bands of the excess, with `points` basis points added to every rate.

    `deductible` (fen) is taken off the bands' starts where these count from the first fen of the base. `between` bounds
    every rate: the lowest and the highest, in basis points.
    """
    if not deductible and not points and between == (0, BASIS):
        return tiers
    lowest, highest = between
    # Bands below the deductible become empty ones at zero, which pay nothing.
    return tuple((max(0, above - deductible), min(max(rate + points, lowest), highest)) for above, rate in tiers)


def cumulative_payment(tiers: Tiers, excess: int) -> int:
    """What the tiers pay on a year's excess of `excess` fen that met no other tiers, rounded half-up on the sum."""
    return rounded_to_fen(entitlement_between(tiers, 0, excess))


def entitlement_between(tiers: Tiers, start: int, end: int) -> int:
    """What the tiers pay as the year's excess grows from `start` to `end` fen: exact, in fen × basis points.

    This is the innermost loop of every decision.
    """
    found = 0
    for above, rate in reversed(tiers):
        if end > above:
            if start >= above:
                return found + (end - start) * rate
            found += (end - above) * rate
            end = above
    return found


def rounded_to_fen(entitlement: int) -> int:
    """An entitlement in fen × basis points, which is never negative, rounded half-up to the fen."""
    return (entitlement + _HALF) // BASIS


def tier_portions(tiers: Tiers, start: int, end: int) -> list[tuple[int, int]]:
    """(place of the tier, fen of the excess between `start` and `end` that lie in it), empty ones left out."""
    portions = []
    for index, (above, _) in enumerate(tiers):
        upper = tiers[index + 1][0] if index + 1 < len(tiers) else end
        portion = min(end, upper) - max(start, above)
        if portion > 0:
            portions.append((index, portion))
    return portions
