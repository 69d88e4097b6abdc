"""`huimin setup`: a city from nothing to the day on which it opens."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from huimin.cli.arguments import Commands
from huimin.cli.database_trouble import asks_the_database
from huimin.cli.numbers import day, percent, whole
from huimin.errors import InputError

__all__ = ["add_commands"]

_KINDS = ("hospital", "pharmacy", "channel", "bureau")


def add_commands(commands: Commands) -> None:
    setup = commands.add_parser("setup", help="what a city needs before it opens").add_subparsers(required=True)
    city = _action(setup, "city", "open a city on this server", _city)
    _add_names(city)
    city.add_argument("--hotline", default="", help="the telephone number where a person helps residents")
    plan = _action(setup, "plan", "put a plan year on sale; its terms are frozen", _plan)
    plan.add_argument("plan", type=Path, metavar="PLAN.toml")
    plan.add_argument("--sources", type=Path, help="default: sources.toml beside the plan")
    plan.add_argument("--window", type=day, nargs=2, required=True, metavar=("FIRST", "LAST"), help="who may join then")
    longer = _action(setup, "extend", "let everybody join a plan year for longer, by a public notice", _extend)
    longer.add_argument("plan", help="the plan year's id, such as jiangsu/yihuibao-1/2022")
    longer.add_argument("last_day", type=day, metavar="LAST")
    longer.add_argument("--reason", required=True)
    insurer = _action(setup, "insurer", "register an insurer that may have a share", _insurer)
    insurer.add_argument("code", help="such as lead")
    _add_names(insurer)
    shares = _action(setup, "shares", "set the insurers' shares of a plan year from a day on", _shares)
    shares.add_argument("plan", help="the plan year's id, such as jiangsu/yihuibao-1/2022")
    shares.add_argument("shares", nargs="+", metavar="CODE=PERCENT", help="such as lead=50.00; 100 in all")
    shares.add_argument("--lead", required=True, metavar="CODE")
    shares.add_argument("--from", type=day, required=True, dest="from_day", metavar="YYYY-MM-DD")
    client = _action(setup, "client", "give another organisation's system a key; it is printed once", _client)
    client.add_argument("kind", choices=_KINDS)
    client.add_argument("code", help="such as hospital-7")
    _add_names(client)
    invoices = _action(setup, "invoices", "say who issues a plan year's invoices, and with which tax", _invoices)
    invoices.add_argument("plan", help="the plan year, such as jiangsu/yihuibao-1/2022")
    invoices.add_argument("name", help="the insurer's name, as registered with the tax administration")
    invoices.add_argument("credit_code", help="its unified social credit code, 18 characters")
    invoices.add_argument(
        "--tax-rate", type=whole(1, 9_999), help="basis points, such as 600; not given where it is exempt"
    )
    invoices.add_argument("--item", default="*保险服务*健康保险", help="what stands as the item")
    account = _action(setup, "account-area", "let personal accounts of an area pay premiums, by a place's rules", _area)
    account.add_argument("area", help="the area's code")
    account.add_argument("place", help="whose published rules count, such as jiangsu")
    account.add_argument("--from", type=day, required=True, dest="from_day", metavar="YYYY-MM-DD")
    for name, about, command in (
        ("day-off", "declare a day on which the city's offices are closed", _day_off),
        ("worked-day", "declare a day on which they work, whatever the national calendar says", _worked_day),
    ):
        declared = _action(setup, name, about, command)
        declared.add_argument("day", type=day, metavar="YYYY-MM-DD")
        declared.add_argument("--reason", required=True)
    moratorium = _action(setup, "moratorium", "declare days that count for nobody's clock, as after a flood", _pause)
    moratorium.add_argument("first_day", type=day, metavar="FIRST")
    moratorium.add_argument("last_day", type=day, metavar="LAST")
    moratorium.add_argument("--reason", required=True)
    moratorium.add_argument("--take-back", action="store_true", help="the days count again")


def _action(
    setup: Commands, name: str, about: str, command: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = setup.add_parser(name, help=about)
    parser.add_argument("city", help="the city's code")
    parser.set_defaults(command=command)
    return parser


def _add_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="in Chinese")
    parser.add_argument("--name-en", required=True, help="in English")


def _parts(texts: list[str]) -> dict[str, int]:
    """Basis points by insurer. Raises InputError for what is not CODE=PERCENT, or an insurer named twice."""
    found: dict[str, int] = {}
    for text in texts:
        code, equals, share = text.partition("=")
        if not (code and equals):
            raise InputError(f"found the share {text!r}; expected CODE=PERCENT, such as lead=50.00", code="bad_shares")
        if code in found:
            raise InputError(f"found {code} twice; expected each insurer once", code="bad_shares")
        try:
            found[code] = percent(share)
        except argparse.ArgumentTypeError as error:
            raise InputError(f"the share of {code}: {error}", code="bad_shares") from error
    return found


@asks_the_database
def _city(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import open_a_city  # noqa: PLC0415

    return open_a_city(options.city, options.name, options.name_en, options.hotline)


@asks_the_database
def _plan(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import publish  # noqa: PLC0415

    return publish(options.city, options.plan, options.sources, *options.window)


@asks_the_database
def _extend(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import extend  # noqa: PLC0415

    return extend(options.city, options.plan, options.last_day, options.reason)


@asks_the_database
def _insurer(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import add_insurer  # noqa: PLC0415

    return add_insurer(options.city, options.code, options.name, options.name_en)


@asks_the_database
def _shares(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import set_pool_shares  # noqa: PLC0415

    return set_pool_shares(options.city, options.plan, options.lead, options.from_day, _parts(options.shares))


@asks_the_database
def _client(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import add_client  # noqa: PLC0415

    return add_client(options.city, options.kind, options.code, options.name, options.name_en)


@asks_the_database
def _invoices(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import set_invoice_issuer  # noqa: PLC0415

    return set_invoice_issuer(
        options.city, options.plan, options.name, options.credit_code, options.tax_rate, options.item
    )


@asks_the_database
def _area(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import open_account_area  # noqa: PLC0415

    return open_account_area(options.city, options.area, options.place, options.from_day)


@asks_the_database
def _day_off(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import declare  # noqa: PLC0415

    return declare(options.city, options.day, options.reason, worked=False)


@asks_the_database
def _worked_day(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import declare  # noqa: PLC0415

    return declare(options.city, options.day, options.reason, worked=True)


@asks_the_database
def _pause(options: argparse.Namespace) -> int:
    from huimin.platform.setup_commands import suspend_clocks  # noqa: PLC0415

    days = (options.first_day, options.last_day)
    return suspend_clocks(options.city, *days, options.reason, take_back=options.take_back)
