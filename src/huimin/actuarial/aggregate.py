"""The sum of a year's losses: how likely each sum is, what exceeds a threshold, VaR and TVaR.

Losses are multiples of a span. Source: Loss Models, ch. 9: the compound distribution by its generating functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.errors import InputError

__all__ = ["Aggregate", "compound", "compound_poisson"]

_MOST_OFF = 1e-9


@dataclass(frozen=True)
class Aggregate:
    """`chances[k]` is the probability that the sum is k × `span`."""

    chances: Amounts
    span: float

    @property
    def mean(self) -> float:
        return float(self.chances @ np.arange(len(self.chances))) * self.span

    @property
    def standard_deviation(self) -> float:
        values = np.arange(len(self.chances)) * self.span
        return sqrt(max(0.0, float(self.chances @ values**2) - self.mean**2))

    def stop_loss(self, threshold: float) -> float:
        """The expected sum above a threshold."""
        return float(self.chances @ np.maximum(np.arange(len(self.chances)) * self.span - threshold, 0))

    def value_at_risk(self, level: float) -> float:
        """The least sum that is not exceeded with at least this probability (between 0 and 1)."""
        return float(np.searchsorted(np.cumsum(self.chances), _level(level) - _MOST_OFF)) * self.span

    def tail_value_at_risk(self, level: float) -> float:
        """The mean of the worst 1 − `level` of years."""
        threshold = self.value_at_risk(level)
        return threshold + self.stop_loss(threshold) / (1 - _level(level))


def compound(counts: Sequence[float], severity: Sequence[float], span: float) -> Aggregate:
    """The sum of N losses: `counts[n]` is the probability of n losses, `severity[k]` that of one of k × `span`.

    Exact for finite counts, by the fast Fourier transform over all sums that can be. Raises InputError
    (`bad_probabilities`) where either does not add up to 1.
    """
    number, size = _probabilities("counts", counts), _probabilities("severity", severity)
    length = (len(number) - 1) * (len(size) - 1) + 1
    room = 1 << max(1, (length - 1).bit_length())
    spectrum = np.fft.rfft(size, room)
    total = np.zeros_like(spectrum)
    for chance in number[::-1]:  # the generating function of the counts, at that of the severity
        total = total * spectrum + chance
    chances = np.fft.irfft(total, room)[:length]
    return Aggregate(np.clip(chances, 0, None), span)


def compound_poisson(expected: float, losses: Amounts) -> Aggregate:
    """The sum of a Poisson number of losses, `expected` so many; each is one of `losses` (above 0), all as likely.

    Losses are put on a span of which 65,536 reach ten standard deviations above the mean, each shared between the two
    multiples beside it so that the mean stays what it is. Raises InputError (`no_losses`, `bad_expectation`).
    """
    if not len(losses) or not np.isfinite(losses).all() or (losses <= 0).any():
        raise InputError("found no losses, or one that is not above 0; expected amounts above 0", code="no_losses")
    if not 0 < expected < np.inf:
        raise InputError(f"found {expected} expected losses; expected a number above 0", code="bad_expectation")
    mean, spread = expected * float(losses.mean()), sqrt(expected * float((losses**2).mean()))
    # a single largest loss must fit in, or the fast Fourier transform would wrap it around
    span = (mean + _REACH * spread + float(losses.max())) / _POINTS
    place = losses / span
    low = np.floor(place).astype(np.int64)
    up = place - low
    severity = np.bincount(low, 1 - up, _POINTS) + np.bincount(low + 1, up, _POINTS)
    spectrum = np.fft.rfft(severity / len(losses))
    chances = np.fft.irfft(np.exp(expected * (spectrum - 1)), _POINTS)
    return Aggregate(np.clip(chances, 0, None), span)


_POINTS = 1 << 16
_REACH = 10


def _probabilities(name: str, given: Sequence[float]) -> Amounts:
    found = np.asarray(given, np.float64)
    if not len(found) or not np.isfinite(found).all() or (found < 0).any() or abs(found.sum() - 1) > _MOST_OFF:
        raise InputError(
            f"the probabilities of {name} add up to {found.sum():.9g}; expected 1, none below 0",
            code="bad_probabilities",
        )
    return found


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise InputError(f"found the level {level}; expected one between 0 and 1, such as 0.995", code="bad_level")
    return level
