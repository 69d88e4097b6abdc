"""Other deductibles, rates, limits and prices of a plan on an invented city: which of them are best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from huimin.actuarial.city import City
from huimin.actuarial.design import Point, Search, relief, search
from huimin.actuarial.design.welfare import Relief
from huimin.actuarial.pages.design_page import design_page
from huimin.actuarial.populations import city_history
from huimin.actuarial.studies.grounds import Grounds, grounds_of_city, listed
from huimin.adjudication import compile_plan
from huimin.terms.loading import LoadedPlan

__all__ = ["DesignStudy", "study_designs"]


@dataclass(frozen=True, slots=True)
class DesignStudy:
    grounds: Grounds
    points: list[Point]
    spared: list[Relief]
    city: City

    def page(self, language: str) -> str:
        return design_page(
            self.points, self.spared, self.grounds.told(language), language, self.grounds.notice(language)
        )

    def document(self) -> dict[str, Any]:
        designs = [asdict(point) for point in self.points]
        return {**self.grounds.document(), "designs": designs, "parameters": listed(self.city.parameters)}


def study_designs(
    loaded: LoadedPlan,
    texts: tuple[str, str],
    city: City,
    asked: Search,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> DesignStudy:
    """`texts`: the plan file and its sources, of which each design is a changed copy."""
    points = search(texts, city, asked, progress)
    program = compile_plan(loaded.plan)
    paid = city_history(city, program).paid(program) / 100
    return DesignStudy(grounds_of_city(loaded, city), points, relief(city, city.year(0), paid), city)
