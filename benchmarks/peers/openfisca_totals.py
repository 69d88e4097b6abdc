"""OpenFisca-Core on yearly totals: it has no bills in order, so that each member's year is one computation.

Prints members per second and how many members' payments are off by a fen or more. `home` holds members and totals.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from openfisca_core import periods, taxbenefitsystems
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables import Variable

STEP = 100_000.0
PLAN = ((10_000.0, 0.65, 0.77), (20_000.0, 0.55, 0.67), (50_000.0, 0.45, 0.45))
"""Deductible, rate up to and above 100,000 yuan of excess; a tenth less where pre-existing at first enrolment."""

person = build_entity(key="person", plural="people", label="member", is_person=True)


def amount(name: str, formula: object = None) -> type[Variable]:
    members = {"value_type": float, "entity": person, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), {**members, **({"formula": formula} if formula else {})})


def tiers(base: object, cut: object, deductible: float, low: float, high: float) -> object:
    excess = np.maximum(base - deductible, 0)  # type: ignore[operator]
    paid = np.minimum(excess, STEP) * (low - cut) + np.maximum(excess - STEP, 0) * (high - cut)  # type: ignore[operator]
    return np.minimum(np.floor(paid * 100 + 0.5) / 100, 1_000_000)


def first(people: object, period: object) -> object:
    return tiers(people("b1", period), people("cut", period), *PLAN[0])  # type: ignore[operator]


def second(people: object, period: object) -> object:
    return tiers(people("b2", period), people("cut", period), *PLAN[1])  # type: ignore[operator]


def third(people: object, period: object) -> object:
    left = people("b1", period) + people("b2", period) - people("p1", period) - people("p2", period)  # type: ignore[operator]
    return tiers(left, people("cut", period), *PLAN[2])


def exact(b1: object, b2: object, cut: object) -> list[object]:
    """The same in whole fen."""

    def paid(base: object, deductible: int, low: int, high: int) -> object:
        excess = np.maximum(base - deductible, 0)  # type: ignore[operator]
        sums = np.minimum(excess, 10**7) * (low - cut) + np.maximum(excess - 10**7, 0) * (high - cut)  # type: ignore[operator]
        return np.minimum((sums + 5_000) // 10_000, 10**8)

    one, two = paid(b1, 10**6, 6_500, 7_700), paid(b2, 2 * 10**6, 5_500, 6_700)
    return [one, two, paid(b1 + b2 - one - two, 5 * 10**6, 4_500, 4_500)]  # type: ignore[operator]


def main(members: int) -> None:
    rng = np.random.default_rng(7)
    b1 = np.round(np.minimum(rng.lognormal(9.2, 1.5, members), 10**7) * 100).astype(np.int64)
    b2 = (b1 * rng.random(members) * 0.3).astype(np.int64)
    cut = np.where((rng.integers(0, 2, members) == 1) & (rng.integers(0, 3, members) == 0), 1_000, 0)
    system = taxbenefitsystems.TaxBenefitSystem([person])
    for variable in (amount("b1"), amount("b2"), amount("cut"), amount("p1", first), amount("p2", second)):
        system.add_variable(variable)
    system.add_variable(amount("p3", third))
    best, paid = float("inf"), []
    for _ in range(3):
        start = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(system, members)
        for name, values in (("b1", b1 / 100), ("b2", b2 / 100), ("cut", cut / 10_000)):
            simulation.set_input(name, "2022", values)
        paid = [simulation.calculate(name, periods.period("2022")) for name in ("p1", "p2", "p3")]
        best = min(best, time.perf_counter() - start)
    off = np.zeros(members, bool)
    for found, expected in zip(paid, exact(b1, b2, cut), strict=True):
        off |= np.rint(found.astype(np.float64) * 100).astype(np.int64) != expected
    print(f"{members / best:.0f} members/s on yearly totals; {off.mean():.2%} of members off by a fen or more")


if __name__ == "__main__":
    main(int(sys.argv[1]))
