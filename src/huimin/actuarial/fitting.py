"""Prices a plan on a fitted frequency and severity of each benefit's yearly base, for histories with few large amounts.

The terms are those of a member in the usual case: the last of a benefit's alternatives, which always holds. Source:
Loss Models, ch. 8 (layers by limited expected values) and ch. 15 (maximum likelihood).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.history import History
from huimin.actuarial.severity import Lognormal, Mixture, Severity
from huimin.adjudication import Program
from huimin.adjudication.program import BenefitProgram
from huimin.adjudication.tiers import Tiers, on_excess
from huimin.batch.decide.by_column import Decided
from huimin.errors import InputError
from huimin.money import BASIS

__all__ = ["FEWEST_BASES", "Fitted", "expected_payment", "fit_benefits", "fit_losses"]

FEWEST_BASES = 200
"""The fewest members with a base. With fewer the tail of a fit is a guess."""
_FEN = 100.0


@dataclass(frozen=True)
class Fitted:
    """One benefit. `frequency`: share of members with a base above nothing; `severity` of its yearly sum, yuan.

    `pure`: yuan a member by the fit; `distance` the greatest difference between fitted and observed distribution (0 to
    1, Kolmogorov's). `unfit` says why there is no fit.
    """

    benefit: str
    frequency: float
    severity: Mixture | None
    pure: float
    distance: float
    unfit: str = ""


def expected_payment(severity: Severity, deductible: float, tiers: Tiers, limit: float = math.inf) -> float:
    """The expected payment on one year's base, in yuan: Σ rate × (E[X∧next] − E[X∧start]), up to the yearly limit on
    payments.

    `tiers` start at fen of the excess and have rates in basis points, as programs do.
    """
    total, room = 0.0, limit
    bounds = [(deductible + above / _FEN, rate / BASIS) for above, rate in tiers]
    ends = [start for start, _ in bounds[1:]] + [math.inf]
    for (start, rate), end in zip(bounds, ends, strict=True):
        stop = min(end, start + room / rate) if rate and math.isfinite(room) else end
        total += rate * (severity.limited(stop) - severity.limited(start))
        room -= rate * (end - start) if math.isfinite(end) else 0.0
        if room <= 0:
            break
    return total


def fit_losses(losses: Amounts) -> tuple[Mixture, float]:
    """One lognormal or a mixture of two, by maximum likelihood, with Kolmogorov's distance.

    One lognormal is too thin in the tail of a city's costs. Two are used if Akaike's criterion prefers them. Raises
    InputError (`thin_data`, `negative_loss`).
    """
    if len(losses) < FEWEST_BASES:
        message = f"found {len(losses)} losses; expected {FEWEST_BASES} or more, else the tail of a fit is a guess"
        raise InputError(message, code="thin_data")
    if not np.isfinite(losses).all() or (losses <= 0).any():
        raise InputError("found a loss of 0 or below, or none at all; expected amounts above 0", code="negative_loss")
    logs = np.sort(np.log(losses))
    one = _Normals(np.ones(1), logs.mean(keepdims=True), np.maximum(logs.std(keepdims=True), _NARROWEST))
    two = _expectation_maximisation(logs)
    gained = two.log_likelihood(logs) - one.log_likelihood(logs)
    fitted = (two if gained > _MORE_PARAMETERS else one).severity()
    ordered = np.exp(logs[:: max(1, len(logs) // _POINTS)])
    below = np.array([1 - fitted.survival(float(amount)) for amount in ordered])
    return fitted, float(np.abs(below - np.linspace(0, 1, len(below), endpoint=False)).max())


_POINTS = 2_000
_ROUNDS = 200
_MORE_PARAMETERS = 3
_NARROWEST = 1e-3
"""Standard deviation of logarithms: losses that are all the same have one too."""
_TINY = 1e-300


@dataclass(frozen=True)
class _Normals:
    """A mixture of normal distributions of the logarithms."""

    share: Amounts
    mean: Amounts
    spread: Amounts

    def densities(self, logs: Amounts) -> Amounts:
        """One row a part, one column a loss; shares counted in, a constant factor left out."""
        scaled = (logs - self.mean[:, None]) / self.spread[:, None]
        return np.asarray((self.share / self.spread)[:, None] * np.exp(-(scaled**2) / 2))

    def log_likelihood(self, logs: Amounts) -> float:
        return float(np.log(np.maximum(self.densities(logs).sum(axis=0), _TINY)).sum())

    def severity(self) -> Mixture:
        parts = zip(self.share, self.mean, self.spread, strict=True)
        return Mixture(tuple((float(share), Lognormal(float(mean), float(spread))) for share, mean, spread in parts))


def _expectation_maximisation(logs: Amounts) -> _Normals:
    """Two parts, begun at the lower four fifths and the upper fifth. Source: Dempster, Laird, Rubin (1977)."""
    cut = len(logs) * 4 // 5
    weights = np.zeros((2, len(logs)))
    weights[0, :cut], weights[1, cut:] = 1, 1
    for _ in range(_ROUNDS):
        sums = np.maximum(weights.sum(axis=1), _TINY)
        mean = (weights @ logs) / sums
        spread = np.sqrt((weights * (logs - mean[:, None]) ** 2).sum(axis=1) / sums)
        normals = _Normals(sums / len(logs), mean, np.maximum(spread, _NARROWEST))
        densities = normals.densities(logs)
        weights = densities / np.maximum(densities.sum(axis=0), _TINY)
    return normals


def fit_benefits(program: Program, history: History, decided: Decided) -> list[Fitted]:
    """Each benefit's base of the year, fitted: of a history with its trend, before deductible and tiers."""
    bases = _bases(program, history, decided)
    return [_fit(benefit, row) for benefit, row in zip(program.benefits, bases, strict=True)]


def _bases(program: Program, history: History, decided: Decided) -> Amounts:
    """The base of each benefit in the year, in yuan by benefit and member."""
    lines, count = decided.lines, len(history.members)
    place = lines.benefit * count + decided.member_of[lines.row]
    size = len(program.benefits) * count
    sums = np.bincount(place, lines.base / _FEN, size)
    return np.asarray(sums, np.float64).reshape(len(program.benefits), count)


def _fit(benefit: BenefitProgram, base: Amounts) -> Fitted:
    losses = base[base > 0]
    frequency = len(losses) / len(base)
    if benefit.deductible_per == "settlement" or benefit.allowance is not None:
        return Fitted(benefit.id, frequency, None, 0.0, 0.0, "it counts by bill or by day, not by the year's sum")
    tiers = benefit.schedules[-1].tiers if benefit.schedules else None
    if tiers is None or len(losses) < FEWEST_BASES:
        return Fitted(
            benefit.id, frequency, None, 0.0, 0.0, f"{len(losses)} members had a base; {FEWEST_BASES} are few"
        )
    severity, distance = fit_losses(losses)
    deductible = benefit.deductibles[-1].amount if benefit.deductibles else 0
    moved = on_excess(tiers, deductible if benefit.on_gross else 0, 0, benefit.rates_between)
    limits = [limit.amount / _FEN for limit in benefit.limits if limit.per == "year" and not limit.when]
    pure = frequency * expected_payment(severity, deductible / _FEN, moved, min(limits, default=math.inf))
    return Fitted(benefit.id, frequency, severity, pure, distance)
