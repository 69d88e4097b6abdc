"""Cells of files that people open in a spreadsheet, which must never run a text as a formula.

One rule for every writer of cells, CSV and Excel, and its reverse for every reader. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Protocol

__all__ = ["csv_pieces", "neutral", "original", "read_csv", "write_csv"]

_ROWS_A_PIECE = 500
_LIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""Matches a text that a spreadsheet may run, and one that was made harmless before."""
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠")
"""The first characters of such texts. Most cells begin with another, so that this test spares them the pattern."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class _Text(Protocol):
    def write(self, text: str, /) -> object: ...


def neutral(text: str) -> str:
    """A text as a cell that no spreadsheet runs: with an apostrophe before it where it looks like a formula.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("-12.50"), neutral("C34.900")
    ("'=1+1", "''=1+1", '-12.50', 'C34.900')
    """
    if text[:1] not in _FIRST or not _LIVE.match(text) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def original(text: str) -> str:
    """The text that `neutral` was given; other texts as they are.

    >>> original("'=1+1"), original("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if text[:1] == "'" and _LIVE.match(text) else text


def write_csv(file: _Text, *groups: Iterable[Sequence[object]]) -> None:
    """Write rows of texts and numbers as CSV; texts are made harmless."""
    plain = csv.writer(file, lineterminator="\n")
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for rows in groups:
        for row in rows:
            cells = [neutral(cell) if isinstance(cell, str) and cell[:1] in _FIRST else cell for cell in row]
            # csv.writer quotes a cell that holds the line end it writes itself, but not one that holds the other kind.
            returns = "\r" in "".join([cell for cell in cells if isinstance(cell, str)])
            (quoted if returns else plain).writerow(cells)


def csv_pieces(rows: Iterable[Sequence[object]], *, before: str = "") -> Iterator[str]:
    """The same as pieces of text of some hundred rows, so that half a million are never in memory.

    `before`: what the first piece begins with, such as a byte order mark.
    """
    left = iter(rows)
    while found := list(islice(left, _ROWS_A_PIECE)):
        piece = StringIO()
        piece.write(before)
        write_csv(piece, found)
        before = ""
        yield piece.getvalue()


def read_csv(lines: Iterable[str]) -> Iterator[list[str]]:
    """Rows that write_csv wrote, with the texts that it was given."""
    for row in csv.reader(lines):
        yield [original(cell) for cell in row]
