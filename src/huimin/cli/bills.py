"""`huimin adjudicate`, `explain` and `calculate`: bills decided, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huimin.adjudication import adjudicate, compile_plan, explain, render
from huimin.cli.arguments import NOT_ALL_DECIDED, OK, Commands, add_language, add_member_facts, member_of, say_sheets
from huimin.cli.leaving_out import leave_out
from huimin.cli.numbers import day, yuan
from huimin.cli.progress import ProgressLine
from huimin.errors import InputError
from huimin.extras import require
from huimin.money import format_yuan
from huimin.settlement import MED_TYPES, Care, Member, Settlement, bill_of_amounts, care_from_row, resolve
from huimin.settlement.care import PLACES, WARDS
from huimin.settlement.record import OTHER_PAYERS
from huimin.terms import find_plan
from huimin.terms.loading import LoadedPlan

if TYPE_CHECKING:
    from huimin.batch import JobSummary

__all__ = ["add_commands"]

_FIRST_WIDE_CHARACTER = 0x2E80
"""From this character on, East Asian characters take two columns of a terminal."""
_WIDTH = 62


def add_commands(commands: Commands) -> None:
    _add_adjudicate(commands)
    _add_account(commands)
    _add_compare(commands)
    _add_explain(commands)
    _add_calculate(commands)


def _add_adjudicate(commands: Commands) -> None:
    command = commands.add_parser("adjudicate", help="decide every settlement of a file")
    _add_files(command)
    command.add_argument("--compare", metavar="PLAN", help="say who would be paid more or less than under this plan")
    command.set_defaults(command=_adjudicate)


def _add_account(commands: Commands) -> None:
    command = commands.add_parser("account", help="decide every settlement of a file, and account for the year")
    _add_files(command)
    command.set_defaults(command=_account)


def _add_compare(commands: Commands) -> None:
    command = commands.add_parser("compare", help="who is paid more or less by one set of decisions than by another")
    results = "the results of a job: their directory, or decisions as CSV or Parquet"
    command.add_argument("before", type=Path, help=results)
    command.add_argument("after", type=Path, help=results)
    command.add_argument("--members", type=Path, required=True, help="CSV, Excel, Parquet or a directory of Parquet")
    command.add_argument("--out", type=Path, required=True, help="directory for comparison.csv")
    command.add_argument(
        "--first-day", type=day, metavar="DAY", help="day of the ages (default: when the first cover begins)"
    )
    command.set_defaults(command=_compare)


def _add_files(command: argparse.ArgumentParser) -> None:
    command.add_argument("plan", help="a catalogue name such as jiangsu/yihuibao-1/2022, or the path of a plan file")
    kinds = "CSV, Excel, Parquet or a directory of Parquet"
    command.add_argument("--members", required=True, help=kinds)
    command.add_argument("--settlements", required=True, help=kinds)
    command.add_argument("--out", required=True, help="directory for decisions, refusals and summary")
    command.add_argument("--engine", choices=["local", "spark"], default="local")
    command.add_argument("--master", metavar="spark://…", help="of a Spark cluster (default: what Spark is set up for)")
    command.add_argument("--memory", metavar="4GB", help="memory for the job; data may be larger (default: 2GB)")


def _add_explain(commands: Commands) -> None:
    command = commands.add_parser("explain", help="why the plan pays what it pays on one settlement of a file")
    command.add_argument("plan")
    add_language(command)
    command.add_argument("--members", type=Path, required=True)
    command.add_argument("--settlements", type=Path, required=True)
    command.add_argument("--settlement", metavar="SETL_ID", required=True)
    command.set_defaults(command=_explain)


def _add_calculate(commands: Commands) -> None:
    command = commands.add_parser("calculate", help="what the plan would pay on one bill, with the steps")
    command.add_argument("plan")
    add_language(command)
    bill = command.add_argument_group("the bill, in yuan")
    bill.add_argument("--self-paid", type=yuan, default=0, help="what the person pays inside the lists")
    bill.add_argument("--self-funded", type=yuan, default=0, help="what the person pays outside the lists")
    bill.add_argument(
        "--item", action="append", metavar="CODE=YUAN", help="a listed drug or item; #indication, #line:2 and so on"
    )
    bill.add_argument("--charity", type=yuan, default=0, help="what a charity has paid of the person's part")
    bill.add_argument("--mutual-aid", type=yuan, default=0, help="what the union's mutual aid has paid of it")
    bill.add_argument("--other-insurance", type=yuan, default=0, help="what another insurance has paid of it")
    bill.add_argument("--day", type=day, help="YYYY-MM-DD; default: the last day of cover")
    bill.add_argument("--admitted", type=day, help="YYYY-MM-DD; default: the same day")
    bill.add_argument("--hospital", help="the institution's code")
    bill.add_argument("--setting", choices=MED_TYPES, default="inpatient")
    bill.add_argument("--hospital-level", type=int, choices=(1, 2, 3))
    bill.add_argument("--place", choices=PLACES)
    bill.add_argument("--ward", choices=WARDS)
    bill.add_argument("--settled", choices=("yes", "no"), help="whether basic insurance settled it")
    bill.add_argument("--accident", choices=("yes", "no"))
    bill.add_argument("--diagnosis", action="append", metavar="ICD10")
    add_member_facts(command)
    command.set_defaults(command=_calculate)


# Only commands that run the job by column load it, because its compiler takes a second to load.


def _adjudicate(options: argparse.Namespace) -> int:
    other = find_plan(options.compare) if options.compare is not None else None
    return _run(options, compare=other)


def _account(options: argparse.Namespace) -> int:
    return _run(options, account=True)


def _compare(options: argparse.Namespace) -> int:
    from huimin.batch import compare_decisions  # noqa: PLC0415

    say_sheets(options.before, options.after, options.members)
    whole, *_ = compare_decisions(options.before, options.after, options.members, options.out, options.first_day)
    before, after, difference = map(format_yuan, (whole.before, whole.after, whole.after - whole.before))
    sys.stdout.write(
        f"{whole.members_more} members are paid more, {whole.members_less} less: {before} yuan before, {after} after, "
        f"a difference of {difference}. Results in {options.out}\n"
    )
    if whole.undecided_before or whole.undecided_after:
        sys.stdout.write(
            f"Undecided bills, whose undecided benefits are in neither sum: {whole.undecided_before} before, "
            f"{whole.undecided_after} after\n"
        )
    return OK


def _run(options: argparse.Namespace, **asked: Any) -> int:
    if options.own_process:
        leave_out("pandas", "scipy")
    if options.engine == "spark":
        require("spark", "the engine spark")
    from huimin.batch import Request, beyond_columns, run  # noqa: PLC0415

    plan, places = find_plan(options.plan), (options.members, options.settlements, options.out)
    asked_of = [plan] if asked.get("compare") is None else [plan, asked["compare"]]
    for what in dict.fromkeys(what for one in asked_of for what in beyond_columns(compile_plan(one.plan))):
        sys.stderr.write(f"Decided one by one, and more slowly, since {what}.\n")
    if options.engine == "spark":
        from huimin.batch.spark.cluster_job import SparkRequest, run_on_spark  # noqa: PLC0415

        return _say(
            run_on_spark(SparkRequest(plan, *places, **asked), master=options.master, say=_say_before), options.out
        )
    memory = None if options.memory is None else _memory(options.memory)
    paths = (Path(places[0]), Path(places[1]), Path(places[2]))
    with ProgressLine(sys.stderr) as line:
        summary = run(Request(plan, *paths, **asked), memory=memory, progress=line.show, say=_say_before)
    return _say(summary, options.out)


def _say_before(sentence: str) -> None:
    """Print a sentence about columns that are missing, before the first bill is decided."""
    sys.stderr.write(f"{sentence}\n")


def _memory(text: str) -> int:
    from huimin.batch import parse_memory  # noqa: PLC0415

    return parse_memory(text)


def _say(summary: JobSummary, out: str) -> int:
    sys.stdout.write(
        f"{summary.rows_read} rows read: {summary.adjudicated} adjudicated, {summary.undecided} undecided, "
        f"{summary.cancelled} cancelled, {summary.refused} refused; {summary.payable} yuan payable"
        f"{_left_out(summary)}. Results in {out}\n"
    )
    for benefit, reasons in summary.undecided_by_benefit.items():
        for reason, bills in reasons.items():
            sys.stdout.write(f"Undecided on {bills} bills: {benefit} ({reason})\n")
    if summary.members_decided_one_by_one:
        sys.stdout.write(f"Members decided one by one: {summary.members_decided_one_by_one}\n")
    for what, ignored in (("members", summary.ignored_member_columns), ("settlements", summary.ignored_columns)):
        if ignored:
            sys.stdout.write(f"Columns of the {what} that were not read: {', '.join(ignored)}\n")
    for what, sheet in summary.sheets.items():
        if sheet["not_read"]:
            not_read = ", ".join(sheet["not_read"])
            sys.stdout.write(f"In the {what} the sheet {sheet['read']} was read; not read: {not_read}\n")
    return NOT_ALL_DECIDED if summary.refused or summary.undecided else OK


def _left_out(summary: JobSummary) -> str:
    """What the sum leaves out, for the sum's own line."""
    names = dict.fromkeys((*summary.undecided_by_benefit, *summary.not_of_bills))
    return f" without {', '.join(names)}" if names else ""


