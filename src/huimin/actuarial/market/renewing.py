"""Year after year: who joins, what they cost, what the next price must be; and what would stop a spiral.

Source of the idea: Einav and Finkelstein, Selection in insurance markets (2011); households and habit are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from huimin.actuarial.market.choosing import Levers, Market, joined
from huimin.batch.table.rows import Flags
from huimin.errors import InputError

__all__ = ["MarketYear", "Remedy", "Renewal", "by_price", "remedies", "renew", "spirals"]


@dataclass(frozen=True, slots=True)
class Renewal:
    """How the next price is set: cost of those who joined × (1 + trend) ÷ target, changed by at most `most_change`.

    `target`: share of the premium that pays claims. Shares, not percentages.
    """

    target: float = 0.85
    trend: float = 0.05
    most_change: float = 1.0


NO_LEVERS = Levers()


@dataclass(frozen=True, slots=True)
class MarketYear:
    """`price` and `cost` (of a member) in yuan; `joined` of all; `stayed` of last year's; `ratio` cost ÷ price.

    `relative_risk`: mean risk of the members over that of all people.
    """

    price: float
    joined: float
    stayed: float
    cost: float
    ratio: float
    relative_risk: float


def renew(
    market: Market, first_price: float, years: int, rule: Renewal = Renewal(), levers: Levers = NO_LEVERS
) -> list[MarketYear]:
    """The years from the first price on. Ends early where nobody joins. Raises InputError (`bad_renewal`)."""
    if not (years >= 1 and 0 < rule.target <= 1 and rule.most_change >= 0 and first_price > 0):
        message = (
            f"found {years} years at {first_price:g} yuan with a target of {rule.target:g} and a greatest change of "
        )
        raise InputError(
            f"{message}{rule.most_change:g}; expected 1 or more, above 0, 0 to 1, 0 or more", code="bad_renewal"
        )
    before = np.zeros(len(market), np.bool_)
    mean_risk = float(market.risk.mean())
    found: list[MarketYear] = []
    price = first_price
    for number in range(years):
        now = joined(market, price, levers, before, number)
        if not now.any():
            found.append(MarketYear(price, 0.0, 0.0, 0.0, 0.0, 0.0))
            break
        risk = float(market.risk[now].mean())
        cost = risk * (1 + rule.trend) ** number
        found.append(MarketYear(price, float(now.mean()), _stayed(before, now), cost, cost / price, risk / mean_risk))
        wanted = cost * (1 + rule.trend) / rule.target
        price = float(np.clip(wanted, price * (1 - rule.most_change), price * (1 + rule.most_change)))
        before = now
    return found


def by_price(market: Market, first_price: float, levers: Levers = NO_LEVERS) -> list[tuple[float, float, float]]:
    """(price, take-up, cost ÷ price) of a first year at prices from a third of the first one to three times it."""
    found = []
    nobody = np.zeros(len(market), np.bool_)
    for factor in np.geomspace(1 / 3, 3, 13):
        price = first_price * float(factor)
        now = joined(market, price, levers, nobody, 0)
        if now.any():
            found.append((price, float(now.mean()), float(market.risk[now].mean()) / price))
    return found


def _stayed(before: Flags, now: Flags) -> float:
    return float((before & now).sum() / before.sum()) if before.any() else 0.0


def spirals(years: Sequence[MarketYear], *, kept: float = 0.5) -> bool:
    """Whether members become fewer and sicker every year and fewer than `kept` of the first year's are left at the
    end.
    """
    fewer = all(later.joined < earlier.joined for earlier, later in pairwise(years))
    sicker = years[-1].joined == 0 or years[-1].relative_risk > years[0].relative_risk
    return fewer and sicker and years[-1].joined < kept * years[0].joined


@dataclass(frozen=True, slots=True)
class Remedy:
    """A lever or another rule, and the years under it."""

    name: str
    levers: Levers
    rule: Renewal
    years: list[MarketYear]


def remedies(market: Market, first_price: float, years: int, rule: Renewal, levers: Levers) -> list[Remedy]:
    """Each lever by itself, from the mildest on, to see which of them stops a spiral."""
    tenth = round(first_price / 10)
    tries = [
        ("account", Levers(levers.subsidy, account=True), rule),
        ("slower", levers, Renewal(rule.target, rule.trend, _SLOWLY)),
        ("target", levers, Renewal(min(1.0, rule.target + 0.1), rule.trend, rule.most_change)),
        ("subsidy", Levers(levers.subsidy + tenth, levers.account), rule),
        ("more_subsidy", Levers(levers.subsidy + 3 * tenth, levers.account), rule),
    ]
    return [
        Remedy(name, with_levers, with_rule, renew(market, first_price, years, with_rule, with_levers))
        for name, with_levers, with_rule in tries
    ]


_SLOWLY = 0.05
