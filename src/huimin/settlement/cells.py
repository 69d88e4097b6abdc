"""Cells that others open: a spreadsheet must never take a text for a formula.

One rule for every writer of cells, CSV and Excel, and its reverse for every reader. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

__all__ = ["neutral", "original", "write_csv"]

_LIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet may run, and one that was made harmless before."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class _Text(Protocol):
    def write(self, text: str, /) -> object: ...


def neutral(text: str) -> str:
    """A text as a cell that no spreadsheet runs: with an apostrophe before it where it looks like a formula.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("-12.50"), neutral("C34.900")
    ("'=1+1", "''=1+1", '-12.50', 'C34.900')
    """
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def original(text: str) -> str:
    """The text that `neutral` was given; other texts as they are.

    >>> original("'=1+1"), original("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if text[:1] == "'" and _LIVE.match(text) else text


def write_csv(file: _Text, *groups: Iterable[Sequence[object]]) -> None:
    """Write rows of texts and numbers as CSV; texts are made harmless."""
    writer = csv.writer(file, lineterminator="\n")
    for rows in groups:
        writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
