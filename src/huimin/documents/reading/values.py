"""Texts of papers as values: an amount is one that is whole, or it is none."""

from __future__ import annotations

import re

from huimin.errors import InputError
from huimin.money import parse_yuan

__all__ = ["NAMED_AMOUNT", "plain", "printed_fen", "written_fen"]

_PRINTED = re.compile(r"[¥￥]?(-?)(\d{1,3}(?:,\d{3})+|\d+)\.(\d{2})", re.ASCII)
NAMED_AMOUNT = re.compile(
    r"([\u4e00-\u9fff][\u4e00-\u9fff（）()、]*)[:：\s]*[¥￥]?(?<![\d,.])(-?[\d,]+\.\d{2})(?![\d,.])"
)
"""A Chinese name and the printed amount that follows it, as remarks and breakdowns have them."""


def printed_fen(text: str) -> int | None:
    """A printed amount to fen; None for anything that does not show both decimals: 3617. may have lost some of them.

    >>> printed_fen("￥6,283.79"), printed_fen("3617."), printed_fen("3617"), printed_fen("62,83.79")
    (628379, None, None, None)
    """
    match = _PRINTED.fullmatch(text.strip())
    return _fen(match.group(1) + match.group(2).replace(",", "") + "." + match.group(3)) if match else None


def written_fen(text: str) -> int | None:
    """An amount of a structured file to fen. Its writer was a program: 3617 and 3617.5 are whole there, 3617. is not.

    >>> written_fen("6283.7900"), written_fen("3617"), written_fen("3617.")
    (628379, 361700, None)
    """
    return _fen(text.strip())


def _fen(text: str) -> int | None:
    try:
        return parse_yuan(text)
    except InputError:
        return None


def plain(text: str) -> str:
    """Text without what cannot be shown or stored, of a length that a field can have."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST]


_LONGEST = 4_000
