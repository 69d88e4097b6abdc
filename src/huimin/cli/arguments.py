"""Arguments that several commands take, and what is made of them."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TypeAlias

from huimin.cli.numbers import AGE, YEARS
from huimin.errors import InputError
from huimin.extras import require
from huimin.settlement import INSUTYPES, Member
from huimin.settlement.member import ANY_GROUP
from huimin.settlement.reading import parse_history
from huimin.terms.loading import LoadedPlan

__all__ = [
    "NOT_ALL_DECIDED",
    "NOT_INSTALLED",
    "OK",
    "UNUSABLE",
    "Commands",
    "add_language",
    "add_member_facts",
    "member_of",
    "say_sheets",
]

OK, UNUSABLE, NOT_ALL_DECIDED, NOT_INSTALLED = 0, 2, 3, 4
"""NOT_ALL_DECIDED: finished, and some rows were refused or some bills are undecided.
NOT_INSTALLED: the command needs an extra that is not installed.
"""
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=["zh", "en"], default="zh")


def add_member_facts(command: argparse.ArgumentParser) -> None:
    facts = command.add_argument_group("the member")
    facts.add_argument("--edition")
    facts.add_argument("--basic-insurance", choices=INSUTYPES)
    facts.add_argument("--age", type=AGE, help="completed years on the first day of cover")
    facts.add_argument("--continuous-years", type=YEARS, default=0)
    facts.add_argument("--claim-free-years", type=YEARS, default=0)
    facts.add_argument(
        "--pre-existing", nargs="?", action="append", const=ANY_GROUP, metavar="GROUP", help="in this group, or in any"
    )
    facts.add_argument(
        "--diagnosed", action="append", metavar="ICD10@DAY", help="an earlier diagnosis, such as C34.900@2019-05-01"
    )


def member_of(options: argparse.Namespace, loaded: LoadedPlan) -> Member:
    """An invented member with the facts that were given."""
    cover = loaded.plan.cover
    editions = [edition.id for edition in loaded.plan.edition]
    if options.edition is not None and options.edition not in editions:
        expected = " or ".join(editions) or "none: this plan has one edition only"
        raise InputError(f"found --edition {options.edition!r}; expected {expected}")
    born = None if options.age is None else date(cover.first_day.year - options.age, 1, 1)
    return Member(
        psn_no="member",
        cover_from=cover.first_day,
        cover_to=cover.last_day,
        birth_date=born,
        insutype=INSUTYPES.get(options.basic_insurance),
        edition=options.edition,
        continuous_years=options.continuous_years,
        claim_free_years=options.claim_free_years,
        pre_existing=frozenset(options.pre_existing or ()),
        diagnosed=parse_history(";".join(options.diagnosed)) if options.diagnosed else None,
    )


def say_sheets(*paths: Path | None) -> None:
    """Say for Excel files with several sheets which sheet was read, and which were not."""
    for path in paths:
        if path is not None and path.suffix.lower() == ".xlsx":
            require("batch", "an Excel file")
            from huimin.batch.files.excel import sheets_of  # noqa: PLC0415 - loads a compiler

            sheets = sheets_of(path)
            if sheets.not_read:
                sys.stderr.write(f"{path}: the sheet {sheets.read} was read; not read: {', '.join(sheets.not_read)}\n")
