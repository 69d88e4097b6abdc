"""On whom a plan is priced: members and bills of a year that is over, or the synthetic city."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.cli.arguments import say_sheets
from huimin.cli.numbers import seed, whole
from huimin.errors import InputError

if TYPE_CHECKING:
    from huimin.actuarial.history import History
    from huimin.adjudication import Program

__all__ = ["add_population", "notice_of", "population_of"]


def add_population(command: argparse.ArgumentParser) -> None:
    on = command.add_argument_group("on whom: files of a year, or an invented city")
    on.add_argument("--members", type=Path)
    on.add_argument("--settlements", type=Path)
    on.add_argument("--city", type=whole(1, 20_000_000), metavar="PEOPLE", help="a synthetic city of so many")
    on.add_argument("--seed", type=seed, default=1)


def population_of(options: argparse.Namespace, program: Program) -> History:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.history import read_history  # noqa: PLC0415
    from huimin.actuarial.populations import city_history  # noqa: PLC0415

    files = options.members, options.settlements
    if options.city is not None and files == (None, None):
        return city_history(build_city(options.city, options.seed), program)
    if options.city is None and None not in files:
        say_sheets(*files)
        return read_history(*files)
    raise InputError("expected either --members and --settlements, or --city", code="bad_population")


def notice_of(plan_id: str, *cities: int | None) -> dict[str, list[str]]:
    """By language, what stands above figures of a synthetic city; no sentence where there is none among `cities`."""
    from huimin.actuarial.outcomes import invented_people  # noqa: PLC0415 - reads a file

    no_city = all(city is None for city in cities)
    return {language: [] if no_city else invented_people(plan_id, language) for language in ("zh", "en")}
