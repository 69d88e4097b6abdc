"""How much a city's own experience counts beside that of all cities: Bühlmann–Straub.

Source: Bühlmann and Straub, Glaubwürdigkeit für Schadensätze (1970); Loss Models, ch. 18 (empirical Bayes, its unbiased
estimators).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.errors import InputError

__all__ = ["Credibility", "buhlmann_straub"]

_FEWEST = 2


@dataclass(frozen=True)
class Credibility:
    """By city, in the order given. `within`: variance of one member's year (s²); `between`: of the cities' means (a).

    `factors` Z = w ÷ (w + s²/a), 0 where the cities do not differ by more than chance; `estimates` are Z × own mean +
    (1 − Z) × `overall`, the credibility-weighted mean of all (the weighted mean where every Z is 0).
    """

    means: Amounts
    weights: Amounts
    within: float
    between: float
    factors: Amounts
    overall: float
    estimates: Amounts


def buhlmann_straub(costs: Sequence[Sequence[float]], weights: Sequence[Sequence[float]]) -> Credibility:
    """`costs[i][t]`: mean cost of a member in city i and year t; `weights[i][t]`: its members.

    Raises InputError: `thin_data` (fewer than two cities, or no city with two years), `bad_experience`.
    """
    rows = [np.asarray(row, np.float64) for row in costs]
    members = [np.asarray(row, np.float64) for row in weights]
    _check(rows, members)
    sums = np.array([row.sum() for row in members])
    means = np.array([float(row @ weight / weight.sum()) for row, weight in zip(rows, members, strict=True)])
    years = sum(len(row) - 1 for row in rows)
    squares = sum(float(w @ (row - mean) ** 2) for row, w, mean in zip(rows, members, means, strict=True))
    within = squares / years
    total = float(sums.sum())
    mean = float(sums @ means / total)
    spread = float(sums @ (means - mean) ** 2) - within * (len(rows) - 1)
    between = max(0.0, spread / (total - float((sums**2).sum()) / total))
    factors = sums / (sums + within / between) if between else np.zeros(len(rows))
    overall = float(factors @ means / factors.sum()) if between else mean
    return Credibility(means, sums, within, between, factors, overall, factors * means + (1 - factors) * overall)


def _check(rows: Sequence[Amounts], members: Sequence[Amounts]) -> None:
    if len(rows) < _FEWEST or not any(len(row) >= _FEWEST for row in rows):
        message = f"found {len(rows)} cities with {sum(map(len, rows))} years; expected two cities, one with two"
        raise InputError(
            f"{message} years, or more: less cannot tell chance from what cities differ by", code="thin_data"
        )
    for place, (row, weight) in enumerate(zip(rows, members, strict=True), 1):
        fits = len(row) == len(weight) and len(row) and np.isfinite(row).all() and np.isfinite(weight).all()
        if not fits or (weight <= 0).any() or (row < 0).any():
            message = f"city {place}: expected a cost of 0 or more and members above 0 for every year"
            raise InputError(message, code="bad_experience")
