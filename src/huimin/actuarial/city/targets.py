"""Compares the synthetic city with what was published about real ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.drawing import City, CityYear
from huimin.batch.table.rows import Flags

__all__ = ["CATASTROPHIC", "Target", "capacity_to_pay", "catastrophic", "measure"]

CATASTROPHIC = 0.40
"""Share of its capacity to pay from which on a household's own expenditure is catastrophic (WHO; Xu et al. 2003)."""
_TOP = 0.10


@dataclass(frozen=True, slots=True)
class Target:
    """`found` in the city should lie between `low` and `high`; `source` says who published what."""

    name: str
    found: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def met(self) -> bool:
        return bool(self.low <= self.found <= self.high)


def measure(city: City) -> list[Target]:
    """The targets with the city's values. It draws the first five years, which takes half a minute for a million
    people.
    """
    first = city.year(0)
    cost = _inpatient_cost(city, first)
    top = _top(cost)
    stays = int(first.care.inpatient.sum())
    personal = first.amounts["psn_part_amt"][first.care.inpatient].sum() / first.care.cost[first.care.inpatient].sum()
    after = {years: _stay_in(top, _top(_inpatient_cost(city, city.year(years)))) for years in (1, 4)}
    poor = float(catastrophic(city, first).mean())
    in_older_cities = f"{_BULLETIN}: 21.4; an older city has more"
    return [
        Target("top_tenth", _percent(cost[top].sum() / cost.sum()), 47, 51, "%", "10.1186/s12913-022-08775-9: 49 %"),
        Target("stay_one_year", _percent(after[1]), 31.6, 35.6, "%", "10.3390/su13115761: 33.6 %"),
        Target("stay_four_years", _percent(after[4]), 21.6, 25.6, "%", "10.3390/su13115761: 23.6 %"),
        Target("stay_cost", float(cost.sum()) / stays / 100, 10_213, 10_419, "yuan", f"{_BULLETIN}: 10,315.8"),
        Target("personal_share", _percent(personal), 26.8, 27.8, "%", f"{_BULLETIN}: 27.3 %"),
        Target("stays", 100 * stays / len(city.people), 19, 26, "of 100 people", in_older_cities),
        Target("catastrophic", _percent(poor), 8, 12, "% of households", _SHARES_PUBLISHED),
    ]


_BULLETIN = "national bulletin for 2023"
_SHARES_PUBLISHED = "10.1186/s12913-021-06533-x: 8.7 %; 10.1016/j.lanwpc.2022.100633: 11.0 %"


def capacity_to_pay(city: City) -> Amounts:
    """Yuan a year by household: what it spends on anything but food."""
    people = city.people
    spent = np.bincount(people.household, people.consumption, people.households)
    return np.asarray(spent * (1 - city.parameters.number("food_share")))


def catastrophic(city: City, year: CityYear, paid: Amounts | None = None) -> Flags:
    """By household, whether its own health expenditure is catastrophic. `paid`: yuan that a plan paid to each
    person.
    """
    people = city.people
    own = np.bincount(year.care.person, year.amounts["psn_part_amt"] / 100, len(people)) + year.other
    if paid is not None:
        own = own - paid
    return np.asarray(np.bincount(people.household, own, people.households) >= CATASTROPHIC * capacity_to_pay(city))


def _inpatient_cost(city: City, year: CityYear) -> Amounts:
    """Fen by person."""
    cost = year.care.cost * year.care.inpatient
    return np.asarray(np.bincount(year.care.person, cost, len(city.people)), np.float64)


def _top(cost: Amounts) -> Flags:
    """The most expensive tenth of the year's inpatients."""
    patients = cost[cost > 0]
    return np.asarray(cost >= np.quantile(patients, 1 - _TOP))


def _stay_in(top: Flags, later: Flags) -> float:
    return float((top & later).sum() / top.sum())


def _percent(share: float) -> float:
    return 100 * float(share)
