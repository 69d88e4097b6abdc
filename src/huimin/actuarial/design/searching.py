"""The frontier of designs: what each costs, at which take-up it breaks even, how many households it protects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city import City, catastrophic
from huimin.actuarial.design.variants import Change, variant
from huimin.actuarial.history import History
from huimin.actuarial.populations import city_history
from huimin.adjudication import Program, compile_plan
from huimin.errors import InputError
from huimin.terms.loading import load_plan_text

__all__ = ["Point", "Search", "search"]

_FEN = 100.0
_SHARES = np.linspace(0.01, 1.0, 100)
DEDUCTIBLES, POINTS, LIMITS, PRICES = (
    range(5, 21),
    range(-2_000, 2_001, 500),
    (5, 10, 15, 20),
    (100, 110, 120, 135, 150),
)
"""The values tried: tenths of deductibles and limits, points on rates, and percent of the price that pays the
claims.
"""


@dataclass(frozen=True, slots=True)
class Search:
    """`designs` are drawn with `seed`. Expenses: `variable`, share of the premium, margin too; `fixed`, yuan a year.

    `relative_risk`: by take-up (1 % to 100 %), the mean risk of those who join first over that of all.
    """

    designs: int
    seed: int
    variable: float
    fixed: float
    relative_risk: tuple[float, ...] = (1.0,) * 100


@dataclass(frozen=True, slots=True)
class Point:
    """One design at one price (yuan). `pure`: yuan a person with its standard error, all people being members.

    `break_even`: the least take-up at which premiums carry claims and expenses; None: no take-up does. `averted`:
    households of 10,000 that are spared catastrophic expenditure.
    """

    change: Change
    price: int
    pure: float
    error: float
    break_even: float | None
    averted: float
    best: bool = False


def search(
    texts: tuple[str, str], city: City, asked: Search, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[Point]:
    """The points in the order in which they were drawn. `best` marks the frontier: no other point is cheaper, breaks
    even earlier and protects more households.

    Every design is decided exactly. Only people whom the most generous design pays are decided, since no design pays
    the others anything. Raises InputError (`bad_search`).
    """
    if asked.designs < 1 or not 0 <= asked.variable < 1 or asked.fixed < 0:
        message = f"found {asked.designs} designs, {asked.variable:.0%} and {asked.fixed:g} yuan of expenses"
        raise InputError(f"{message}; expected 1 or more, below 100 %, and 0 or more", code="bad_search")
    drawn = city.year(0)
    changes = _drawn(asked)
    generous = _program(texts, Change(min(DEDUCTIBLES), max(POINTS), max(LIMITS)))
    whole = city_history(city, generous, drawn)
    decided = whole.decide(generous)
    paid_ones = np.flatnonzero(whole.by_member(decided, len(generous.benefits)).sum(axis=0))
    history = whole.only(paid_ones, decided)
    before = float(catastrophic(city, drawn).mean())
    known: dict[Change, tuple[float, float, float]] = {}
    points: list[Point] = []
    for done, (change, loaded) in enumerate(changes):
        if change not in known:
            paid = _paid(city, _program(texts, change), history, paid_ones)
            spared = before - float(catastrophic(city, drawn, paid).mean())
            known[change] = float(paid.mean()), float(paid.std()) / sqrt(len(paid)), spared
        pure, error, spared = known[change]
        price = max(1, round(pure / (1 - asked.variable) * loaded / 100))
        carried = _break_even(pure, price, asked, len(city.people))
        points.append(Point(change, price, pure, error, carried, spared * 10_000))
        progress(done + 1, len(changes))
    return _marked(points)


def _drawn(asked: Search) -> list[tuple[Change, int]]:
    """The plan's own terms first, then others as the seed has it, none twice while there are enough."""
    rng = np.random.default_rng(asked.seed)
    every = [
        (Change(deductible, points, limit), price)
        for deductible in DEDUCTIBLES
        for points in POINTS
        for limit in LIMITS
        for price in PRICES
    ]
    own = (Change(), PRICES[0])
    rest = [every[place] for place in rng.permutation(len(every)) if every[place] != own]
    return [own, *rest[: asked.designs - 1]]


def _program(texts: tuple[str, str], change: Change) -> Program:
    return compile_plan(load_plan_text(*variant(*texts, change)).plan)


def _paid(city: City, program: Program, history: History, paid_ones: np.ndarray) -> Amounts:
    """Yuan by person of the city."""
    found = np.zeros(len(city.people))
    found[paid_ones] = history.paid(program) / _FEN
    return found


def _break_even(pure: float, price: int, asked: Search, people: int) -> float | None:
    risk = np.array(asked.relative_risk)
    left = _SHARES * people * (price * (1 - asked.variable) - pure * risk) - asked.fixed
    carried = np.flatnonzero(left >= 0)
    return float(_SHARES[carried[0]]) if len(carried) else None


def _marked(points: Sequence[Point]) -> list[Point]:
    values = np.array([(p.price, 2.0 if p.break_even is None else p.break_even, -p.averted) for p in points])
    found = []
    for place, point in enumerate(points):
        no_worse = (values <= values[place]).all(axis=1) & (values < values[place]).any(axis=1)
        best = point.break_even is not None and not no_worse.any()
        found.append(Point(point.change, point.price, point.pure, point.error, point.break_even, point.averted, best))
    return found
