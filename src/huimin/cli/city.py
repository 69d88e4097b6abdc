"""`huimin city`: an invented city, as files."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from huimin.cli.arguments import OK, Commands
from huimin.cli.numbers import day, seed, whole

__all__ = ["add_commands"]

_PEOPLE = 100_000
_NAMES = {
    "top_tenth": "cost of the most expensive tenth of inpatients",
    "stay_one_year": "  of them again in that tenth after a year",
    "stay_four_years": "  of them again in that tenth after four",
    "stay_cost": "cost of a stay",
    "personal_share": "part of it that the person pays",
    "stays": "stays",
    "catastrophic": "households with catastrophic expenditure",
}


def add_commands(commands: Commands) -> None:
    city = commands.add_parser("city", help="an invented city: people, households, illness and bills, as files")
    city.add_argument("--people", type=whole(1, 20_000_000), default=_PEOPLE)
    city.add_argument("--seed", type=seed, default=1)
    city.add_argument("--years", type=whole(1, 20), default=1, metavar="1-20")
    city.add_argument("--first-day", type=day, default=date(2022, 1, 1), metavar="YYYY-MM-DD")
    city.add_argument("--csv", action="store_true", help="CSV in yuan, not Parquet in fen")
    city.add_argument("--out", type=Path, required=True, help="a directory")
    city.set_defaults(command=_city)


def _city(options: argparse.Namespace) -> int:
    from huimin.actuarial.city import build_city  # noqa: PLC0415 - loads arrays
    from huimin.actuarial.city.files import write_city  # noqa: PLC0415
    from huimin.actuarial.outcomes import invented_people  # noqa: PLC0415

    city = build_city(options.people, options.seed)
    described = write_city(city, options.out, options.first_day, options.years, csv=options.csv)
    lines = [
        invented_people("", "en")[0],
        f"{options.out}: {described['people']:,} people in {described['households']:,} households, "
        f"seed {options.seed}. Nobody lives here: people and bills are drawn at random.",
        f"{'':<44}{'found':>10}{'published and its tolerance':>34}",
    ]
    for target in described["targets"]:
        found = f"{target['found']:,.1f}"
        between = f"{target['low']:,.5g} to {target['high']:,.5g} {target['unit']}"
        lines.append(f"{_NAMES[target['name']]:<44}{found:>10}{between:>34}{'' if target['met'] else '  missed'}")
    sys.stdout.write("\n".join(lines) + "\n")
    return OK
