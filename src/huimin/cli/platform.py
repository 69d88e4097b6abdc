"""`huimin serve`, `work`, `staff`, `ledger`, `seals`, `outbox` and `keys`.

Only these commands load Django; the evaluator runs without it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from huimin.cli.arguments import Commands
from huimin.cli.database_trouble import asks_the_database
from huimin.cli.numbers import whole
from huimin.errors import InputError

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="run the platform")
    serve.add_argument("--demonstration", action="store_true", help="load and serve the demonstration city")
    serve.add_argument("--port", type=whole(1, 65_534), default=8000)
    serve.add_argument("--sandbox-port", type=whole(1, 65_535), help="default: the port after --port")
    serve.add_argument("--workers", type=whole(1, 256), default=2, help="processes that answer requests")
    serve.add_argument("--no-workers", action="store_true", help="only the web: `huimin work` runs elsewhere")
    serve.set_defaults(command=_serve)
    _add_work(commands)
    _add_staff(commands)
    ledger = commands.add_parser("ledger", help="the pool's journal").add_subparsers(required=True)
    verify = ledger.add_parser("verify", help="recompute everything from the facts and compare")
    verify.add_argument(
        "--items", type=Path, metavar="FILE.csv", help="write every open item, and how long it has been open"
    )
    verify.set_defaults(command=_ledger_verify)
    even = ledger.add_parser("even", help="even out rounding between insurers, for the months that are over")
    even.set_defaults(command=_ledger_even)
    second = ledger.add_parser("second-person", help="set the amount above which a finding needs a second person")
    second.add_argument("city", help="the city's code")
    second.add_argument("yuan", help="such as 50000.00; the audit keeps it and the earlier amount")
    second.add_argument("--reason", default="", help="why it is raised: another person has to agree and sees it")
    second.set_defaults(command=_ledger_second_person)
    outbox = commands.add_parser("outbox", help="messages that could not be delivered").add_subparsers(required=True)
    outbox.add_parser("list", help="the same as `work list`").set_defaults(command=_work_list, view="failed", kind="")
    again = outbox.add_parser("again", help="the same as `work retry`")
    _add_task(again, _work_retry)
    seals = commands.add_parser("seals", help="check that records are as they were sealed").add_subparsers(
        required=True
    )
    sealed = seals.add_parser("verify", help="compare every row with its seal, and each chain with its kept head")
    sealed.add_argument("--heads", type=Path, help="a file of lines that `huimin seals head` printed earlier")
    sealed.set_defaults(command=_seals_verify)
    head = seals.add_parser("head", help="print the end of each chain, to be kept where this machine cannot write")
    head.set_defaults(command=_seals_head)
    keys = commands.add_parser("keys", help="keys that parties outside need").add_subparsers(required=True)
    show = keys.add_parser("show", help="print the key that a party outside signs and checks with")
    show.add_argument("purpose", help="payment-request, payment-notice, message-gateway or bureau")
    show.set_defaults(command=_keys_show)
    sandbox = keys.add_parser("demonstration", help="print a demonstration city's client keys, to try the API out")
    sandbox.add_argument("client", nargs="?", default="", help="such as hospital-1 or channel-1; default: all of them")
    where = os.environ.get("HUIMIN_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
    sandbox.add_argument("--address", default=where, help="where the city is served; default: HUIMIN_PUBLIC_ADDRESS")
    sandbox.set_defaults(command=_keys_demonstration)


def _add_work(commands: Commands) -> None:
    work = commands.add_parser("work", help="do the work of the queue, beside `huimin serve --no-workers`")
    work.add_argument("--messages", type=whole(0, 64), default=1, help="processes that deliver messages")
    work.add_argument("--jobs", type=whole(0, 64), default=2, help="processes for all other work")
    work.set_defaults(command=_work)
    actions = work.add_subparsers()
    listing = actions.add_parser("list", help="the state of the queue and what failed; exit status 1 if anything did")
    listing.add_argument("--view", choices=("failed", "open", "done", "cancelled"), default="failed")
    listing.add_argument("--kind", default="", help="one kind of work, as `list` names it")
    listing.set_defaults(command=_work_list)
    _add_task(actions.add_parser("retry", help="try a task again that failed or was cancelled"), _work_retry)
    _add_task(actions.add_parser("cancel", help="cancel a task that waits or is being done"), _work_cancel)


def _add_staff(commands: Commands) -> None:
    actions = commands.add_parser("staff", help="the roles of a city's staff").add_subparsers(required=True)
    listing = actions.add_parser("list", help="print a city's staff with their roles")
    listing.add_argument("city", help="the city's code")
    listing.set_defaults(command=_staff_list)
    giving = actions.add_parser("give", help="give a user another role; a new user gets an account")
    taking = actions.add_parser("take", help="take a role back")
    for one, command in ((giving, _staff_give), (taking, _staff_take)):
        one.add_argument("city", help="the city's code")
        one.add_argument("user", help="the name with which they log in")
        one.add_argument("role", help="handler, approver, insurer, bureau, administrator or account_agency")
        one.set_defaults(command=command)
    giving.add_argument("--insurer", default="", metavar="CODE", help="the company's code, for the role insurer")
    areas = "of the role account_agency: the codes of the areas whose lists the person works on"
    giving.add_argument("--areas", default=(), nargs="+", metavar="CODE", help=areas)


@asks_the_database
def _staff_list(options: argparse.Namespace) -> int:
    from huimin.platform.staff_commands import list_staff  # noqa: PLC0415

    return list_staff(options.city)


@asks_the_database
def _staff_give(options: argparse.Namespace) -> int:
    from huimin.platform.staff_commands import give  # noqa: PLC0415

    return give(options.city, options.user, options.role, options.insurer, options.areas)


@asks_the_database
def _staff_take(options: argparse.Namespace) -> int:
    from huimin.platform.staff_commands import take  # noqa: PLC0415

    return take(options.city, options.user, options.role)


def _add_task(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("city", help="the city's code")
    parser.add_argument("task", type=whole(1, 2**63 - 1), help="its number, as `list` shows it")
    parser.set_defaults(command=command)


def _serve(options: argparse.Namespace) -> int:
    from huimin.platform.serving import serve  # noqa: PLC0415

    return serve(
        port=options.port,
        sandbox_port=options.sandbox_port or options.port + 1,
        workers=options.workers,
        demonstration=options.demonstration,
        helpers=not options.no_workers,
    )


@asks_the_database
def _seals_verify(options: argparse.Namespace) -> int:
    from huimin.platform.commands import verify_all_seals  # noqa: PLC0415

    if options.heads is not None and not options.heads.is_file():
        raise InputError(f"{options.heads}: no such file", code="no_such_file")
    return verify_all_seals(options.heads)


@asks_the_database
def _seals_head(_: argparse.Namespace) -> int:
    from huimin.platform.commands import print_heads  # noqa: PLC0415

    return print_heads()


def _keys_show(options: argparse.Namespace) -> int:
    from huimin.platform.commands import show_key  # noqa: PLC0415

    return show_key(options.purpose.replace("-", " "))


@asks_the_database
def _keys_demonstration(options: argparse.Namespace) -> int:
    from huimin.platform.commands import show_demonstration_keys  # noqa: PLC0415

    return show_demonstration_keys(options.client, options.address)


def _work(options: argparse.Namespace) -> int:
    from huimin.platform.serving import work  # noqa: PLC0415

    return work(messages=options.messages, jobs=options.jobs)


@asks_the_database
def _work_list(options: argparse.Namespace) -> int:
    from huimin.platform.commands import list_tasks  # noqa: PLC0415

    return list_tasks(options.view, options.kind)


@asks_the_database
def _work_retry(options: argparse.Namespace) -> int:
    from huimin.platform.commands import retry  # noqa: PLC0415

    return retry(options.city, options.task)


@asks_the_database
def _work_cancel(options: argparse.Namespace) -> int:
    from huimin.platform.commands import cancel  # noqa: PLC0415

    return cancel(options.city, options.task)


@asks_the_database
def _ledger_even(_: argparse.Namespace) -> int:
    from huimin.platform.commands import even_out  # noqa: PLC0415

    return even_out()


@asks_the_database
def _ledger_second_person(options: argparse.Namespace) -> int:
    from huimin.platform.commands import set_second_person  # noqa: PLC0415

    return set_second_person(options.city, options.yuan, options.reason)


@asks_the_database
def _ledger_verify(options: argparse.Namespace) -> int:
    from huimin.platform.books import verify_ledger  # noqa: PLC0415

    return verify_ledger(options.items)
