"""The data that a study used: plan, people and parameters, for its page and its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from huimin.actuarial.city import City
from huimin.actuarial.city.parameters import Parameter
from huimin.actuarial.history import History
from huimin.actuarial.outcomes import invented_people
from huimin.terms.loading import LoadedPlan

__all__ = ["LANGUAGES", "Grounds", "grounds_of_city", "grounds_of_files", "listed"]

LANGUAGES = ("zh", "en")
_TOLD = {
    "people": ("{0:,} 个虚构的人，随机种子 {1}", "{0:,} invented people, seed {1}"),
    "city": ("城市参数 {0}", "parameters of the city {0}"),
    "market": ("市场参数 {0}", "parameters of the market {0}"),
    "population": ("参保人和账单 {0}，随机种子 {1}", "members and bills {0}, seed {1}"),
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """`facts`: (what, values), in the order in which they are shown. `invented`: whether the people are invented."""

    plan_id: str
    plan_digest: str
    facts: tuple[tuple[str, tuple[int | str, ...]], ...]
    invented: bool

    def told(self, language: str) -> list[str]:
        place = 1 if language == "en" else 0
        return [
            f"{self.plan_id} {self.plan_digest}",
            *(_TOLD[what][place].format(*given) for what, given in self.facts),
        ]

    def notice(self, language: str) -> list[str]:
        """The warning above every figure of invented people; empty for real people."""
        return invented_people(self.plan_id, language) if self.invented else []

    def document(self) -> dict[str, Any]:
        """What stands first in each document."""
        return {"notice": self.notice("en"), "said": self.told("en")}


def grounds_of_city(loaded: LoadedPlan, city: City, market_digest: str = "") -> Grounds:
    facts: list[tuple[str, tuple[int | str, ...]]] = [("people", (len(city.people), city.seed))]
    facts.append(("city", (city.parameters.digest,)))
    if market_digest:
        facts.append(("market", (market_digest,)))
    return Grounds(loaded.plan.id, loaded.digest, tuple(facts), invented=True)


def grounds_of_files(loaded: LoadedPlan, history: History, seed: int) -> Grounds:
    return Grounds(loaded.plan.id, loaded.digest, (("population", (history.digest, seed)),), invented=False)


def listed(parameters: Iterable[Parameter]) -> list[dict[str, Any]]:
    """Parameters for a document, each without the fields that it leaves empty."""
    return [{key: value for key, value in asdict(one).items() if value} for one in parameters]
