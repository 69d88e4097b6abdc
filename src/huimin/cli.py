"""The `huimin` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

from huimin.adjudication import adjudicate, compile_plan, explain, render
from huimin.batch import adjudicate_files
from huimin.errors import HuiminError, InputError
from huimin.money import parse_yuan
from huimin.settlement import MED_TYPES, Member, Settlement, resolve
from huimin.settlement.member import ANY_GROUP
from huimin.settlement.reading import read_members, read_settlements
from huimin.terms import find_plan, plan_names, summarise
from huimin.terms.loading import LoadedPlan

__all__ = ["main"]

OK, UNUSABLE, REFUSED_ROWS = 0, 2, 3
_FIRST_WIDE_CHARACTER = 0x2E80
"""From here on, the characters of East Asian scripts take two columns of a terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0 for success, 2 for unusable input, 3 when some rows were refused."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except HuiminError as error:
        sys.stderr.write(f"huimin: {error.message}\n")
        return UNUSABLE
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="huimin", description="惠民保, from the first draft of its terms to its last claim."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_adjudicate(commands)
    _add_explain(commands)
    _add_plans(commands)
    _add_platform(commands)
    return parser


def _add_adjudicate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("adjudicate", help="decide every settlement of a file")
    command.add_argument("plan", help="a catalogue name such as jiangsu/yihuibao-1/2022, or the path of a plan file")
    command.add_argument("--members", type=Path, required=True)
    command.add_argument("--settlements", type=Path, required=True)
    command.add_argument("--out", type=Path, required=True, help="directory for decisions, refusals and summary")
    command.add_argument("--engine", choices=["local"], default="local")
    command.set_defaults(command=_adjudicate)


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("explain", help="why the plan pays what it pays on one bill")
    command.add_argument("plan")
    command.add_argument("--language", choices=["zh", "en"], default="zh")
    files = command.add_argument_group("a bill from files")
    files.add_argument("--members", type=Path)
    files.add_argument("--settlements", type=Path)
    files.add_argument("--settlement", metavar="SETL_ID")
    amounts = command.add_argument_group("or one inpatient bill by its amounts, in yuan")
    amounts.add_argument("--self-paid", type=_yuan)
    amounts.add_argument("--self-funded", type=_yuan, default=0)
    amounts.add_argument("--pre-existing", action="store_true")
    amounts.add_argument("--continuous-years", type=int, default=0)
    command.set_defaults(command=_explain)


