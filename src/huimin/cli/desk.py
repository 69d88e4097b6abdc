"""`huimin renew` and `huimin design`: what becomes of a plan over the years, and what other terms would do."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.adjudication import compile_plan
from huimin.cli.arguments import OK, Commands, add_language
from huimin.cli.numbers import percent, real, seed, whole
from huimin.cli.population import notice_of
from huimin.errors import InputError
from huimin.money import BASIS
from huimin.settlement.cells import write_csv
from huimin.terms import find_plan
from huimin.terms.loading import plan_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from huimin.actuarial.design import Point
    from huimin.actuarial.market import MarketYear

__all__ = ["add_commands"]

_PEOPLE = 200_000
_PRICE, _EXPENSES, _SELECTION = real(0, 1_000_000), real(0, 10_000_000_000), real(-10, 10)


def add_commands(commands: Commands) -> None:
    renew = commands.add_parser(
        "renew", help="who joins and stays, at which price, year after year, in a synthetic city"
    )
    _common(renew)
    renew.add_argument("--price", type=_PRICE, required=True, metavar="YUAN", help="of the first year")
    renew.add_argument("--take-up", type=percent, required=True, metavar="PERCENT", help="in the first year")
    renew.add_argument("--years", type=whole(1, 50), default=8)
    renew.add_argument(
        "--target", type=percent, default=8_500, metavar="PERCENT", help="of the premium that pays claims"
    )
    renew.add_argument("--trend", type=percent, default=500, metavar="PERCENT", help="of costs, a year")
    renew.add_argument(
        "--selection", type=real(-10, 10), help="log-odds a unit of log risk; above 0 the sick join more"
    )
    renew.add_argument("--subsidy", type=_PRICE, default=0.0, metavar="YUAN", help="paid by others for everybody")
    renew.add_argument("--account", action="store_true", help="personal accounts may pay")
    renew.set_defaults(command=_renew)
    design = commands.add_parser(
        "design", help="other deductibles, rates, limits and prices: the frontier, as plan files"
    )
    _common(design)
    design.add_argument("--designs", type=whole(1, 100_000), default=200)
    design.add_argument("--expenses", type=percent, default=1_000, metavar="PERCENT", help="of the premium, margin too")
    design.add_argument("--fixed", type=_EXPENSES, default=0.0, metavar="YUAN", help="expenses a year, whoever joins")
    design.set_defaults(command=_design)


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("plan")
    command.add_argument("--city", type=whole(1, 20_000_000), default=_PEOPLE, metavar="PEOPLE")
    command.add_argument("--seed", type=seed, default=1)
    command.add_argument("--out", type=Path, required=True, help="a directory")
    add_language(command)


def _renew(options: argparse.Namespace) -> int:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.market import (  # noqa: PLC0415
        Levers,
        Renewal,
        build_market,
        by_price,
        market_parameters,
        remedies,
        renew,
        spirals,
    )
    from huimin.actuarial.market.risks import expected_risks  # noqa: PLC0415
    from huimin.actuarial.pages.rendering import write_text  # noqa: PLC0415
    from huimin.actuarial.pages.renewal import renewal_page  # noqa: PLC0415

    loaded = find_plan(options.plan)
    city = build_city(options.city, options.seed)
    parameters = market_parameters()
    if options.selection is not None:
        parameters = parameters.changed(selection=options.selection)
    risk = expected_risks(city, compile_plan(loaded.plan))
    market = build_market(city, risk, options.price, options.take_up / BASIS, parameters, options.seed)
    rule, levers = Renewal(options.target / BASIS, options.trend / BASIS), Levers(options.subsidy, options.account)
    years = renew(market, options.price, options.years, rule, levers)
    tried = remedies(market, options.price, options.years, rule, levers)
    curve = by_price(market, options.price, levers)
    said = _said(options, loaded.digest, city.parameters.digest, f"market {parameters.digest}")
    _make(options.out)
    notice = notice_of(loaded.plan.id, options.city)
    sys.stdout.write("\n".join(notice["en"]) + "\n")
    page = renewal_page(years, tried, curve, said, options.language, notice[options.language])
    write_text(options.out / "renewal.html", page)
    document = {
        "notice": notice["en"],
        "said": said,
        "years": [asdict(one) for one in years],
        "spirals": spirals(years),
        "remedies": [asdict(one) for one in tried],
        "by_price": curve,
        "parameters": [{key: value for key, value in asdict(one).items() if value} for one in parameters],
    }
    _write_json(options.out / "renewal.json", document)
    _show_years(years)
    sys.stdout.write("it spirals\n" if spirals(years) else "it does not spiral in these years\n")
    for one in tried:
        last = one.years[-1]
        verdict = "spirals" if spirals(one.years) else "holds"
        found = f"{last.price:>9.0f} yuan, {last.joined:>6.1%} in, cost {last.ratio:.0%} of price in the last year"
        sys.stdout.write(f"  {one.name:<14}{found}: {verdict}\n")
    return OK


def _show_years(years: list[MarketYear]) -> None:
    sys.stdout.write(f"{'year':<6}{'price':>9}{'take-up':>10}{'stayed':>9}{'cost':>9}{'ratio':>8}{'risk':>7}\n")
    for number, one in enumerate(years, 1):
        row = f"{number:<6}{one.price:>9.1f}{one.joined:>10.1%}{one.stayed:>9.0%}{one.cost:>9.1f}{one.ratio:>8.0%}"
        sys.stdout.write(f"{row}{one.relative_risk:>7.2f}\n")


def _design(options: argparse.Namespace) -> int:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.design import Search, relief, search  # noqa: PLC0415
    from huimin.actuarial.pages.design import design_page  # noqa: PLC0415
    from huimin.actuarial.pages.rendering import write_text  # noqa: PLC0415
    from huimin.actuarial.populations import city_history  # noqa: PLC0415

    loaded = find_plan(options.plan)
    texts = _texts(options.plan)
    city = build_city(options.city, options.seed)
    asked = Search(options.designs, options.seed, options.expenses / BASIS, options.fixed)
    points = search(texts, city, asked, _progress())
    program = compile_plan(loaded.plan)
    history = city_history(city, program)
    paid = history.paid(program) / 100
    said = _said(options, loaded.digest, city.parameters.digest)
    _make(options.out)
    spared = relief(city, city.year(0), paid)
    notice = notice_of(loaded.plan.id, options.city)
    write_text(
        options.out / "frontier.html", design_page(points, spared, said, options.language, notice[options.language])
    )
    _write_json(
        options.out / "designs.json",
        {"notice": notice["en"], "said": said, "designs": [asdict(point) for point in points]},
    )
    _write_designs(texts, points, options.out)
    best = sum(point.best for point in points)
    sys.stdout.write("\n".join(notice["en"]) + "\n")
    sys.stdout.write(
        f"{len(points)} designs, {best} on the frontier: {options.out}/frontier.html, designs.csv, plans/\n"
    )
    return OK


def _texts(plan: str) -> tuple[str, str]:
    """Raises InputError (`no_such_plan`)."""
    path = Path(plan)
    if path.is_file():
        return path.read_text("utf-8"), path.with_name("sources.toml").read_text("utf-8")
    return plan_texts(plan)


def _write_designs(texts: tuple[str, str], points: list[Point], out: Path) -> None:
    """designs.csv with all, and the plan files of those on the frontier."""
    from huimin.actuarial.design import variant  # noqa: PLC0415

    try:
        with (out / "designs.csv").open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(file, [_DESIGN], map(_design_row, points))
        for change in {one.change for one in points if one.best}:
            plan, sources = variant(*texts, change)
            home = out / "plans" / change.name
            home.mkdir(parents=True, exist_ok=True)
            (home / "plan.toml").write_text(plan, "utf-8")
            (home / "sources.toml").write_text(sources, "utf-8")
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}", code="unusable_out") from error


_DESIGN = ("design", "price", "pure", "error", "break_even", "averted_of_10000", "on_frontier")


def _design_row(one: Point) -> list[object]:
    even = "" if one.break_even is None else f"{one.break_even:.2f}"
    numbers = [one.price, f"{one.pure:.2f}", f"{one.error:.2f}", even, f"{one.averted:.1f}"]
    return [one.change.name, *numbers, int(one.best)]


def _progress() -> Callable[[int, int], None]:
    begun = time.monotonic()

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            left = (time.monotonic() - begun) / done * (of - done)
            sys.stderr.write(f"\r\x1b[K{done} of {of} designs, about {left:.0f} s left" if done < of else "\r\x1b[K")

    return show


def _said(options: argparse.Namespace, plan: str, city: str, *more: str) -> list[str]:
    people = f"{options.city:,} people that nobody is, seed {options.seed}"
    return [f"{options.plan} {plan}", people, f"city {city}", *more]


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}", code="unusable_out") from error


def _write_json(path: Path, document: object) -> None:
    try:
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", code="unusable_out") from error
