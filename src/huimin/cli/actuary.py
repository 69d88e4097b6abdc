"""`huimin price` and `huimin reserve`: the actuary's desk at a terminal."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.cli.arguments import OK, Commands, yuan
from huimin.errors import InputError
from huimin.terms import find_plan

if TYPE_CHECKING:
    from huimin.actuarial.pricing import Price
    from huimin.actuarial.triangles import Triangle

__all__ = ["add_commands"]

_CLAUSES = {
    "pre_existing": "without the pre-existing rule",
    "deductible": "every deductible lower by the step",
    "limits": "without limits",
    "exclusions": "without exclusions",
    "waiting": "without waiting periods",
    "points": "without points added or taken",
    "minimum": "without the minimum payment",
    "payers_before": "paying before other payers",
}


def add_commands(commands: Commands) -> None:
    price = commands.add_parser("price", help="what a plan's terms would have cost on last year's bills")
    price.add_argument("plan")
    price.add_argument("--members", type=Path, required=True)
    price.add_argument("--settlements", type=Path, required=True)
    price.add_argument("--trend", type=percent, default=0, metavar="PERCENT", help="on all amounts, before deductibles")
    price.add_argument("--expenses", type=percent, default=0, metavar="PERCENT", help="of the gross premium")
    price.add_argument("--margin", type=percent, default=0, metavar="PERCENT", help="of the gross premium")
    price.add_argument("--deductible-step", type=yuan, default=2_000_00, metavar="YUAN")
    price.add_argument("--out", type=Path, help="a JSON file of everything, with the digests of what went in")
    price.set_defaults(command=_price)
    reserve = commands.add_parser("reserve", help="what is still to be paid, from a run-off triangle (CSV)")
    reserve.add_argument("triangle", type=Path, help="period, then what was paid so far at each age, in yuan")
    reserve.add_argument("--expected", type=yuan, metavar="YUAN", help="of each period: adds Bornhuetter–Ferguson")
    reserve.set_defaults(command=_reserve)


def percent(text: str) -> int:
    """Basis points of a percentage with at most two decimals, below zero too."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, cents = digits.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not cents or (cents.isdigit() and len(cents) <= _DECIMALS))):
        raise argparse.ArgumentTypeError(f"found {text!r}; expected a percentage such as 6 or 6.25")
    return sign * (int(whole) * 100 + int(cents.ljust(_DECIMALS, "0") or 0))


_DECIMALS = 2


def _price(options: argparse.Namespace) -> int:
    from huimin.actuarial.history import read_history  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.pricing import Assumptions, price_plan  # noqa: PLC0415

    assumptions = Assumptions(options.trend, options.expenses, options.margin, options.deductible_step)
    found = price_plan(find_plan(options.plan), read_history(options.members, options.settlements), assumptions)
    _show_price(found)
    if options.out is not None:
        try:
            options.out.write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            raise InputError(f"{options.out}: {error.strerror}", code="unusable_out") from error
    return OK


def _show_price(found: Price) -> None:
    lines = [
        f"{found.plan}: {found.members:,} members, {found.members_paid:,} paid; {found.bills_decided:,} bills decided, "
        f"{found.bills_refused:,} not",
        f"{'yuan a member and year':<44}{'':>10}{'95 % interval':>24}",
    ]
    rows = [(f"  {name}", one) for name, one in found.benefits]
    rows += [("pure premium", found.pure), ("gross premium", found.gross)]
    rows += [(f"  {_CLAUSES[one.clause]}", one.difference) for one in found.clauses]
    for name, one in rows:
        if name == "gross premium" and not (found.assumptions.expenses or found.assumptions.margin):
            continue
        low, high = one.interval
        lines.append(f"{name:<44}{one.value:>10.2f}{f'{low:.2f} to {high:.2f}':>24}")
    sys.stdout.write("\n".join(lines) + "\n")


def _reserve(options: argparse.Namespace) -> int:
    from huimin.actuarial.reserving import bornhuetter_ferguson, chain_ladder  # noqa: PLC0415

    triangle = _triangle(options.triangle)
    found = chain_ladder(triangle)
    prior = None if options.expected is None else [options.expected / 100] * triangle.size
    other = None if prior is None else bornhuetter_ferguson(triangle, prior)
    head = f"{'period':<12}{'paid':>16}{'chain ladder':>16}{'standard error':>16}"
    lines = [head + (f"{'Bornhuetter–Ferguson':>22}" if other else "")]
    for place, name in enumerate(triangle.periods):
        line = (
            f"{name:<12}{triangle.latest[place]:>16,.0f}{found.outstanding[place]:>16,.0f}{found.errors[place]:>16,.0f}"
        )
        lines.append(line + (f"{other.outstanding[place]:>22,.0f}" if other else ""))
    total = f"{'total':<12}{triangle.latest.sum():>16,.0f}{found.total:>16,.0f}{found.total_error:>16,.0f}"
    lines.append(total + (f"{other.total:>22,.0f}" if other else ""))
    sys.stdout.write("\n".join(lines) + "\n")
    return OK


def _triangle(path: Path) -> Triangle:
    from huimin.actuarial.triangles import Triangle  # noqa: PLC0415

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file)][1:]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}", code="unusable_file") from error
    names, amounts = [], []
    for line, row in enumerate(filter(None, rows), 2):
        try:
            names.append(row[0])
            amounts.append([float(cell.replace(",", "")) for cell in row[1:] if cell])
        except ValueError as error:
            raise InputError(f"{path}: line {line}: {error}; expected amounts in yuan", code="bad_amount") from error
    return Triangle.of(names, amounts)
