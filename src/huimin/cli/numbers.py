"""Numbers and days as arguments. One outside its bounds is refused with a sentence and exit status 2."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from huimin.errors import InputError
from huimin.money import format_percent, parse_percent, parse_yuan
from huimin.settlement.days import parse_day

__all__ = ["AGE", "LARGEST_SEED", "YEARS", "Whole", "day", "percent", "real", "seed", "whole", "yuan"]

Whole: TypeAlias = Callable[[str], int]
LARGEST_SEED = 2**63 - 1
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_REAL = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_SHOWN = 40
_FEWEST_PERCENT, _MOST_PERCENT = -9_999, 100_000
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


def whole(least: int, most: int) -> Whole:
    """A whole number from `least` to `most`."""

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise _refused(text, f"a whole number from {least:,} to {most:,}")
        return int(text)

    return parse


AGE, YEARS, seed = whole(0, 130), whole(0, 130), whole(0, LARGEST_SEED)


def real(least: int, most: int) -> Callable[[str], float]:
    """A number from `least` to `most`; infinity and NaN are refused."""

    def parse(text: str) -> float:
        if not _REAL.fullmatch(text) or not least <= float(text) <= most:
            raise _refused(text, f"a number from {least:,} to {most:,}")
        return float(text)

    return parse


def percent(text: str) -> int:
    """The basis points of a percentage with at most two decimals, which may be below zero."""
    try:
        found = parse_percent(text.removesuffix("%"))
    except InputError as error:
        raise _refused(text, "a percentage such as 6 or 6.25") from error
    if not _FEWEST_PERCENT <= found <= _MOST_PERCENT:
        bounds = f"{format_percent(_FEWEST_PERCENT)} to {format_percent(_MOST_PERCENT)}"
        raise _refused(text, f"a percentage such as 6 or 6.25, from {bounds}")
    return found


def yuan(text: str) -> int:
    """The fen of an amount in yuan that is not negative."""
    try:
        found = parse_yuan(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.message) from error
    if found < 0:
        raise _refused(text, "an amount in yuan that is not negative")
    return found


def day(text: str) -> date:
    """A day from 1900 to 2200."""
    try:
        found = parse_day(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.message) from error
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise _refused(text, f"a day from {_FIRST_DAY} to {_LAST_DAY}")
    return found


def _refused(text: str, expected: str) -> argparse.ArgumentTypeError:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return argparse.ArgumentTypeError(f"found {shown!r}; expected {expected}")