def _add_plans(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    plans = commands.add_parser("plans", help="the catalogue of plan years").add_subparsers(required=True)
    plans.add_parser("list", help="the catalogue").set_defaults(command=_plans_list)
    show = plans.add_parser("show", help="a plan in plain words")
    show.add_argument("plan")
    show.add_argument("--language", choices=["zh", "en"], default="zh")
    show.set_defaults(command=_plans_show)
    validate = plans.add_parser("validate", help="all faults of a plan file at once")
    validate.add_argument("plan")
    validate.set_defaults(command=_plans_validate)


def _add_platform(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="run the platform")
    serve.add_argument("--demonstration", action="store_true", help="load and serve the demonstration city")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--sandbox-port", type=int, help="default: the port after --port")
    serve.add_argument("--workers", type=int, default=2)
    serve.set_defaults(command=_serve)
    ledger = commands.add_parser("ledger", help="the pool's journal").add_subparsers(required=True)
    verify = ledger.add_parser("verify", help="recompute everything from the facts and compare")
    verify.set_defaults(command=_ledger_verify)


def _yuan(text: str) -> int:
    try:
        return parse_yuan(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.message) from error


def _adjudicate(options: argparse.Namespace) -> int:
    summary = adjudicate_files(find_plan(options.plan), options.members, options.settlements, options.out)
    sys.stdout.write(
        f"{summary.rows_read} rows read: {summary.adjudicated} adjudicated, {summary.cancelled} cancelled, "
        f"{summary.refused} refused; {summary.payable} yuan payable. Results in {options.out}\n"
    )
    return REFUSED_ROWS if summary.refused else OK


def _explain(options: argparse.Namespace) -> int:
    loaded = find_plan(options.plan)
    if options.self_paid is not None:
        setl_id, member, settlements = "bill", *_bill_from_amounts(options, loaded)
    elif options.members and options.settlements and options.settlement:
        setl_id, member, settlements = options.settlement, *_bill_from_files(options)
    else:
        raise InputError("expected --self-paid, or all of --members, --settlements and --settlement")
    program = compile_plan(loaded.plan)
    year = adjudicate(program, member, settlements)
    decision = next((d for d in year.decisions if d.settlement.setl_id == setl_id), None)
    if decision is None:
        refusal = next((r for r in year.refused if r.setl_id == setl_id), None)
        reason = f"{refusal.reason} ({refusal.code})" if refusal else "it was cancelled by a reversal"
        raise InputError(f"settlement {setl_id} is not decided: {reason}")
    names = {benefit.id: benefit.name.in_language(options.language) for benefit in loaded.plan.benefit}
    before = ""
    for line in render(explain(program, decision), names, options.language):
        if line.kind.startswith("part") and not before.startswith("part"):
            # A rule, and below it who bears the bill in all.
            sys.stdout.write("─" * 76 + "\n")
        _print_line(line.kind, line.text, line.amount)
        before = line.kind
    return OK


def _print_line(kind: str, text: str, amount: str) -> None:
    indent = "" if kind in ("bill", "heading", "note") or kind.startswith("part") else "  "
    wide = sum(2 if ord(character) >= _FIRST_WIDE_CHARACTER else 1 for character in indent + text)
    padding = " " * max(1, 62 - wide)
    sys.stdout.write(f"{indent}{text}{padding}{amount:>14}".rstrip() + "\n")


def _bill_from_amounts(options: argparse.Namespace, loaded: LoadedPlan) -> tuple[Member, list[Settlement]]:
    cover = loaded.plan.cover
    member = Member(
        psn_no="member",
        cover_from=cover.first_day,
        cover_to=cover.last_day,
        continuous_years=options.continuous_years,
        pre_existing=frozenset({ANY_GROUP}) if options.pre_existing else frozenset(),
    )
    bill = Settlement(
        setl_id="bill",
        psn_no="member",
        setl_time=datetime.combine(cover.first_day, time()),
        med_type=MED_TYPES["inpatient"],
        amounts={
            "psn_part_amt": options.self_paid + options.self_funded,
            "fulamt_ownpay_amt": options.self_funded,
        },
        admission=cover.first_day,
        discharge=cover.first_day,
    )
    return member, [bill]


def _bill_from_files(options: argparse.Namespace) -> tuple[Member, list[Settlement]]:
    resolution = resolve(read_settlements(options.settlements).settlements)
    every = (*resolution.active, *resolution.cancelled)
    bill = next((s for s in every if s.setl_id == options.settlement), None)
    if bill is None:
        raise InputError(f"{options.settlements}: found no usable settlement {options.settlement!r}")
    members = read_members(options.members)
    if bill.psn_no in members.faulty:
        raise InputError(members.faulty[bill.psn_no])
    if bill.psn_no not in members.members:
        raise InputError(f"{options.members}: found no member {bill.psn_no!r}")
    return members.members[bill.psn_no], [s for s in every if s.psn_no == bill.psn_no]


def _plans_list(_: argparse.Namespace) -> int:
    for name in plan_names():
        plan = find_plan(name).plan
        sys.stdout.write(f"{name}  {plan.name.zh}  {summarise(plan, 'zh').price}\n")
    return OK


def _plans_show(options: argparse.Namespace) -> int:
    words = summarise(find_plan(options.plan).plan, options.language)
    lines = [words.name, words.price, *words.other_prices, words.cover, words.eligibility]
    for benefit in words.benefits:
        lines += ["", benefit.name, f"  {benefit.pays_for}", *(f"  - {term}" for term in benefit.terms)]
    sys.stdout.write("\n".join([*lines, "", *words.good_to_know]) + "\n")
    return OK


def _plans_validate(options: argparse.Namespace) -> int:
    loaded = find_plan(options.plan)
    sys.stdout.write(f"{loaded.plan.id}: no faults. Digest {loaded.digest}\n")
    return OK


def _serve(options: argparse.Namespace) -> int:
    # Django is only loaded for the platform's commands: the evaluator runs without it.
    from huimin.platform.serving import serve  # noqa: PLC0415

    return serve(
        port=options.port,
        sandbox_port=options.sandbox_port or options.port + 1,
        workers=options.workers,
        demonstration=options.demonstration,
    )


def _ledger_verify(_: argparse.Namespace) -> int:
    from huimin.platform.serving import verify_ledger  # noqa: PLC0415

    return verify_ledger()


if __name__ == "__main__":
    sys.exit(main())
