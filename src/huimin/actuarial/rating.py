"""Rates by age and sex that add up to the community's total, and who pays for whom under one price for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.table.rows import Flags, Integers
from huimin.errors import InputError
from huimin.money import share_out

__all__ = ["AGES", "RateGroup", "rate_groups"]

AGES = (0, 18, 30, 45, 60, 70)
_FEN = 100
_FEWEST = 200
"""The fewest members of a group. With fewer its mean is mostly chance."""
_SEXES = ("1", "2")
"""Men and women, by the national code."""


@dataclass(frozen=True, slots=True)
class RateGroup:
    """`rate`, `flat`: fen a member under rates by group and under one price; `cost` yuan a member, with its `error`.

    `total`: fen that the group pays under rates by group; `subsidy`: what it pays more than that under one price.
    """

    age: int
    sex: str
    members: int
    cost: float
    error: float
    rate: int
    total: int
    flat: int
    subsidy: int


def rate_groups(age: Integers, female: Flags, paid: Amounts, total: int, ages: Sequence[int] = AGES) -> list[RateGroup]:
    """Share `total` (fen, the community's premium) out by what each age-sex group cost (`paid`: yuan by member).

    Small groups are joined with the next younger group of their sex. The groups' totals add up to `total` to the fen,
    and so do those under one price, so that subsidies add up to 0. Raises InputError (`thin_data`, `no_premium`).
    """
    if total <= 0:
        raise InputError(f"found a premium of {total} fen to share out; expected one above 0", code="no_premium")
    found: list[tuple[int, str, Flags]] = []
    for place, sex in enumerate(_SEXES):
        found += [(first, sex, mine) for first, mine in _bands(age, female == bool(place), ages)]
    if any(mine.sum() < _FEWEST for _, _, mine in found) or not paid.sum() > 0:
        message = f"found {len(age):,} members, or nothing that was paid them; expected {_FEWEST} men and as many women"
        raise InputError(message, code="thin_data")
    names = [f"{sex}/{first:03d}" for first, sex, _ in found]
    order = {name: place for place, name in enumerate(names)}
    costs = {name: round(float(paid[mine].sum()) * _FEN) for name, (*_, mine) in zip(names, found, strict=True)}
    by_cost = share_out(total, costs, order)
    by_head = share_out(total, {name: int(mine.sum()) for name, (*_, mine) in zip(names, found, strict=True)}, order)
    groups = []
    for name, (first, sex, mine) in zip(names, found, strict=True):
        members = int(mine.sum())
        error = float(np.std(paid[mine])) / members**0.5
        rate, flat = round(by_cost[name] / members), round(by_head[name] / members)
        subsidy = by_head[name] - by_cost[name]
        groups.append(
            RateGroup(first, sex, members, float(paid[mine].mean()), error, rate, by_cost[name], flat, subsidy)
        )
    return groups


def _bands(age: Integers, of_sex: Flags, ages: Sequence[int]) -> list[tuple[int, Flags]]:
    """(first age, members), from the youngest on; a band of few joins the one before it."""
    bands: list[tuple[int, Flags]] = []
    for place, first in enumerate(ages):
        last = ages[place + 1] if place + 1 < len(ages) else 10**3
        mine = of_sex & (age >= first) & (age < last)
        if bands and (mine.sum() < _FEWEST or bands[-1][1].sum() < _FEWEST):
            start, before = bands.pop()
            bands.append((start, before | mine))
        else:
            bands.append((first, mine))
    return bands
