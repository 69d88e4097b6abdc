"""Whom a plan spares: catastrophic health expenditure before and after, and relief by income and illness.

Source of the measure: Xu et al., Lancet 362 (2003); WHO: own expenditure of 40 % or more of the capacity to pay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city import City, CityYear, catastrophic

__all__ = ["Relief", "relief"]

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Relief:
    """A group. `by` is all, income (tenths of households, 1 the poorest) or illness (of people; no `before`, `after`).

    `before`, `after`: share of households with catastrophic expenditure. `own`: yuan its people paid themselves for
    bills before the plan, `paid` what the plan gave them.
    """

    by: str
    value: str
    before: float
    after: float
    own: float
    paid: float

    @property
    def relieved(self) -> float:
        """The part of the own expenditure that the plan took over."""
        return self.paid / self.own if self.own else 0.0


def relief(city: City, year: CityYear, paid: Amounts) -> list[Relief]:
    """`paid`: yuan that the plan gave each person in the year, all people being members."""
    people = city.people
    before, after = catastrophic(city, year), catastrophic(city, year, paid)
    own = np.bincount(year.care.person, year.amounts["psn_part_amt"] / 100, len(people))
    found = [Relief("all", "", float(before.mean()), float(after.mean()), float(own.sum()), float(paid.sum()))]
    income = np.zeros(people.households)
    income[people.household] = people.income
    tenth = np.searchsorted(np.quantile(income, np.arange(1, _TENTHS) / _TENTHS), income)
    for place in range(_TENTHS):
        homes = tenth == place
        mine = homes[people.household]
        shares = float(before[homes].mean()), float(after[homes].mean())
        found.append(Relief("income", str(place + 1), *shares, float(own[mine].sum()), float(paid[mine].sum())))
    health = year.health
    for name, mine in (
        ("lasting", health.lasting),
        ("passing", health.passing),
        ("other", ~(health.lasting | health.passing)),
    ):
        found.append(Relief("illness", name, 0.0, 0.0, float(own[mine].sum()), float(paid[mine].sum())))
    return found
