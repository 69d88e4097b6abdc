"""`huimin design`: what other terms would do to a plan; each set of terms is a plan file."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.cli.arguments import OK, Commands
from huimin.cli.desk_files import make_directory, write_json, write_text
from huimin.cli.numbers import percent, real, whole
from huimin.cli.population import add_city
from huimin.errors import InputError
from huimin.money import BASIS
from huimin.settlement.cells import write_csv
from huimin.terms import find_plan
from huimin.terms.loading import plan_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from huimin.actuarial.design import Point

__all__ = ["add_commands"]

_EXPENSES = real(0, 10_000_000_000)


def add_commands(commands: Commands) -> None:
    design = commands.add_parser(
        "design", help="other deductibles, rates, limits and prices: the frontier, as plan files"
    )
    add_city(design)
    design.add_argument("--designs", type=whole(1, 100_000), default=200)
    design.add_argument(
        "--expenses", type=percent, default=1_000, metavar="PERCENT", help="with margin, of the premium"
    )
    design.add_argument("--fixed", type=_EXPENSES, default=0.0, metavar="YUAN", help="expenses a year, whoever joins")
    design.set_defaults(command=_design)


def _design(options: argparse.Namespace) -> int:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.design import Search  # noqa: PLC0415
    from huimin.actuarial.studies.design_study import study_designs  # noqa: PLC0415

    loaded, texts = find_plan(options.plan), _texts(options.plan)
    city = build_city(options.city, options.seed)
    asked = Search(options.designs, options.seed, options.expenses / BASIS, options.fixed)
    study = study_designs(loaded, texts, city, asked, _progress())
    make_directory(options.out)
    write_text(options.out / "frontier.html", study.page(options.language))
    write_json(options.out / "designs.json", study.document())
    _write_designs(texts, study.points, options.out)
    best = sum(point.best for point in study.points)
    sys.stdout.write("\n".join(study.grounds.notice("en")) + "\n")
    sys.stdout.write(
        f"{len(study.points)} designs, {best} on the frontier: {options.out}/frontier.html, designs.csv, plans/\n"
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
