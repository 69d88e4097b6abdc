"""What a whole year may cost all the insured together, with the effects of chance, of uncertainty and of a common
shock.

Source: Loss Models, ch. 9 (compound distributions) and ch. 13 (parameter uncertainty); a common shock is one factor on
every payment of a year, lognormal with mean 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np

from huimin.actuarial.aggregate import compound_poisson
from huimin.actuarial.arrays import Amounts
from huimin.errors import InputError

__all__ = ["FEWEST_PAID", "Outlook", "outlook"]

FEWEST_PAID = 30
"""The fewest members to whom something was paid. With fewer the mean is mostly chance."""
_DRAWS = 200_000
_LEVELS = (0.75, 0.90, 0.95, 0.99, 0.995)


@dataclass(frozen=True)
class Outlook:
    """A year's total payments in yuan. `spread`: standard deviation, and that of each reason alone.

    `at_risk`: (level, VaR, TVaR). `exceedance`: (sum, probability that the year costs more), falling.
    """

    insured: int
    mean: float
    spread: float
    by_chance: float
    by_estimate: float
    by_shock: float
    at_risk: tuple[tuple[float, float, float], ...]
    exceedance: tuple[tuple[float, float], ...]
    seed: int


def outlook(paid: Amounts, insured: int, *, shock: float, seed: int) -> Outlook:
    """`paid`: yuan by member of the history, zeros too. `shock`: the common shock's standard deviation, 0.1 is 10 %.

    How sure the mean is comes from the history's own size: a lognormal factor with its relative standard error. Raises
    InputError (`thin_data`, `bad_portfolio`).
    """
    if insured < 1 or not 0 <= shock < 1:
        message = f"found {insured:,} insured and a shock of {shock:g}; expected 1 or more, and from 0 to below 1"
        raise InputError(message, code="bad_portfolio")
    losses = paid[paid > 0]
    if len(losses) < FEWEST_PAID:
        message = f"found {len(losses)} members to whom something was paid; expected {FEWEST_PAID} or more"
        raise InputError(message, code="thin_data", values={"found": str(len(losses)), "least": str(FEWEST_PAID)})
    expected = insured * len(losses) / len(paid)
    mean = expected * float(losses.mean())
    estimate = float(np.std(paid, ddof=1)) / sqrt(len(paid)) / float(paid.mean())
    total = compound_poisson(expected, losses)
    rng = np.random.default_rng(seed)
    draws = np.searchsorted(np.cumsum(total.chances), rng.random(_DRAWS)) * total.span
    draws = draws * _factor(rng, estimate) * _factor(rng, shock)
    draws.sort()
    return Outlook(
        insured=insured,
        mean=mean,
        spread=float(draws.std()),
        by_chance=sqrt(expected * float((losses**2).mean())),
        by_estimate=mean * estimate,
        by_shock=mean * shock,
        at_risk=tuple((level, *_tail(draws, level)) for level in _LEVELS),
        exceedance=tuple((float(np.quantile(draws, 1 - chance)), chance) for chance in _CHANCES),
        seed=seed,
    )


_CHANCES = tuple(round(chance, 4) for chance in np.geomspace(0.99, 0.001, 40))


def _factor(rng: np.random.Generator, spread: float) -> Amounts:
    """Lognormal factors with mean 1 and standard deviation `spread`."""
    sigma = sqrt(log1p(spread**2))
    return np.asarray(np.exp(sigma * rng.standard_normal(_DRAWS) - sigma**2 / 2))


def _tail(draws: Amounts, level: float) -> tuple[float, float]:
    """VaR, and the mean of what is as bad or worse; `draws` are sorted."""
    first = int(np.ceil(level * len(draws))) - 1
    return float(draws[first]), float(draws[first:].mean())
