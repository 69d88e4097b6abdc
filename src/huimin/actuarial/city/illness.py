"""Who is seriously ill in which year. Lasting illnesses stay, passing ones end, and people come and go.

A single autoregression cannot reproduce how long high cost lasts (a third after one year, a quarter after four). Two
kinds of illness can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.city.people import People
from huimin.actuarial.city.streams import by_band, logarithms, stream
from huimin.batch.table.rows import Flags, Integers

__all__ = ["Health", "first_health", "next_health", "stay_rates"]

_AGES = (30, 50, 65, 80)
_STAY_AGES = (5, 20, 35, 50, 60, 70, 80)


@dataclass(frozen=True)
class Health:
    """One year, one row a person. `since`: years that a lasting illness has lasted before this one, 0 in its first.

    `need` is the permanent factor on stays; after somebody has left it is the newcomer's.
    """

    lasting: Flags
    passing: Flags
    since: Integers
    need: Amounts


def first_health(parameters: Parameters, people: People, seed: int) -> Health:
    """The first year of a city that has existed for long: passing illnesses that began earlier continue beside new
    ones.
    """
    rng = stream(seed, "illness")
    lasting = rng.random(len(people)) < _lasting(parameters, people)
    fresh = _passing(parameters, people) / (1 - parameters.number("passing_lasts"))
    passing = rng.random(len(people)) < fresh
    since = np.where(lasting, rng.geometric(parameters.number("lasting_ends"), len(people)) - 1, 0)
    return Health(lasting, passing & ~lasting, since, people.need)


def next_health(parameters: Parameters, people: People, health: Health, seed: int, year: int) -> Health:
    rng = stream(seed, "illness", year)
    draw = rng.random(len(people))
    ends = parameters.number("lasting_ends")
    leaves = draw < np.where(health.lasting, ends, parameters.number("turnover"))
    share = _lasting(parameters, people)
    falls_ill = ~health.lasting & (rng.random(len(people)) < ends * share / (1 - share))
    lasting = (health.lasting & ~leaves) | falls_ill
    goes_on = health.passing & ~leaves & (rng.random(len(people)) < parameters.number("passing_lasts"))
    passing = (goes_on | (rng.random(len(people)) < _passing(parameters, people))) & ~lasting
    newcomer = logarithms(rng.standard_normal(len(people)), parameters.number("frailty"))
    since = np.where(lasting & ~falls_ill, health.since + 1, 0)
    return Health(lasting, passing, since, np.where(leaves, newcomer, health.need))


def stay_rates(parameters: Parameters, people: People, health: Health) -> Amounts:
    """Expected stays of each person in the year."""
    tension, sugar = parameters.numbers("chronic_need")
    rate = by_band(people.age, _STAY_AGES, parameters.numbers("admissions")) * health.need
    rate *= np.where(people.hypertension, tension, 1.0) * np.where(people.diabetes, sugar, 1.0)
    rate += health.lasting * parameters.number("lasting_stays")
    return rate + health.passing * parameters.number("passing_stays")


def _lasting(parameters: Parameters, people: People) -> Amounts:
    return by_band(people.age, _AGES, parameters.numbers("lasting_illness"))


def _passing(parameters: Parameters, people: People) -> Amounts:
    return by_band(people.age, _AGES, parameters.numbers("passing_illness"))
