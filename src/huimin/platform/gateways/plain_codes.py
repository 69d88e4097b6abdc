"""Codes and numbers that a party outside gives out, as texts that columns and keys can hold."""

from __future__ import annotations

from huimin.errors import InputError

__all__ = ["plain_code"]

_SHOWN = 80


def plain_code(value: object, most: int) -> str:
    """Text without blanks and control characters. Raises InputError for anything else, or more than `most`."""
    text = value if isinstance(value, str) else ""
    if not 1 <= len(text) <= most or not text.isascii() or not text.isprintable() or " " in text:
        raise InputError(f"found {str(value)[:_SHOWN]!r}; expected 1 to {most} ASCII characters without blanks")
    return text
