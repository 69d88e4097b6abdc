"""A piece of the desk's work from a few numbers to its pages: what a task of the platform does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from huimin.actuarial.city import build_city, measure
from huimin.actuarial.city.files import described
from huimin.actuarial.design import Search, relief, search
from huimin.actuarial.history import read_history
from huimin.actuarial.lookback import Valuation, claims_of, look_back
from huimin.actuarial.lookback.document import lookback_document
from huimin.actuarial.lookback.workbook import write_workbook
from huimin.actuarial.market import Levers, Renewal, build_market, by_price, market_parameters, remedies, renew, spirals
from huimin.actuarial.market.risks import expected_risks
from huimin.actuarial.outcomes import invented_people
from huimin.actuarial.pages.city import city_page
from huimin.actuarial.pages.design import design_page
from huimin.actuarial.pages.lookback import lookback_page
from huimin.actuarial.pages.price import pricing_page
from huimin.actuarial.pages.renewal import renewal_page
from huimin.actuarial.pages.reserve import reserve_page
from huimin.actuarial.populations import city_history
from huimin.actuarial.pricing import Assumptions, price_plan
from huimin.actuarial.reserving import ChainLadder, Reserve, bornhuetter_ferguson, chain_ladder, expected_loss
from huimin.actuarial.triangle_files import triangle_of_text
from huimin.actuarial.triangles import Triangle
from huimin.adjudication import compile_plan
from huimin.errors import InputError
from huimin.terms.loading import LoadedPlan, load_plan_text

__all__ = ["KINDS", "Outcome", "Run", "perform", "reserve_document", "reserves_of"]

Progress = Callable[[int, int], None]
"""(done, of): raises what stops the work, where it is to be stopped."""
LANGUAGES = ("zh", "en")
_MOST_PEOPLE = 1_000_000
_MOST_DESIGNS = 2_000


@dataclass(frozen=True, slots=True)
class Run:
    """`numbers` by name, as the kind of work asks for them; shares are percentages."""

    kind: str
    plan_text: str
    sources_text: str
    people: int
    seed: int
    numbers: Mapping[str, float]
    triangle: str = ""
    """Of a reserve: CSV, or cells of a spreadsheet."""
    files: tuple[Path, Path] | None = None
    """Members and settlements of a year, for work on one."""
    day: date | None = None
    """The last day of which something is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`pages` by language, HTML; `document` for programs."""

    pages: dict[str, str]
    document: dict[str, Any]
    workbooks: dict[str, bytes] = field(default_factory=dict)
    """By language, Excel."""


def perform(run: Run, progress: Progress) -> Outcome:
    """Raises PlanFaults; InputError, where a number cannot be; what `progress` raises."""
    if run.people > _MOST_PEOPLE or run.numbers.get("designs", 0) > _MOST_DESIGNS:
        message = f"found {run.people:,} people; expected at most {_MOST_PEOPLE:,}, and {_MOST_DESIGNS:,} designs"
        raise InputError(message, code="too_much")
    loaded = load_plan_text(run.plan_text, run.sources_text)
    return KINDS[run.kind](run, loaded, progress)


def _said(run: Run, loaded: LoadedPlan, *more: str) -> list[str]:
    return [f"{loaded.plan.id} {loaded.digest}", f"{run.people:,} people that nobody is, seed {run.seed}", *more]


_IN_CHINESE = (
    (r"([0-9,]+) people that nobody is, seed ([0-9]+)", r"\1 个虚构的人，随机种子 \2"),
    (r"([0-9,]+), seed ([0-9]+)", r"\1 人，随机种子 \2"),
    ("^city ", "城市 "),
    ("^market ", "市场 "),
)


def _told(said: list[str], language: str) -> list[str]:
    """Size, seed and digests in the page's language; documents keep the English."""
    if language == "en":
        return said
    found = said
    for english, chinese in _IN_CHINESE:
        found = [re.sub(english, chinese, one) for one in found]
    return found


def _notice(loaded: LoadedPlan) -> dict[str, list[str]]:
    """By language: that the city is invented and uncalibrated, and what the real plan paid."""
    return {one: invented_people(loaded.plan.id, one) for one in LANGUAGES}


