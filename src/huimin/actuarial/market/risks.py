"""What a plan is expected to pay each person: the mean for similar people over several drawn years."""

from __future__ import annotations

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city import City
from huimin.actuarial.populations import city_history
from huimin.adjudication import Program

__all__ = ["expected_risks"]

_AGES = (18, 45, 60, 70)
_NEEDS = (0.2, 0.4, 0.6, 0.8)
"""Quantiles of the permanent need that part people into fifths."""
_FEN = 100.0


def expected_risks(city: City, program: Program, years: int = 3) -> Amounts:
    """Yuan a year, by person. Similar people have the same age band, fifth of need, lasting illness and insurance.

    What somebody happened to cost in one year is mostly chance; what people like them cost is what they can foresee.
    """
    kind = _kinds(city)
    kinds = int(kind.max()) + 1
    paid = np.zeros(kinds)
    for number in range(years):
        history = city_history(city, program, number)
        paid += np.bincount(_kinds(city, number), history.paid(program) / _FEN, kinds)[:kinds]
    people = sum(np.bincount(_kinds(city, number), minlength=kinds)[:kinds] for number in range(years))
    return np.asarray((paid / np.maximum(people, 1))[kind])


def _kinds(city: City, year: int = 0) -> np.ndarray:
    health, people = city.health(year), city.people
    need = np.searchsorted(np.quantile(health.need, _NEEDS), health.need)
    age = np.searchsorted(np.array(_AGES), people.age, "right")
    kind = (age * (len(_NEEDS) + 1) + need) * 2 + health.lasting
    return np.asarray(kind * 2 + people.employee)
