"""The `huimin` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from huimin import __version__
from huimin.cli import (
    bills,
    city,
    design,
    documents,
    error_codes,
    lookback,
    plans,
    platform,
    price,
    renew,
    reserve,
    setup,
)
from huimin.cli.arguments import NOT_INSTALLED, OK, UNUSABLE
from huimin.cli.parsing import Parser
from huimin.errors import HuiminError
from huimin.extras import MissingExtra, of_missing_module

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit status.

    0 for success, 2 for unusable input, 3 when some rows were refused, 4 when the command needs an extra that is not
    installed.
    """
    options = _parser().parse_args(arguments, argparse.Namespace(own_process=arguments is None))
    try:
        return int(options.command(options))
    except HuiminError as error:
        return _refuse(error)
    except ModuleNotFoundError as error:
        missing = of_missing_module(error)
        if missing is None:
            raise
        return _refuse(missing)
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        return 130


def _refuse(error: HuiminError) -> int:
    sys.stderr.write(f"huimin: {error.message} [{error.code}]\n")
    return NOT_INSTALLED if isinstance(error, MissingExtra) else UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="huimin", description="惠民保, from the first draft of its terms to its last claim.")
    parser.add_argument("--version", action="version", version=f"huimin {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for room in (bills, plans, price, reserve, lookback, city, renew, design, documents, platform, setup, error_codes):
        room.add_commands(commands)
    return parser