def _price(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(run.people, run.seed)
    progress(1, 3)
    history = city_history(city, compile_plan(loaded.plan))
    progress(2, 3)
    trend, expenses, margin = (round(run.numbers[name] * 100) for name in ("trend", "expenses", "margin"))
    found = price_plan(
        loaded,
        history,
        Assumptions(trend, expenses, margin),
        rates=True,
        glm=find_spec("glum") is not None,
        insured=round(run.numbers["insured"]),
        shock=run.numbers["shock"] / 100,
        seed=run.seed,
    )
    said = _said(run, loaded, f"city {city.parameters.digest}")
    notice, names = _notice(loaded), loaded.plan.benefit_names
    pages = {one: pricing_page(found, _told(said, one), one, names(one), notice[one]) for one in LANGUAGES}
    return Outcome(
        pages,
        {"notice": notice["en"], "said": said, "price": asdict(found), "population": described(city, measure(city))},
    )


def _renew(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(run.people, run.seed)
    progress(1, 4)
    risk = expected_risks(city, compile_plan(loaded.plan))
    progress(2, 4)
    parameters = market_parameters().changed(selection=run.numbers["selection"])
    market = build_market(city, risk, run.numbers["price"], run.numbers["take_up"] / 100, parameters, run.seed)
    rule = Renewal(run.numbers["target"] / 100, run.numbers["trend"] / 100)
    levers, years = Levers(run.numbers["subsidy"], bool(run.numbers["account"])), round(run.numbers["years"])
    found = renew(market, run.numbers["price"], years, rule, levers)
    progress(3, 4)
    tried = remedies(market, run.numbers["price"], years, rule, levers)
    curve = by_price(market, run.numbers["price"], levers)
    said = _said(run, loaded, f"city {city.parameters.digest}", f"market {parameters.digest}")
    notice = _notice(loaded)
    document = {
        "notice": notice["en"],
        "said": said,
        "spirals": spirals(found),
        "years": [asdict(one) for one in found],
        "parameters": [asdict(one) for one in (*city.parameters, *parameters)],
    }
    pages = {one: renewal_page(found, tried, curve, _told(said, one), one, notice[one]) for one in LANGUAGES}
    return Outcome(pages, {**document, "remedies": [asdict(one) for one in tried], "by_price": curve})


def _design(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(run.people, run.seed)
    asked = Search(round(run.numbers["designs"]), run.seed, run.numbers["expenses"] / 100, run.numbers["fixed"])
    points = search((run.plan_text, run.sources_text), city, asked, progress)
    program = compile_plan(loaded.plan)
    history = city_history(city, program)
    paid = history.paid(program) / 100
    spared = relief(city, city.year(0), paid)
    said = _said(run, loaded, f"city {city.parameters.digest}")
    notice = _notice(loaded)
    pages = {one: design_page(points, spared, _told(said, one), one, notice[one]) for one in LANGUAGES}
    return Outcome(
        pages,
        {
            "notice": notice["en"],
            "said": said,
            "designs": [asdict(point) for point in points],
            "parameters": [asdict(one) for one in city.parameters],
        },
    )


def _city(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    city = build_city(run.people, run.seed)
    progress(1, 2)
    targets = measure(city)
    said = [f"{run.people:,}, seed {run.seed}", f"city {city.parameters.digest}"]
    notice = _notice(loaded)
    pages = {one: city_page(city, targets, _told(said, one), one, notice[one]) for one in LANGUAGES}
    return Outcome(
        pages,
        {"notice": notice["en"], "said": [*said, f"{loaded.plan.id} {loaded.digest}"], **described(city, targets)},
    )


def _lookback(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    """The year of the files, which say what each member paid, against a synthetic city of `people` as its basis."""
    assert run.files is not None and run.day is not None, "a look-back is of a year's files, on a day"  # noqa: S101
    program = compile_plan(loaded.plan)
    history = read_history(*run.files)
    progress(1, 3)
    basis = city_history(build_city(run.people, run.seed), program)
    progress(2, 3)
    valuation = Valuation(run.day, expenses=run.numbers["expenses"] / 100)
    digests = (("plan", loaded.digest), ("year", history.digest), ("basis", basis.digest))
    found = look_back(program, claims_of(program, history), claims_of(program, basis), valuation, digests)
    pages, books, notice = {}, {}, _notice(loaded)
    for language in LANGUAGES:
        names = loaded.plan.benefit_names(language)
        pages[language] = lookback_page(found, language, names, notice[language])
        book = BytesIO()
        write_workbook(found, book, language, names, notice[language])
        books[language] = book.getvalue()
    return Outcome(pages, {"notice": notice["en"], "said": [loaded.digest], **lookback_document(found)}, books)


def reserves_of(triangle: Triangle, expected: float | None) -> tuple[ChainLadder, list[Reserve]]:
    """By chain ladder; and, where so much (yuan) was expected of each period, by the two methods that rest on it."""
    ladder = chain_ladder(triangle)
    prior = None if expected is None else [expected] * triangle.size
    return ladder, [] if prior is None else [bornhuetter_ferguson(triangle, prior), expected_loss(triangle, prior)]


def reserve_document(triangle: Triangle, ladder: ChainLadder, others: list[Reserve]) -> dict[str, Any]:
    """For programs: yuan by period."""
    methods = {
        one.method: {"ultimate": one.ultimate.tolist(), "outstanding": one.outstanding.tolist(), "total": one.total}
        for one in (ladder, *others)
    }
    return {
        "digest": triangle.digest,
        "periods": list(triangle.periods),
        "paid": [[value for value in row if value == value] for row in triangle.paid.tolist()],  # noqa: PLR0124 - NaN
        "factors": ladder.factors.tolist(),
        "errors": ladder.errors.tolist(),
        "total_error": ladder.total_error,
        "methods": methods,
    }


def _reserve(run: Run, loaded: LoadedPlan, progress: Progress) -> Outcome:
    """Of a triangle of one's own; neither terms nor a city come into it."""
    triangle = triangle_of_text(run.triangle)
    progress(1, 2)
    ladder, others = reserves_of(triangle, run.numbers["expected"] or None)
    said = [f"{triangle.size} × {triangle.size}, {triangle.periods[0]} – {triangle.periods[-1]}", triangle.digest]
    pages = {one: reserve_page(triangle, ladder, others, said, one) for one in LANGUAGES}
    return Outcome(pages, reserve_document(triangle, ladder, others))


KINDS: dict[str, Callable[[Run, LoadedPlan, Progress], Outcome]] = {
    "price": _price,
    "renew": _renew,
    "design": _design,
    "city": _city,
    "lookback": _lookback,
    "reserve": _reserve,
}