def _explain(options: argparse.Namespace) -> int:
    member, settlements = _from_files(options)
    return _show(options, find_plan(options.plan), member, settlements, options.settlement)


def _calculate(options: argparse.Namespace) -> int:
    loaded = find_plan(options.plan)
    bill = _bill_from_amounts(options, loaded)
    return _show(options, loaded, member_of(options, loaded), [bill], bill.setl_id)


def _show(
    options: argparse.Namespace, loaded: LoadedPlan, member: Member, settlements: list[Settlement], setl_id: str
) -> int:
    program = compile_plan(loaded.plan)
    year = adjudicate(program, member, settlements)
    decision = next((d for d in year.decisions if d.settlement.setl_id == setl_id), None)
    if decision is None:
        refusal = next((r for r in year.refused if r.setl_id == setl_id), None)
        reason = f"{refusal.reason} ({refusal.code})" if refusal else "it was cancelled by a reversal"
        raise InputError(f"settlement {setl_id} is not decided: {reason}")
    names = loaded.plan.names(options.language)
    before = ""
    for line in render(explain(program, decision), names, options.language):
        if line.kind.startswith("part") and not before.startswith("part"):
            # A ruled line, and below it who pays which part of the bill.
            sys.stdout.write("─" * (_WIDTH + 14) + "\n")
        _print_line(line.kind, line.text, line.amount)
        before = line.kind
    return OK


