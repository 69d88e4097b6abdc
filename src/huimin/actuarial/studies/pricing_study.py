"""What a plan costs on a year's members and bills, or on those of an invented city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from huimin.actuarial.city.parameters import Parameter
from huimin.actuarial.history import History
from huimin.actuarial.pages.pricing_page import pricing_page
from huimin.actuarial.pricing import Assumptions, Price, price_plan
from huimin.actuarial.studies.grounds import Grounds, listed
from huimin.terms.loading import LoadedPlan

__all__ = ["PricingStudy", "study_price"]


@dataclass(frozen=True, slots=True)
class PricingStudy:
    loaded: LoadedPlan
    grounds: Grounds
    price: Price
    seed: int
    parameters: Sequence[Parameter]
    """The invented city's; none where the people are real."""

    def page(self, language: str) -> str:
        names = self.loaded.plan.benefit_names(language)
        grounds = self.grounds
        return pricing_page(self.price, grounds.told(language), language, names, grounds.notice(language))

    def document(self) -> dict[str, Any]:
        found = {**self.grounds.document(), **asdict(self.price)}
        return {**found, "seed": self.seed, "parameters": listed(self.parameters)}


def study_price(
    loaded: LoadedPlan,
    history: History,
    grounds: Grounds,
    assumptions: Assumptions,
    *,
    fit: bool = False,
    rates: bool = False,
    glm: bool = False,
    insured: int | None = None,
    shock: float = 0.0,
    seed: int = 1,
    parameters: Sequence[Parameter] = (),
) -> PricingStudy:
    """The arguments are those of `price_plan`, whose errors it raises."""
    price = price_plan(
        loaded, history, assumptions, fit=fit, rates=rates, glm=glm, insured=insured, shock=shock, seed=seed
    )
    return PricingStudy(loaded, grounds, price, seed, parameters)
