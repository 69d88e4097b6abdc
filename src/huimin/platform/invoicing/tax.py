"""The tax in a premium, to the fen. Without a database.

Premium of health insurance for a year or more is exempt from value-added tax (财税〔2016〕36号, annex 3, 1 (21)), where
the insurer has reported the product. Whether a late joiner's shorter cover is exempt too, the rule does not say: it
speaks of the product. A product that is not exempt has 6 % in its price. So the rate is said for each plan year.
"""

from __future__ import annotations

__all__ = ["WHOLE", "tax_in", "tax_taken_back"]

WHOLE = 10_000
"""Basis points of one."""


def tax_in(amount: int, rate: int | None) -> int:
    """Fen of tax in `amount` fen; `rate` in basis points on what is without tax, None where it is exempt.

    The part without tax is rounded half-up; the tax is the rest, so that the two add up.
    """
    if rate is None:
        return 0
    without = (2 * amount * WHOLE + WHOLE + rate) // (2 * (WHOLE + rate))
    return amount - without


def tax_taken_back(left: int, amount: int, rate: int | None) -> int:
    """The tax in `amount` fen that are taken back of the `left` fen: once all is taken back, all tax is."""
    return tax_in(left, rate) - tax_in(left - amount, rate)