def _print_line(kind: str, text: str, amount: str) -> None:
    whole = kind in ("bill", "heading", "nothing", "note", "beside") or kind.startswith("part")
    indent = "" if whole else "    " if kind == "reason" else "  "
    wide = sum(2 if ord(character) >= _FIRST_WIDE_CHARACTER else 1 for character in indent + text)
    padding = " " * max(1, _WIDTH - wide)
    sys.stdout.write(f"{indent}{text}{padding}{amount:>14}".rstrip() + "\n")


def _bill_from_amounts(options: argparse.Namespace, loaded: LoadedPlan) -> Settlement:
    # The last day of cover by default: waiting periods are over and lists are complete.
    day = options.day or loaded.plan.cover.last_day
    care = Care(
        hospital=options.hospital,
        hospital_level=options.hospital_level,
        place=options.place,
        ward=options.ward,
        settled_by_basic_insurance=_YES_OR_NO[options.settled],
        accident=_YES_OR_NO[options.accident],
        diagnoses=tuple(options.diagnosis) if options.diagnosis else None,
        items=care_from_row({"items": ";".join(options.item)}).items if options.item else None,
    )
    others = (options.mutual_aid, options.charity, options.other_insurance)
    return bill_of_amounts(
        "member",
        day,
        options.self_paid,
        options.self_funded,
        setting=options.setting,
        care=care,
        admission=options.admitted,
        paid_by_others=dict(zip(OTHER_PAYERS, others, strict=True)),
    )


_YES_OR_NO = {None: None, "yes": True, "no": False}


def _from_files(options: argparse.Namespace) -> tuple[Member, list[Settlement]]:
    require("batch", "huimin explain")
    from huimin.batch.files.one_member import bills_around, members_named  # noqa: PLC0415

    say_sheets(options.settlements, options.members)
    resolution = resolve(bills_around(options.settlements, options.settlement))
    every = (*resolution.active, *resolution.cancelled)
    bill = next((s for s in every if s.setl_id == options.settlement), None)
    if bill is None:
        raise InputError(f"{options.settlements}: found no usable settlement {options.settlement!r}")
    members = members_named(options.members, bill.psn_no)
    if bill.psn_no in members.faulty:
        raise InputError(members.faulty[bill.psn_no])
    if bill.psn_no not in members.members:
        raise InputError(f"{options.members}: found no member {bill.psn_no!r}")
    return members.members[bill.psn_no], [s for s in every if s.psn_no == bill.psn_no]
