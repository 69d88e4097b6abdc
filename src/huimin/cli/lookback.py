"""`huimin lookback`: a review of a cover year, as a workbook, a page and JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huimin.adjudication import compile_plan
from huimin.cli.arguments import OK, Commands, add_language, say_sheets
from huimin.cli.desk_files import make_directory, write_bytes, write_json, write_text
from huimin.cli.numbers import day, percent, seed, whole, yuan
from huimin.cli.population import add_population, population_of
from huimin.errors import InputError
from huimin.money import BASIS, format_yuan_grouped
from huimin.terms import find_plan
from huimin.terms.model import Plan

if TYPE_CHECKING:
    from huimin.actuarial.lookback import Lookback

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    look = commands.add_parser("lookback", help="review a cover year: actual against expected, reserves, ratios")
    look.add_argument("plan")
    add_population(look)
    look.add_argument("--paid", type=Path, metavar="FILE", help="setl_id and paid_on: when each bill was paid")
    basis = look.add_argument_group("what was expected: the year on which the price was based")
    basis.add_argument("--basis-members", type=Path)
    basis.add_argument("--basis-settlements", type=Path)
    basis.add_argument("--basis-city", type=whole(1, 20_000_000), metavar="PEOPLE")
    basis.add_argument("--basis-seed", type=seed, default=2)
    look.add_argument("--valued-on", type=day, metavar="YYYY-MM-DD", help="default: the last day of cover")
    look.add_argument(
        "--premium",
        type=yuan,
        metavar="YUAN",
        help="mean premium of a member; default: the file's, or the plan's",
    )
    look.add_argument("--expenses", type=percent, default=0, metavar="PERCENT", help="expenses, of the premium")
    look.add_argument("--out", type=Path, required=True, help="a directory")
    add_language(look)
    look.set_defaults(command=_look_back)


def _look_back(options: argparse.Namespace) -> int:
    from huimin.actuarial.lookback import Valuation, claims_of  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.lookback.payments import read_payments  # noqa: PLC0415
    from huimin.actuarial.studies.lookback_study import study_year  # noqa: PLC0415

    loaded = find_plan(options.plan)
    program = compile_plan(loaded.plan)
    year, basis = population_of(options, loaded), population_of(_basis(options), loaded)
    say_sheets(options.paid)
    paid_on = None if options.paid is None else read_payments(options.paid, year.history)
    actual = claims_of(program, year.history, paid_on)
    premium = options.premium if actual.premium is not None else _premium(options, loaded.plan)
    valuation = Valuation(options.valued_on or program.cover_to, premium, options.expenses / BASIS)
    invented = year.grounds.invented or basis.grounds.invented
    study = study_year(loaded, program, year.history, actual, basis.history, valuation, invented=invented)
    make_directory(options.out)
    write_json(options.out / "lookback.json", study.document())
    write_bytes(options.out / "lookback.xlsx", study.workbook(options.language))
    write_text(options.out / "lookback.html", study.page(options.language))
    _show(study.found, options.out, study.notice("en"))
    return OK


def _basis(options: argparse.Namespace) -> argparse.Namespace:
    return argparse.Namespace(
        members=options.basis_members,
        settlements=options.basis_settlements,
        city=options.basis_city,
        seed=options.basis_seed,
    )


def _premium(options: argparse.Namespace, plan: Plan) -> int:
    """Raises InputError (`unknown_price`)."""
    if options.premium is not None:
        return int(options.premium)
    if plan.premium.fen is None or plan.premium.variants:
        message = (
            f"{plan.id} has no single price for all; expected --premium, the mean premium per person, or a column "
            "premium in the members' file"
        )
        raise InputError(message, code="unknown_price")
    return plan.premium.fen


def _show(found: Lookback, out: Path, notice: list[str]) -> None:
    payout = f"none: {found.too_thin}" if found.payout_ratio is None else f"{found.payout_ratio:.2%}"
    paid = "no payments are known" if found.paid is None else format_yuan_grouped(found.paid)
    paid_ratio = "no payments are known" if found.paid_ratio is None else f"{found.paid_ratio:.2%}"
    of_premium = {"premium written": found.written, "premium earned": found.earned}
    of_claims = {
        "decided": format_yuan_grouped(found.decided),
        "paid": paid,
        "outstanding, IBNR included": format_yuan_grouped(found.outstanding),
        "payout ratio (official)": payout,
        "decided ratio (decided ÷ premium written)": f"{found.decided_ratio:.2%}",
        "paid ratio (paid ÷ premium written)": paid_ratio,
        "premium deficiency": format_yuan_grouped(found.deficiency),
    }
    without, reasons = _left_out(found)
    lines = [
        *notice,
        f"{found.plan} on {found.valuation.day}: {found.members:,} members",
        *(f"{name:<44}{format_yuan_grouped(fen):>22}" for name, fen in of_premium.items()),
        *(f"{name:<44}{value:>22}{without}" for name, value in of_claims.items()),
        *reasons,
        f"{out}: lookback.xlsx, lookback.html, lookback.json",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _left_out(found: Lookback) -> tuple[str, list[str]]:
    """What the figures of claims leave out, for their lines, and the reasons, for the lines below."""
    from huimin.actuarial.unpriced import left_out, reason_in_words  # noqa: PLC0415 - loads a compiler

    if not found.left_out:
        return "", []
    reasons = [f"  {one.benefit}: {reason_in_words(one, 'en')}" for one in found.left_out]
    return f"   {left_out(found.left_out, {}, 'en')}", [f"{found.undecided:,} bills are undecided", *reasons]
