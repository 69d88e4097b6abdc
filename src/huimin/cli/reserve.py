"""`huimin reserve`: what is still to be paid of a run-off triangle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.cli.arguments import OK, Commands, add_language, say_sheets
from huimin.cli.desk_files import write_json, write_text
from huimin.cli.numbers import yuan

if TYPE_CHECKING:
    from huimin.actuarial.reserving import ChainLadder, Reserve
    from huimin.actuarial.triangles import Triangle

__all__ = ["add_commands"]

_TRIANGLE = "CSV, Excel or Parquet, in yuan: the period, then the total paid by each age; or origin, age, amount"


def add_commands(commands: Commands) -> None:
    reserve = commands.add_parser("reserve", help="what is still to be paid, from a run-off triangle")
    reserve.add_argument(
        "triangle",
        type=Path,
        help=_TRIANGLE,
    )
    reserve.add_argument(
        "--expected",
        type=yuan,
        metavar="YUAN",
        help="expected claims of each period, for two more methods",
    )
    reserve.add_argument("--out", type=Path, help="a JSON file of everything")
    reserve.add_argument("--page", type=Path, help="an HTML file with plots")
    add_language(reserve)
    reserve.set_defaults(command=_reserve)


def _reserve(options: argparse.Namespace) -> int:
    from huimin.actuarial.studies.reserve_study import study_reserve  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.triangle_files import read_triangle  # noqa: PLC0415

    say_sheets(options.triangle)
    triangle = read_triangle(options.triangle)
    study = study_reserve(triangle, None if options.expected is None else options.expected / 100)
    _show_reserve(triangle, study.ladder, study.others)
    if options.out is not None:
        write_json(options.out, study.document())
    if options.page is not None:
        write_text(options.page, study.page(options.language))
    return OK


def _show_reserve(triangle: Triangle, ladder: ChainLadder, others: list[Reserve]) -> None:
    columns = [triangle.latest, ladder.outstanding, ladder.errors, *(one.outstanding for one in others)]
    heads = ["paid", "chain ladder", "standard error", *(one.method for one in others)]
    widths = [max(16, len(head) + 2) for head in heads]
    sums = [float(triangle.latest.sum()), ladder.total, ladder.total_error, *(one.total for one in others)]
    rows = [(name, [float(column[at]) for column in columns]) for at, name in enumerate(triangle.periods)]
    lines = [f"{'period':<12}" + "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))]
    for name, values in (*rows, ("total", sums)):
        lines.append(
            f"{name:<12}" + "".join(f"{value:>{width},.0f}" for value, width in zip(values, widths, strict=True))
        )
    sys.stdout.write("\n".join(lines) + "\n")
