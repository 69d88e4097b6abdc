"""How the people of a city decide: alone or as a household, by price, risk, income, trust and habit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city import City, Parameters
from huimin.actuarial.city.parameters import parameters_of
from huimin.actuarial.city.streams import stream
from huimin.batch.table.rows import Flags
from huimin.errors import InputError

__all__ = ["Levers", "Market", "build_market", "joined", "market_parameters"]

_LEAST_RISK = 0.05
"""Everybody is assumed to have at least this part of the mean risk."""
_ROUNDS = 30
_FAR = 50.0


@cache
def market_parameters() -> Parameters:
    return parameters_of(files("huimin.actuarial.market").joinpath("parameters.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Levers:
    """`subsidy`: yuan that somebody else pays of everybody's premium; `account`: the personal account may pay."""

    subsidy: float = 0.0
    account: bool = False


@dataclass(frozen=True)
class Market:
    """One row a person. `taste`: lasting log-odds of joining before price, habit and account; `risk` in yuan a year.

    `decides` is the household of those who decide together, and everybody by themself otherwise, counted from 0.
    """

    parameters: Parameters
    risk: Amounts
    taste: Amounts
    employee: Flags
    decides: npt.NDArray[np.int64]
    seed: int

    def __len__(self) -> int:
        return len(self.risk)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """People by decision."""
        return np.bincount(self.decides)


def build_market(
    city: City, risk: Amounts, price: float, take_up: float, parameters: Parameters | None = None, seed: int = 1
) -> Market:
    """People whose take-up of all (0 to 1) is `take_up` at `price` in the first year, without levers or habit.

    Raises InputError (`bad_take_up`, `no_risk`).
    """
    if not 0 < take_up < 1 or price <= 0:
        message = (
            f"found a take-up of {take_up:.0%} at {price:g} yuan; expected one between 0 and 1, at a price above 0"
        )
        raise InputError(message, code="bad_take_up")
    if not risk.mean() > 0:
        raise InputError("the plan is expected to pay nobody anything; expected some risk", code="no_risk")
    given, people = parameters or market_parameters(), city.people
    rng = stream(seed, "market")
    relative = np.log(np.maximum(risk / risk.mean(), _LEAST_RISK))
    home, own = rng.standard_normal(people.households), rng.standard_normal(len(people))
    taste = given.number("selection") * relative
    taste += given.number("income") * np.log(people.income / people.income.mean())
    taste += given.number("attachment") * (home[people.household] + own) / np.sqrt(2)
    together = rng.random(people.households) < given.number("together")
    alone = people.households + np.arange(len(people))
    decides = np.unique(np.where(together[people.household], people.household, alone), return_inverse=True)[1]
    market = Market(given, risk, taste, people.employee, decides, seed)
    return _shifted(market, price, take_up)


def _shifted(market: Market, price: float, take_up: float) -> Market:
    """The market with the constant that gives this take-up, found by bisection."""
    nobody = np.zeros(len(market), np.bool_)
    low, high = -_FAR, _FAR
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        found = joined(market, price, Levers(), nobody, 0, middle).mean()
        low, high = (middle, high) if found < take_up else (low, middle)
    taste = market.taste + high
    return replace(market, taste=taste)


def joined(market: Market, price: float, levers: Levers, before: Flags, year: int, shift: float = 0.0) -> Flags:
    """Who joins at a price. `before`: who was a member last year. A household that decides together uses its mean.

    In each year every decision also has a logistic draw of its own, which is the same for the same seed.
    """
    given = market.parameters
    odds = market.taste + (shift + given.number("price") * max(0.0, price - levers.subsidy))
    odds += given.number("inertia") * before
    if levers.account:
        odds += given.number("account") * market.employee
    means = np.bincount(market.decides, odds) / market.sizes
    passing = stream(market.seed, "choice", year).logistic(size=len(means))
    return np.asarray((means + passing > 0)[market.decides])
