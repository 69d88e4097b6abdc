"""Numbers of bank cards as people write them.

Cards have 16 to 19 digits and end with a check digit (ISO/IEC 7812-1, the Luhn formula). Passbooks have numbers of
other lengths and no common check; they are taken at the counter.
"""

from __future__ import annotations

import unicodedata

from huimin.platform.payouts.failures import PayoutError

__all__ = ["card_number", "passes_luhn"]

_LENGTHS = range(16, 20)


def card_number(text: str) -> str:
    """The digits alone. Raises PayoutError `bad_card_number` where they are none of a card."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(sign for sign in plain if sign not in " -\u2010\u2011\u2012\u2013\u2014\u2015\u2212\t\u3000")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _LENGTHS or not passes_luhn(digits):
        text = "expected the 16 to 19 digits of a bank card, the last of which checks the others"
        raise PayoutError(text, code="bad_card_number")
    return digits


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - two digits count by their sum
    return total % 10 == 0
