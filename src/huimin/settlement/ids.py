"""Ids that a spreadsheet has spoilt. They are refused, since two people whose numbers were rounded become one."""

from __future__ import annotations

import re

__all__ = ["SPREADSHEET_ERRORS", "id_fault"]

SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""What a spreadsheet shows in a cell whose formula fails."""
_ROUNDED = re.compile(r"-?\d(?:\.\d+)?[eE]\+\d+|-?\d\.\d+[eE]\d+", re.ASCII)


def id_fault(text: str) -> str | None:
    """What is wrong with an id, or None.

    >>> id_fault("3.20101E+17")
    "found '3.20101E+17', a number that a spreadsheet has rounded; format the column as text and export it again"
    """
    if _ROUNDED.fullmatch(text):
        return f"found {text!r}, a number that a spreadsheet has rounded; format the column as text and export it again"
    if text in SPREADSHEET_ERRORS:
        return f"found {text!r}, an error of a spreadsheet's formula; expected an id"
    return None
