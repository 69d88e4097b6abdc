"""A parser that answers a mistyped command, option or choice with the one probably meant.

Python 3.14's argparse suggests commands and choices by itself, but no options.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from huimin.errors import did_you_mean

__all__ = ["Parser"]

_CODE = "bad_usage"


class Parser(argparse.ArgumentParser):
    """A parser with suggestions. Parsers of subcommands have this class too, since argparse uses the class of their
    parent.
    """

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse the arguments. Unknown options are refused before missing ones are reported."""
        if args is not None:
            for option in self._own_options(args):
                self._check_option(option)
        return super().parse_known_args(args, namespace)

    def _own_options(self, args: Sequence[str]) -> Iterator[str]:
        """The long options that are meant for this parser: those before a subcommand, and none after `--`."""
        has_commands = any(isinstance(action, argparse._SubParsersAction) for action in self._actions)
        for argument in args:
            if argument == "--" or (has_commands and not argument.startswith("-")):
                return
            if argument.startswith("--") and " " not in argument:
                yield argument.partition("=")[0]

    def _check_option(self, option: str) -> None:
        # argparse accepts an unambiguous beginning of an option.
        known = [name for name in self._option_string_actions if name.startswith("--")]
        if not any(name.startswith(option) for name in known):
            meant = did_you_mean(option, known) or f"`{self.prog} --help` lists the options."
            self.error(f"found {option}, which is not an option of `{self.prog}`. {meant}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        meant = did_you_mean(str(value), choices)
        said = f"found {str(value)!r}. {meant} " if meant else f"found {str(value)!r}. "
        raise argparse.ArgumentError(action, f"{said}Expected one of: {', '.join(choices)}")

    def error(self, message: str) -> NoReturn:
        """As argparse's own, with a code, since every refusal of the command has one."""
        super().error(f"{message} [{_CODE}]")
