"""The `huimin` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from huimin.cli import actuary, bills, city, desk, looking_back, plans, platform
from huimin.cli.arguments import OK, UNUSABLE
from huimin.errors import HuiminError

__all__ = ["main"]


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
    for room in (bills, plans, actuary, looking_back, city, desk, platform):
        room.add_commands(commands)
    return parser
