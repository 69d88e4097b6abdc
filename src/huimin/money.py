"""Money is whole fen, rates are whole basis points, and rounding has a name.

This is the only module where yuan become fen and percent become basis points. No float is accepted anywhere: an `int`
is an amount in fen (1 yuan = 100 fen) or a rate in basis points (1 % = 100 basis points).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from huimin.errors import InputError

__all__ = [
    "BASIS",
    "LARGEST_FEN",
    "divide_half_up",
    "format_percent",
    "format_yuan",
    "format_yuan_grouped",
    "parse_percent",
    "parse_yuan",
    "share_out",
]

BASIS = 10_000
"""Basis points in one whole: a rate of 65 % is 6,500."""

LARGEST_FEN = 10**13
"""Amounts above this (100 billion yuan) are refused as absurd, so that column engines never overflow."""

_YUAN = re.compile(r"-?(\d{1,14})(?:\.(\d{1,2})0*)?", re.ASCII)
"""Zeros after the fen are accepted, because a database's DECIMAL(18,4) writes 30000.0000."""
_PERCENT = re.compile(r"-?(\d{1,5})(?:\.(\d{1,2}))?%?", re.ASCII)


def _hundredths(pattern: re.Pattern[str], text: str, expected: str) -> int:
    stripped = text.strip()
    match = pattern.fullmatch(stripped)
    if match is None:
        raise InputError(f"found {text!r}; expected {expected}")
    whole, part = match.groups()
    value = int(whole) * 100
    if part is not None:
        value += int(part) if len(part) == 2 else int(part) * 10  # noqa: PLR2004 - the digits of a hundredth
    return -value if stripped[0] == "-" else value


def parse_yuan(value: object) -> int:
    """Yuan with at most two decimals, as text or a whole number, to fen. Raises InputError for anything else.

    >>> parse_yuan("158.00"), parse_yuan(158), parse_yuan("0.01"), parse_yuan("158.0000")
    (15800, 15800, 1, 15800)
    """
    expected = 'yuan with at most two decimals, such as "158.00"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InputError(f"found {value!r}; expected {expected}, in quotes so that no fen is lost")
    fen = _hundredths(_YUAN, str(value), expected)
    if abs(fen) > LARGEST_FEN:
        raise InputError(f"found {value!r}; expected at most {format_yuan(LARGEST_FEN)} yuan")
    return fen


def parse_percent(value: object) -> int:
    """Percent with at most two decimals, as text or a whole number, to basis points. Raises InputError for anything
    else.

    >>> parse_percent("65%"), parse_percent("12.5"), parse_percent(77)
    (6500, 1250, 7700)
    """
    expected = 'a percentage with at most two decimals, such as "65" or "12.5"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InputError(f"found {value!r}; expected {expected}, in quotes so that it stays exact")
    return _hundredths(_PERCENT, str(value), expected)


def format_yuan(fen: int) -> str:
    """Fen as yuan with two decimals: the form of files and of the API.

    >>> format_yuan(6902520), format_yuan(-5)
    ('69025.20', '-0.05')
    """
    if fen < 0:
        return f"-{format_yuan(-fen)}"
    return f"{fen // 100}.{fen % 100:02d}"


def format_yuan_grouped(fen: int) -> str:
    """Fen as yuan with commas between thousands: the form that people read.

    >>> format_yuan_grouped(6902520)
    '69,025.20'
    """
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def format_percent(basis_points: int) -> str:
    """Basis points as a percentage without trailing zeros.

    >>> format_percent(6500), format_percent(1250)
    ('65%', '12.5%')
    """
    return format_yuan(basis_points).rstrip("0").rstrip(".") + "%"


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half-up, away from zero at the half, so that f(-x) == -f(x). `denominator` > 0.

    >>> divide_half_up(5, 10), divide_half_up(-5, 10), divide_half_up(4, 10)
    (1, -1, 0)
    """
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -quotient if numerator < 0 else quotient


def share_out(amount: int, weights: Mapping[str, int], tie_order: Mapping[str, object]) -> dict[str, int]:
    """Divide `amount` fen by `weights` (positive, any unit) so that the parts add up to it exactly.

    Largest remainder: each part is rounded towards zero and the fen left over go to the largest remainders. Equal
    remainders are decided by `tie_order[name]`, smallest first: the caller passes something that differs from one
    amount to the next, so that no party gains over a year. Symmetric: a negative amount gives the negated parts. Raises
    InputError if a weight is negative or all are zero.
    """
    total = sum(weights.values())
    if total <= 0 or any(weight < 0 for weight in weights.values()):
        raise InputError(f"found weights {dict(weights)!r}; expected none negative and a positive sum")
    whole = abs(amount)
    parts = {name: whole * weight // total for name, weight in weights.items()}
    remainders = {name: whole * weight % total for name, weight in weights.items()}
    left_over = whole - sum(parts.values())
    for name in sorted(weights, key=lambda name: (-remainders[name], tie_order[name]))[:left_over]:
        parts[name] += 1
    return parts if amount >= 0 else {name: -part for name, part in parts.items()}
