"""`huimin errors`: what a code of an error or refusal means, and what to do about it."""

from __future__ import annotations

import argparse
import sys

from huimin.cli.arguments import OK, Commands
from huimin.error_catalogue import GROUPS, entry_of, error_catalogue
from huimin.errors import InputError, did_you_mean

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    errors = commands.add_parser("errors", help="what the code of an error or refusal means, and what to do")
    errors.add_argument("code", nargs="?", help="such as uncovered_date; without one, all codes are listed")
    errors.add_argument("--language", choices=("zh", "en"), default="zh")
    errors.set_defaults(command=_tell)


def _tell(options: argparse.Namespace) -> int:
    if options.code is None:
        return _list(options.language)
    entry = entry_of(options.code)
    if entry is None:
        meant = did_you_mean(options.code, error_catalogue())
        message = f"found the code {options.code!r}; expected one that `huimin errors` lists.{meant and ' '}{meant}"
        raise InputError(message, code="unknown_code")
    sys.stdout.write("\n".join(entry.words(options.language)) + "\n")
    return OK


def _list(language: str) -> int:
    group = ""
    for entry in error_catalogue().values():
        if entry.group != group:
            group = entry.group
            sys.stdout.write(f"\n{GROUPS[group][language == 'zh']}\n")
        sys.stdout.write(f"  {entry.code:30}{entry.words(language)[0]}\n")
    return OK
