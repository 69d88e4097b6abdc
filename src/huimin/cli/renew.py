"""`huimin renew`: how a plan develops over the years."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from huimin.cli.arguments import OK, Commands
from huimin.cli.desk_files import make_directory, write_json, write_text
from huimin.cli.numbers import percent, real, whole
from huimin.cli.population import add_city
from huimin.money import BASIS
from huimin.terms import find_plan

if TYPE_CHECKING:
    from huimin.actuarial.market import MarketYear
    from huimin.actuarial.studies.renewal_study import RenewalStudy

__all__ = ["add_commands"]

_PRICE = real(0, 1_000_000)


def add_commands(commands: Commands) -> None:
    renew = commands.add_parser(
        "renew", help="who joins and stays, at which price, year after year, in a synthetic city"
    )
    add_city(renew)
    renew.add_argument("--price", type=_PRICE, required=True, metavar="YUAN", help="price in the first year")
    renew.add_argument("--take-up", type=percent, required=True, metavar="PERCENT", help="take-up in the first year")
    renew.add_argument("--years", type=whole(1, 50), default=8)
    renew.add_argument(
        "--target", type=percent, default=8_500, metavar="PERCENT", help="part of the premium that pays claims"
    )
    renew.add_argument("--trend", type=percent, default=500, metavar="PERCENT", help="growth of costs a year")
    renew.add_argument(
        "--selection", type=real(-10, 10), help="log-odds per unit of log risk; above 0 the sick join more"
    )
    renew.add_argument("--subsidy", type=_PRICE, default=0.0, metavar="YUAN", help="paid by others of each premium")
    renew.add_argument("--account", action="store_true", help="members may pay from their personal accounts")
    renew.set_defaults(command=_renew)


def _renew(options: argparse.Namespace) -> int:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads a compiler
    from huimin.actuarial.market import Levers, Renewal  # noqa: PLC0415
    from huimin.actuarial.studies.renewal_study import RenewalAsked, study_renewal  # noqa: PLC0415

    asked = RenewalAsked(
        price=options.price,
        take_up=options.take_up / BASIS,
        years=options.years,
        rule=Renewal(options.target / BASIS, options.trend / BASIS),
        levers=Levers(options.subsidy, options.account),
        selection=options.selection,
    )
    study = study_renewal(find_plan(options.plan), build_city(options.city, options.seed), asked)
    make_directory(options.out)
    write_text(options.out / "renewal.html", study.page(options.language))
    write_json(options.out / "renewal.json", study.document())
    _show(study)
    return OK


def _show(study: RenewalStudy) -> None:
    from huimin.actuarial.market import spirals  # noqa: PLC0415 - loads a compiler

    sys.stdout.write("\n".join(study.grounds.notice("en")) + "\n")
    _show_years(study.years)
    sys.stdout.write("it spirals\n" if spirals(study.years) else "it does not spiral in these years\n")
    for one in study.remedies:
        last = one.years[-1]
        verdict = "spirals" if spirals(one.years) else "holds"
        found = f"{last.price:>9.0f} yuan, {last.joined:>6.1%} in, cost {last.ratio:.0%} of price in the last year"
        sys.stdout.write(f"  {one.name:<14}{found}: {verdict}\n")


def _show_years(years: list[MarketYear]) -> None:
    sys.stdout.write(f"{'year':<6}{'price':>9}{'take-up':>10}{'stayed':>9}{'cost':>9}{'ratio':>8}{'risk':>7}\n")
    for number, one in enumerate(years, 1):
        row = f"{number:<6}{one.price:>9.1f}{one.joined:>10.1%}{one.stayed:>9.0%}{one.cost:>9.1f}{one.ratio:>8.0%}"
        sys.stdout.write(f"{row}{one.relative_risk:>7.2f}\n")
