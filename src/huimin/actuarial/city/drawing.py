"""The city as a whole: its people, and any of its years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from huimin.actuarial.arrays import Amounts
from huimin.actuarial.city.care import Care, other_care, payment_delays, year_of_care
from huimin.actuarial.city.funding import fund
from huimin.actuarial.city.illness import Health, first_health, next_health
from huimin.actuarial.city.parameters import Parameters, standard_parameters
from huimin.actuarial.city.people import People, draw_people
from huimin.batch.table.rows import Integers
from huimin.errors import InputError

__all__ = ["FEWEST", "MOST", "City", "CityYear", "build_city"]

FEWEST, MOST = 1_000, 20_000_000
"""The fewest and the most people of a city: with fewer the targets mean nothing, and more do not fit into memory."""


@dataclass(frozen=True)
class CityYear:
    """`amounts`: fen of each bill of `care`, by national field. `other`: yuan each person paid for other care."""

    number: int
    health: Health
    care: Care
    amounts: dict[str, Integers]
    other: Amounts
    delays: Integers
    """Days from settlement to the plan's payment."""


@dataclass(frozen=True)
class City:
    """Two cities with the same seed, size and parameter digest are equal to the last fen."""

    parameters: Parameters
    seed: int
    people: People

    @cached_property
    def _health(self) -> list[Health]:
        return [first_health(self.parameters, self.people, self.seed)]

    def health(self, year: int) -> Health:
        while len(self._health) <= year:
            number = len(self._health)
            self._health.append(next_health(self.parameters, self.people, self._health[-1], self.seed, number))
        return self._health[year]

    def year(self, number: int) -> CityYear:
        """A year of the city, counted from 0. Nobody grows older: a person who leaves is replaced by a newcomer of the
        same age and sex.
        """
        health = self.health(number)
        care = year_of_care(self.parameters, self.people, health, self.seed, number)
        amounts = fund(self.parameters, self.people, care, self.seed, number)
        other = other_care(self.parameters, health, self.seed, number)
        delays = payment_delays(self.parameters, len(care), self.seed, number)
        return CityYear(number, health, care, amounts, other, delays)


def build_city(people: int, seed: int, parameters: Parameters | None = None) -> City:
    """Draw the people of a city. Raises InputError (`bad_size`)."""
    if not FEWEST <= people <= MOST:
        message = (
            f"found a city of {people:,} people; expected {FEWEST:,} to {MOST:,}: fewer say nothing of a year's cost"
        )
        raise InputError(message, code="bad_size")
    given = parameters or standard_parameters()
    return City(given, seed, draw_people(given, people, seed))
