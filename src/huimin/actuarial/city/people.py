"""The residents: age, sex, household, income, kind of basic insurance, chronic illness, permanent need of care."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.households import join_households
from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.city.streams import by_band, logarithms, stream
from huimin.batch.table.rows import Flags, Integers

__all__ = ["AREAS", "People", "draw_people"]

AREAS = 8
"""Districts of the city, of unequal size; a household lives in one."""
ADULT = 22
_BANDS = 5
_OLDEST = 100
_TURNS_OLD = 50
_VERY_OLD = 85
_CHRONIC_AGES = (30, 55, 75)


@dataclass(frozen=True)
class People:
    """One row a person; `household` counts from 0. `income` is the household's, yuan a head and year.

    `consumption` likewise. `need` is the permanent factor on stays, of mean 1, that age and illness do not explain.
    """

    age: Integers
    female: Flags
    household: Integers
    area: Integers
    income: Amounts
    consumption: Amounts
    employee: Flags
    poor: Flags
    hypertension: Flags
    diabetes: Flags
    need: Amounts

    def __len__(self) -> int:
        return len(self.age)

    @property
    def households(self) -> int:
        return int(self.household.max()) + 1


def draw_people(parameters: Parameters, count: int, seed: int) -> People:
    age, female = _ages(parameters, count, seed)
    household = join_households(parameters, age, female, seed)
    homes = int(household.max()) + 1
    rng = stream(seed, "incomes")
    wealth = rng.standard_normal(homes)[household]
    income = parameters.number("income") * logarithms(wealth, parameters.number("income_spread"))
    consumption = income ** parameters.number("consumption_elasticity")
    consumption *= parameters.number("consumption") / consumption.mean()
    weights = np.arange(1, AREAS + 1) / (AREAS * (AREAS + 1) / 2)
    area = stream(seed, "areas").choice(AREAS, homes, p=weights)[household]
    rng = stream(seed, "chronic")
    tension = rng.random(count) < by_band(age, _CHRONIC_AGES, parameters.numbers("hypertension"))
    sugar = rng.random(count) < by_band(age, _CHRONIC_AGES, parameters.numbers("diabetes"))
    return People(
        age,
        female,
        household,
        area,
        income,
        consumption,
        _employees(parameters, age, wealth, seed),
        wealth <= np.quantile(wealth, parameters.number("poor")),
        tension,
        sugar,
        _need(parameters, wealth, seed),
    )


def _ages(parameters: Parameters, count: int, seed: int) -> tuple[Integers, Flags]:
    rng = stream(seed, "ages")
    shares = parameters.numbers("age_shares")
    band = np.searchsorted(np.cumsum(shares / shares.sum())[:-1], rng.random(count), "right")
    width = np.where(band == len(shares) - 1, _OLDEST - _VERY_OLD, _BANDS)
    # the oldest are fewer with every year: the smaller of two draws
    within = np.minimum(rng.random(count), np.where(width > _BANDS, rng.random(count), 1.0))
    age = band * _BANDS + (within * width).astype(np.int64)
    young, old = parameters.number("female_at_birth"), parameters.number("female_at_85")
    share = young + (old - young) * np.clip((age - _TURNS_OLD) / (_VERY_OLD - _TURNS_OLD), 0, 1)
    return age, rng.random(count) < share


def _employees(parameters: Parameters, age: Integers, wealth: Amounts, seed: int) -> Flags:
    """Adults of the better-off households, with much chance in it: so many that the share of all people is met."""
    score = np.where(age >= ADULT, wealth + stream(seed, "employees").standard_normal(len(age)), -np.inf)
    return np.asarray(score >= np.quantile(score, 1 - parameters.number("employees")))


def _need(parameters: Parameters, wealth: Amounts, seed: int) -> Amounts:
    link = parameters.number("frailty_income")
    own = stream(seed, "need").standard_normal(len(wealth))
    return logarithms(link * wealth + np.sqrt(1 - link**2) * own, parameters.number("frailty"))
