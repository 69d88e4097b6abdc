"""Amounts in cells: yuan, or whole fen in a column whose name ends in `_fen`."""

from __future__ import annotations

import re

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan

__all__ = ["parse_amount", "yuan_of_fen"]

_PLAIN = re.compile(r"(\d{1,11})\.(\d{2})", re.ASCII)
"""How nearly all amounts are written. No amount of this form is above LARGEST_FEN."""
_WHOLE = re.compile(r"(-?\d{1,18})(?:\.0+)?", re.ASCII)
_UNIT = " fen"


def yuan_of_fen(text: str) -> str:
    """A cell of whole fen as the same amount in yuan. A cell that is not whole fen comes back with the word fen, so
    that it is never read as yuan.

    >>> yuan_of_fen("3000000"), yuan_of_fen("5.0"), yuan_of_fen("0.5"), yuan_of_fen("")
    ('30000.00', '0.05', '0.5 fen', '')
    """
    if not text:
        return ""
    found = _WHOLE.fullmatch(text)
    return format_yuan(int(found[1])) if found else f"{text}{_UNIT}"


def parse_amount(text: str) -> int:
    """The fen of an amount in yuan, or of a text that yuan_of_fen gave. Raises InputError."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return int(plain[1]) * 100 + int(plain[2])
    if text.endswith(_UNIT):
        raise InputError(f"found {text[:60]!r}; expected whole fen, such as 3000000 for 30,000.00 yuan")
    return parse_yuan(text)
