"""Sharing one amount out to the fen, and who gets a fen to which several insurers have an equal claim.

An equal claim is decided by chance that nobody outside can foresee: the smallest HMAC-SHA-256 of source and insurer,
under a key that serves nothing else. It needs no row that all bills would have to lock, and the verification computes
it again. ADR 19 says what drift this chance leaves and why that is enough.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from huimin.money import share_out
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.pool.models import TieBreak
from huimin.platform.pool.selectors import Period

__all__ = ["shared_out", "tie_order", "tie_order_of"]


def shared_out(city_code: str, period: Period, amount: int, source: str) -> dict[str, int]:
    """The parts of `amount` fen by insurer code. `source` names the policy or settlement whose money it is."""
    if amount == 0:  # as of every bill before it came: there is no fen to break a tie for
        return dict.fromkeys(period.basis_points, 0)
    return share_out(amount, period.basis_points, tie_order_of(city_code, period, source))


def tie_order_of(city_code: str, period: Period, source: str) -> dict[str, bytes]:
    """For each insurer its place among equals under these shares, smallest first."""
    if period.tie_break == TieBreak.FINGERPRINT:
        return {insurer: hashlib.sha256(f"{source}\x1f{insurer}".encode()).digest() for insurer in period.basis_points}
    return tie_order(purpose_key("pool-tie-break"), city_code, source, period.basis_points)


def tie_order(key: bytes, city_code: str, source: str, insurers: Iterable[str]) -> dict[str, bytes]:
    """The same under a key that is given: what the tests measure chance by."""
    return {
        insurer: hmac.digest(key, f"{city_code}\x1f{source}\x1f{insurer}".encode(), "sha256") for insurer in insurers
    }
