"""A year of the synthetic city as a history on which plans can be priced."""

from __future__ import annotations

import hashlib

from huimin.actuarial.city import City, CityYear
from huimin.actuarial.city.files import bills_table, members_table
from huimin.actuarial.history import History, history_of_tables
from huimin.adjudication import Program

__all__ = ["city_history"]


def city_history(city: City, program: Program, year: int | CityYear = 0) -> History:
    """All its people as members of the plan year that the program decides.

    The digest is that of the parameters, the seed, the number of people and of the year: what makes the same bytes.
    """
    drawn = city.year(year) if isinstance(year, int) else year
    cover = (program.cover_from, program.cover_to)
    members = members_table(city, drawn, cover, history=program.pre_existing is not None)
    said = f"{city.parameters.digest} {city.seed} {len(city.people)} {drawn.number}"
    return history_of_tables(members, bills_table(drawn, cover[0]), hashlib.sha256(said.encode()).hexdigest())
