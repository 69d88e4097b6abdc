"""`huimin plans …` and `huimin quote`: the catalogue, and plans in words, as a schema and as programs."""

from __future__ import annotations

import argparse
import json
import sys

from huimin.adjudication import compile_plan, cover_begins, premium_parts, price_for, program_to_json
from huimin.cli.arguments import OK, Commands, add_language, add_member_facts, member_of
from huimin.cli.numbers import day, yuan
from huimin.errors import InputError
from huimin.money import format_yuan_grouped
from huimin.terms import compare, find_plan, plan_names, plan_schema, summarise

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    plans = commands.add_parser("plans", help="the catalogue of plan years").add_subparsers(
        required=True, metavar="COMMAND"
    )
    plans.add_parser("list", help="the catalogue").set_defaults(command=_list)
    show = plans.add_parser("show", help="a plan in plain words")
    show.add_argument("plan")
    add_language(show)
    show.set_defaults(command=_show)
    difference = plans.add_parser("compare", help="what differs between two plans, in plain words")
    difference.add_argument("before")
    difference.add_argument("after")
    add_language(difference)
    difference.set_defaults(command=_compare)
    validate = plans.add_parser("validate", help="all faults of a plan file at once")
    validate.add_argument("plan")
    validate.set_defaults(command=_validate)
    compiled = plans.add_parser("compile", help="the program that adjudicates the plan, as JSON with integers only")
    compiled.add_argument("plan")
    compiled.set_defaults(command=_compile)
    plans.add_parser("schema", help="the JSON Schema of plan files, for editors").set_defaults(command=_schema)
    quote = commands.add_parser("quote", help="what a plan year costs a member")
    quote.add_argument("plan")
    quote.add_argument("--joins", type=day, metavar="DAY", help="the day of joining: when cover begins")
    quote.add_argument(
        "--personal-account", type=yuan, metavar="YUAN", help="pay from a personal account with this balance"
    )
    add_member_facts(quote)
    quote.set_defaults(command=_quote)


def _list(_: argparse.Namespace) -> int:
    for name in plan_names():
        plan = find_plan(name).plan
        sys.stdout.write(f"{name}  {plan.name.zh}  {summarise(plan, 'zh').price}\n")
    return OK


def _show(options: argparse.Namespace) -> int:
    words = summarise(find_plan(options.plan).plan, options.language)
    frame = words.frame
    lines = [words.name, words.price, *words.other_prices, words.cover, words.eligibility, *frame.joining]
    for benefit in words.benefits:
        lines += ["", benefit.name, f"  {benefit.pays_for}", *(f"  - {term}" for term in benefit.terms)]
    if frame.exclusions:
        lines += ["", _NOT_COVERED[options.language], *(f"  - {line}" for line in frame.exclusions)]
    lines += ["", *frame.history, *frame.pool, *words.good_to_know]
    sys.stdout.write("\n".join(lines).rstrip() + "\n")
    return OK


_NOT_COVERED = {"zh": "不保障的内容", "en": "Not covered"}


def _compare(options: argparse.Namespace) -> int:
    before, after = find_plan(options.before).plan, find_plan(options.after).plan
    differences = compare(before, after, options.language)
    if not differences:
        sys.stdout.write("没有差别。\n" if options.language == "zh" else "No difference.\n")
    heading = None
    for line in differences:
        if line.heading != heading:
            sys.stdout.write(f"{line.heading}\n")
            heading = line.heading
        sys.stdout.write(f"  {line.mark} {line.text}\n")
    return OK


def _validate(options: argparse.Namespace) -> int:
    loaded = find_plan(options.plan)
    sys.stdout.write(f"{loaded.plan.id}: no faults. Digest {loaded.digest}\n")
    return OK


def _compile(options: argparse.Namespace) -> int:
    sys.stdout.write(program_to_json(compile_plan(find_plan(options.plan).plan)) + "\n")
    return OK


def _schema(_: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n")
    return OK


def _quote(options: argparse.Namespace) -> int:
    loaded = find_plan(options.plan)
    plan, member = loaded.plan, member_of(options, loaded)
    price = price_for(plan, member)
    if price is None:
        raise InputError(f"the premium of {plan.id} is not known", code="unknown_terms")
    sys.stdout.write(f"{format_yuan_grouped(price)}\n")
    asked = frozenset({"personal_account"}) if options.personal_account is not None else frozenset()
    parts = premium_parts(plan, member, price, asked, options.personal_account)
    for payer, fen in parts if plan.premium.parts else ():
        sys.stdout.write(f"  {payer}: {format_yuan_grouped(fen)}\n")
    if options.joins is not None:
        sys.stdout.write(f"cover begins on {cover_begins(plan, member, options.joins)}\n")
    return OK
