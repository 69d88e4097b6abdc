"""Two ratios that are never mixed up. All amounts in fen."""

from __future__ import annotations

from huimin.errors import InputError

__all__ = ["paid_ratio", "payout_ratio"]


def paid_ratio(paid: int, written: int) -> float:
    """已付赔付率: paid ÷ premium written, which knows nothing of what is still to be paid. Raises InputError."""
    return paid / _above_zero(written)


def payout_ratio(paid: int, outstanding_change: int, earned: int) -> float:
    """赔付率, the official one: (paid + change in outstanding, IBNR included) ÷ earned premium.

    Source: 银保监办发〔2021〕7号. Raises InputError (`no_premium`).
    """
    return (paid + outstanding_change) / _above_zero(earned)


def _above_zero(premium: int) -> int:
    if premium <= 0:
        raise InputError(f"found a premium of {premium} fen; expected one above 0", code="no_premium")
    return premium
