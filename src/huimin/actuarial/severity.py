"""The size of one loss: limited expected values, and what a layer of it costs.

Yuan. Sources: Klugman, Panjer, Willmot, Loss Models, ch. 8; Loss Data Analytics, ch. 3 (open textbook).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np
import numpy.typing as npt

from huimin.actuarial.arrays import Amounts
from huimin.errors import InputError

__all__ = [
    "Amounts",
    "Empirical",
    "Exponential",
    "Layer",
    "Lognormal",
    "Mixture",
    "Severity",
    "per_loss",
    "per_payment",
]

_NORMAL = NormalDist()


class Severity(Protocol):
    """A distribution of losses that are not negative."""

    def survival(self, amount: float) -> float:
        """The probability of a loss above `amount`."""
        ...

    def limited(self, amount: float) -> float:
        """The expected value of a loss that is cut off at `amount` (which may be infinite: the mean)."""
        ...

    def scaled(self, factor: float) -> Severity:
        """The losses multiplied by a factor above zero: trend, applied before any layer."""
        ...


@dataclass(frozen=True, slots=True)
class Exponential:
    mean: float

    def survival(self, amount: float) -> float:
        return math.exp(-max(0.0, amount) / self.mean)

    def limited(self, amount: float) -> float:
        return self.mean * -math.expm1(-max(0.0, amount) / self.mean)

    def scaled(self, factor: float) -> Exponential:
        return Exponential(self.mean * _above_zero(factor))


@dataclass(frozen=True, slots=True)
class Lognormal:
    """The logarithm has mean `mu` and standard deviation `sigma`."""

    mu: float
    sigma: float

    def survival(self, amount: float) -> float:
        if amount <= 0:
            return 1.0
        return 1 - _NORMAL.cdf((math.log(amount) - self.mu) / self.sigma)

    def limited(self, amount: float) -> float:
        if amount <= 0:
            return 0.0
        mean = math.exp(self.mu + self.sigma**2 / 2)
        if math.isinf(amount):
            return mean
        place = (math.log(amount) - self.mu) / self.sigma
        return mean * _NORMAL.cdf(place - self.sigma) + amount * self.survival(amount)

    def scaled(self, factor: float) -> Lognormal:
        return Lognormal(self.mu + math.log(_above_zero(factor)), self.sigma)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Losses of several kinds: (share of the losses, their distribution), the shares adding up to 1."""

    parts: tuple[tuple[float, Lognormal], ...]

    def survival(self, amount: float) -> float:
        return sum(share * part.survival(amount) for share, part in self.parts)

    def limited(self, amount: float) -> float:
        return sum(share * part.limited(amount) for share, part in self.parts)

    def scaled(self, factor: float) -> Mixture:
        return Mixture(tuple((share, part.scaled(factor)) for share, part in self.parts))


class Empirical:
    """Losses as they were, each as likely as any other. Raises InputError: `no_losses`, `negative_loss`."""

    def __init__(self, losses: Sequence[float] | npt.NDArray[np.float64]) -> None:
        self.losses = np.sort(np.asarray(losses, np.float64))
        if not len(self.losses):
            raise InputError("found no losses; expected at least one", code="no_losses")
        if not np.isfinite(self.losses).all() or self.losses[0] < 0:
            raise InputError(f"found a loss of {self.losses[0]}; expected amounts from 0 on", code="negative_loss")
        self._sums = np.concatenate(([0.0], np.cumsum(self.losses)))

    def survival(self, amount: float) -> float:
        return 1 - float(np.searchsorted(self.losses, amount, "right")) / len(self.losses)

    def limited(self, amount: float) -> float:
        below = int(np.searchsorted(self.losses, amount, "right"))
        above = len(self.losses) - below
        return (float(self._sums[below]) + (amount * above if above else 0.0)) / len(self.losses)

    def scaled(self, factor: float) -> Empirical:
        return Empirical(self.losses * _above_zero(factor))


def _above_zero(factor: float) -> float:
    if not factor > 0:
        raise InputError(f"found a factor of {factor}; expected one above 0", code="bad_factor")
    return factor


@dataclass(frozen=True, slots=True)
class Layer:
    """What is paid of a loss: `rate` of what exceeds the deductible, at most `limit`.

    `limit_before_rate`: the limit is one of the excess, and the rate is taken of what it leaves; otherwise it is one
    of the payment. Rates from 0 to 1, not 0 where the limit is of the payment.
    """

    deductible: float = 0.0
    rate: float = 1.0
    limit: float = math.inf
    limit_before_rate: bool = False

    @property
    def exhausted_at(self) -> float:
        """The loss from which on the layer pays no more."""
        return self.deductible + (self.limit if self.limit_before_rate else self.limit / self.rate)


def per_loss(severity: Severity, layer: Layer) -> float:
    """The expected payment of a layer on one loss, including losses without payment: rate × (E[X∧u] − E[X∧d])."""
    return layer.rate * (severity.limited(layer.exhausted_at) - severity.limited(layer.deductible))


def per_payment(severity: Severity, layer: Layer) -> float:
    """The expected payment of a layer if it pays at all. Raises InputError (`never_pays`)."""
    chance = severity.survival(layer.deductible)
    if chance <= 0:
        raise InputError(
            f"no loss exceeds the deductible of {layer.deductible:g}; there is no payment to expect", code="never_pays"
        )
    return per_loss(severity, layer) / chance
