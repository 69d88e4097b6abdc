"""Who joins and stays in an invented city, year after year, and what would stop a spiral."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from huimin.actuarial.city import City
from huimin.actuarial.city.parameters import Parameters
from huimin.actuarial.market import (
    Levers,
    MarketYear,
    Remedy,
    Renewal,
    build_market,
    by_price,
    market_parameters,
    remedies,
    renew,
    spirals,
)
from huimin.actuarial.market.risks import expected_risks
from huimin.actuarial.pages.renewal_page import renewal_page
from huimin.actuarial.studies.grounds import Grounds, grounds_of_city, listed
from huimin.adjudication import compile_plan
from huimin.terms.loading import LoadedPlan

__all__ = ["RenewalAsked", "RenewalStudy", "study_renewal"]


@dataclass(frozen=True, slots=True)
class RenewalAsked:
    """Price in yuan, `take_up` in the first year from 0 to 1. `selection`: None for the usual one."""

    price: float
    take_up: float
    years: int
    rule: Renewal
    levers: Levers
    selection: float | None = None


@dataclass(frozen=True, slots=True)
class RenewalStudy:
    grounds: Grounds
    years: list[MarketYear]
    remedies: list[Remedy]
    by_price: list[tuple[float, float, float]]
    city: City
    parameters: Parameters
    """The market's."""

    def page(self, language: str) -> str:
        told, notice = self.grounds.told(language), self.grounds.notice(language)
        return renewal_page(self.years, self.remedies, self.by_price, told, language, notice)

    def document(self) -> dict[str, Any]:
        return {
            **self.grounds.document(),
            "years": [asdict(one) for one in self.years],
            "spirals": spirals(self.years),
            "remedies": [asdict(one) for one in self.remedies],
            "by_price": self.by_price,
            "parameters": listed((*self.city.parameters, *self.parameters)),
        }


def study_renewal(
    loaded: LoadedPlan, city: City, asked: RenewalAsked, progress: Callable[[int, int], None] = lambda done, of: None
) -> RenewalStudy:
    parameters = market_parameters()
    if asked.selection is not None:
        parameters = parameters.changed(selection=asked.selection)
    risk = expected_risks(city, compile_plan(loaded.plan))
    progress(1, 3)
    market = build_market(city, risk, asked.price, asked.take_up, parameters, city.seed)
    years = renew(market, asked.price, asked.years, asked.rule, asked.levers)
    progress(2, 3)
    tried = remedies(market, asked.price, asked.years, asked.rule, asked.levers)
    curve = by_price(market, asked.price, asked.levers)
    grounds = grounds_of_city(loaded, city, parameters.digest)
    return RenewalStudy(grounds, years, tried, curve, city, parameters)
