"""A year's bills before anybody has paid: who, when, for what, in which hospital, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.illness import Health, stay_rates
from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.city.people import People
from huimin.actuarial.city.streams import by_band, logarithms, stream
from huimin.batch.table.rows import Integers

__all__ = ["LASTING", "ORDINARY", "PASSING", "Care", "other_care", "payment_delays", "year_of_care"]

ORDINARY, LASTING, PASSING = 0, 1, 2
"""The kind of illness that a bill is for."""
_DAYS = 365
_COST_AGES = (18, 45, 65)
_QUARTERS = 4
_MOST = 2_000_000.0
"""The highest cost of a stay, in yuan."""


@dataclass(frozen=True)
class Care:
    """One row a bill, by person and day of the year (0 to 364). `inpatient`, or else special outpatient.

    `cost` is whole fen. `level` of the hospital is 1 to 3; `place` 0 in the city, 1 referred, 2 elsewhere.
    """

    person: Integers
    day: Integers
    nights: Integers
    kind: Integers
    inpatient: np.ndarray
    level: Integers
    place: Integers
    cost: Integers

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Integers) -> Care:
        return Care(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def year_of_care(parameters: Parameters, people: People, health: Health, seed: int, year: int) -> Care:
    stays = _stays(parameters, people, health, seed, year)
    visits = _visits(parameters, health, seed, year)
    both = Care(*(np.concatenate((getattr(stays, name), getattr(visits, name))) for name in stays.__dataclass_fields__))
    return both.take(np.lexsort((both.day, both.person)))


def _stays(parameters: Parameters, people: People, health: Health, seed: int, year: int) -> Care:
    rng = stream(seed, "stays", year)
    count = rng.poisson(stay_rates(parameters, people, health))
    person = np.repeat(np.arange(len(people)), count)
    size = len(person)
    # a stay of somebody seriously ill is for that illness
    kind = np.where(health.lasting[person], LASTING, np.where(health.passing[person], PASSING, ORDINARY))
    factor = np.concatenate(([1.0], parameters.numbers("serious_cost")))[kind]
    factor = factor * by_band(people.age[person], _COST_AGES, parameters.numbers("stay_cost_age"))
    level = 1 + rng.choice(3, size, p=parameters.numbers("hospital_levels"))
    factor *= parameters.number("stay_cost") / max(factor.mean(), 1e-9) if size else 1.0
    spread = parameters.number("stay_cost_spread")
    draws = rng.standard_normal(size)
    yuan = np.minimum(factor * logarithms(draws, spread), _MOST)
    # more expensive stays are longer
    nights = 1 + rng.poisson((parameters.number("nights") - 1) * logarithms(draws, 0.5))
    referred, alone = parameters.numbers("away")
    place = np.searchsorted(np.cumsum((1 - referred - alone, referred)), rng.random(size), "right")
    return Care(person, rng.integers(0, _DAYS, size), nights, kind, np.ones(size, bool), level, place, _fen(yuan))


def _visits(parameters: Parameters, health: Health, seed: int, year: int) -> Care:
    """A special outpatient bill a quarter for everybody who is seriously ill."""
    rng = stream(seed, "visits", year)
    ill = np.flatnonzero(health.lasting | health.passing)
    person = np.repeat(ill, _QUARTERS)
    size = len(person)
    quarter = np.tile(np.arange(_QUARTERS), len(ill))
    day = quarter * (_DAYS // _QUARTERS) + rng.integers(0, _DAYS // _QUARTERS, size)
    yuan = parameters.number("special_outpatient") * logarithms(rng.standard_normal(size), 0.8)
    kind = np.where(health.lasting[person], LASTING, PASSING)
    level = np.full(size, 3)
    return Care(
        person, day, np.zeros(size, np.int64), kind, np.zeros(size, bool), level, np.zeros(size, np.int64), _fen(yuan)
    )


def other_care(parameters: Parameters, health: Health, seed: int, year: int) -> Amounts:
    """Yuan that each person pays for ordinary outpatient care and medicines in the year."""
    rng = stream(seed, "other", year)
    own = logarithms(rng.standard_normal(len(health.need)), parameters.number("other_care_spread"))
    share = np.sqrt(health.need)
    return np.asarray(parameters.number("other_care") * own * share / share.mean())


def payment_delays(parameters: Parameters, bills: int, seed: int, year: int) -> Integers:
    """Days from each bill's settlement until the plan's payment on it, where it pays."""
    rng = stream(seed, "delays", year)
    at_once, median, spread = parameters.numbers("payment_delay")
    later = np.ceil(median * np.exp(spread * rng.standard_normal(bills))).astype(np.int64)
    return np.where(rng.random(bills) < at_once, 0, later)


def _fen(yuan: Amounts) -> Integers:
    return np.maximum(np.rint(yuan * 100).astype(np.int64), 1_00)
