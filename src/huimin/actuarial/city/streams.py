"""A random stream for each purpose, so that one more draw in one place changes nothing elsewhere."""

from __future__ import annotations

import zlib

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.batch.table.rows import Integers

__all__ = ["by_band", "logarithms", "stream"]


def stream(seed: int, purpose: str, year: int = 0) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence((seed, zlib.crc32(purpose.encode()), year)))


def by_band(ages: Integers, begins: tuple[int, ...], values: Amounts) -> Amounts:
    """The value of each person's age band. `begins` has the first ages of all bands except the first."""
    return np.asarray(values[np.searchsorted(np.array(begins), ages, "right")])


def logarithms(draws: Amounts, spread: float) -> Amounts:
    """Lognormal factors of mean 1 from standard normal draws."""
    return np.asarray(np.exp(spread * draws - spread**2 / 2))
