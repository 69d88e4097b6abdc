"""How close an invented city is to what was published of cities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huimin.actuarial.city import City, measure
from huimin.actuarial.city.files import described
from huimin.actuarial.city.targets import Target
from huimin.actuarial.pages.city_page import city_page
from huimin.actuarial.studies.grounds import Grounds, grounds_of_city
from huimin.terms.loading import LoadedPlan

__all__ = ["CityStudy", "study_city"]


@dataclass(frozen=True, slots=True)
class CityStudy:
    grounds: Grounds
    city: City
    targets: Sequence[Target]

    def page(self, language: str) -> str:
        return city_page(self.city, self.targets, self.grounds.told(language), language, self.grounds.notice(language))

    def document(self) -> dict[str, Any]:
        return {**self.grounds.document(), **described(self.city, self.targets)}


def study_city(loaded: LoadedPlan, city: City) -> CityStudy:
    """`loaded`: the plan whose published outcome is told beside the city's figures."""
    return CityStudy(grounds_of_city(loaded, city), city, measure(city))
