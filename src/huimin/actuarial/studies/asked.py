"""Performs a study that is asked for by a few numbers, as the task of the platform's desk does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from huimin.actuarial.city import build_city
from huimin.actuarial.design import Search
from huimin.actuarial.history import read_history
from huimin.actuarial.lookback import Valuation, claims_of
from huimin.actuarial.market import Levers, Renewal
from huimin.actuarial.populations import city_history
from huimin.actuarial.pricing import Assumptions
from huimin.actuarial.studies.city_study import study_city
from huimin.actuarial.studies.design_study import study_designs
from huimin.actuarial.studies.grounds import LANGUAGES, grounds_of_city
from huimin.actuarial.studies.lookback_study import study_year
from huimin.actuarial.studies.pricing_study import study_price
from huimin.actuarial.studies.renewal_study import RenewalAsked, study_renewal
from huimin.actuarial.studies.reserve_study import study_reserve
from huimin.actuarial.triangle_files import triangle_of_text
from huimin.adjudication import compile_plan
from huimin.errors import InputError
from huimin.terms.loading import LoadedPlan, load_plan_text

__all__ = ["KINDS", "AskedStudy", "Outcome", "perform"]

Progress = Callable[[int, int], None]
"""Called with (done, of). It may raise an error to stop the work."""
_MOST_PEOPLE = 1_000_000
_MOST_DESIGNS = 2_000


@dataclass(frozen=True, slots=True)
class AskedStudy:
    """A study with its `numbers` by name, as its kind needs them; shares are percentages."""

    kind: str
    plan_text: str
    sources_text: str
    people: int
    seed: int
    numbers: Mapping[str, float]
    triangle: str = ""
    """Of a reserve: CSV, or cells of a spreadsheet."""
    files: tuple[Path, Path] | None = None
    """Of a look-back: members and settlements of the year."""
    day: date | None = None
    """Of a look-back: the last day of which something is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`pages` by language, HTML; `document` for programs."""

    pages: dict[str, str]
    document: dict[str, Any]
    workbooks: dict[str, bytes] = field(default_factory=dict)
    """By language, Excel."""


class _Done(Protocol):
    def page(self, language: str) -> str: ...

    def document(self) -> dict[str, Any]: ...


def perform(asked: AskedStudy, progress: Progress) -> Outcome:
    """Perform the study. Raises PlanFaults; InputError if a number is out of range; and whatever `progress` raises."""
    if asked.people > _MOST_PEOPLE or asked.numbers.get("designs", 0) > _MOST_DESIGNS:
        message = f"found {asked.people:,} people; expected at most {_MOST_PEOPLE:,}, and {_MOST_DESIGNS:,} designs"
        raise InputError(message, code="too_much")
    loaded = load_plan_text(asked.plan_text, asked.sources_text)
    return KINDS[asked.kind](asked, loaded, progress)


def _outcome(study: _Done) -> Outcome:
    return Outcome({language: study.page(language) for language in LANGUAGES}, study.document())


def _price(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(asked.people, asked.seed)
    progress(1, 3)
    history = city_history(city, compile_plan(loaded.plan))
    progress(2, 3)
    study = study_price(
        loaded,
        history,
        grounds_of_city(loaded, city),
        Assumptions(*(_basis_points(asked.numbers[name]) for name in ("trend", "expenses", "margin"))),
        rates=True,
        glm=find_spec("glum") is not None,
        insured=round(asked.numbers["insured"]),
        shock=asked.numbers["shock"] / 100,
        seed=asked.seed,
        parameters=[*city.parameters],
    )
    return _outcome(study)


def _renew(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city, numbers = build_city(asked.people, asked.seed), asked.numbers
    renewal = RenewalAsked(
        price=numbers["price"],
        take_up=numbers["take_up"] / 100,
        years=round(numbers["years"]),
        rule=Renewal(numbers["target"] / 100, numbers["trend"] / 100),
        levers=Levers(numbers["subsidy"], bool(numbers["account"])),
        selection=numbers["selection"],
    )
    return _outcome(study_renewal(loaded, city, renewal, progress))


def _design(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city, numbers = build_city(asked.people, asked.seed), asked.numbers
    search = Search(round(numbers["designs"]), asked.seed, numbers["expenses"] / 100, numbers["fixed"])
    return _outcome(study_designs(loaded, (asked.plan_text, asked.sources_text), city, search, progress))


def _city(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(asked.people, asked.seed)
    progress(1, 2)
    return _outcome(study_city(loaded, city))


def _lookback(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    """The year of the files, which say what each member paid, against an invented city of `people` as its basis."""
    assert asked.files is not None and asked.day is not None, "a look-back is of a year's files, on a day"  # noqa: S101
    program = compile_plan(loaded.plan)
    history = read_history(*asked.files)
    progress(1, 3)
    basis = city_history(build_city(asked.people, asked.seed), program)
    progress(2, 3)
    valuation = Valuation(asked.day, expenses=asked.numbers["expenses"] / 100)
    study = study_year(loaded, program, history, claims_of(program, history), basis, valuation, invented=True)
    found = _outcome(study)
    return Outcome(found.pages, found.document, {language: study.workbook(language) for language in LANGUAGES})


def _reserve(asked: AskedStudy, loaded: LoadedPlan, progress: Progress) -> Outcome:
    """A reserve for a given triangle. It needs neither terms nor a city."""
    triangle = triangle_of_text(asked.triangle)
    progress(1, 2)
    return _outcome(study_reserve(triangle, asked.numbers["expected"] or None))


def _basis_points(percent: float) -> int:
    return round(percent * 100)


KINDS: dict[str, Callable[[AskedStudy, LoadedPlan, Progress], Outcome]] = {
    "price": _price,
    "renew": _renew,
    "design": _design,
    "city": _city,
    "lookback": _lookback,
    "reserve": _reserve,
}
