"""The population on which a plan is priced: members and bills of a past year, or an invented city."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.adjudication import compile_plan
from huimin.cli.arguments import add_language, say_sheets
from huimin.cli.numbers import seed, whole
from huimin.errors import InputError
from huimin.terms.loading import LoadedPlan

if TYPE_CHECKING:
    from huimin.actuarial.city.parameters import Parameter
    from huimin.actuarial.history import History
    from huimin.actuarial.studies.grounds import Grounds

__all__ = ["Population", "add_city", "add_population", "population_of"]

_PEOPLE = 200_000


@dataclass(frozen=True, slots=True)
class Population:
    history: History
    grounds: Grounds
    parameters: Sequence[Parameter] = ()
    """The notices of the invented city; empty for files."""


def add_population(command: argparse.ArgumentParser) -> None:
    on = command.add_argument_group("the population: files of a year, or an invented city")
    on.add_argument("--members", type=Path)
    on.add_argument("--settlements", type=Path)
    on.add_argument("--city", type=whole(1, 20_000_000), metavar="PEOPLE", help="an invented city of this many people")
    on.add_argument("--seed", type=seed, default=1)


def add_city(command: argparse.ArgumentParser) -> None:
    command.add_argument("plan")
    command.add_argument("--city", type=whole(1, 20_000_000), default=_PEOPLE, metavar="PEOPLE")
    command.add_argument("--seed", type=seed, default=1)
    command.add_argument("--out", type=Path, required=True, help="a directory")
    add_language(command)


def population_of(options: argparse.Namespace, loaded: LoadedPlan) -> Population:
    """Raises InputError: `bad_population`, and those of the files."""
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.history import read_history  # noqa: PLC0415
    from huimin.actuarial.populations import city_history  # noqa: PLC0415
    from huimin.actuarial.studies.grounds import grounds_of_city, grounds_of_files  # noqa: PLC0415

    files = options.members, options.settlements
    if options.city is not None and files == (None, None):
        city = build_city(options.city, options.seed)
        history = city_history(city, compile_plan(loaded.plan))
        return Population(history, grounds_of_city(loaded, city), [*city.parameters])
    if options.city is None and None not in files:
        say_sheets(*files)
        history = read_history(*files)
        return Population(history, grounds_of_files(loaded, history, options.seed))
    raise InputError("expected either --members and --settlements, or --city", code="bad_population")
