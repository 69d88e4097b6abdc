"""Shares one amount out to the fen, and decides who gets a fen to which several insurers have an equal claim.

An equal claim is decided by chance that nobody outside can predict: by the smallest HMAC-SHA-256 of source and insurer,
under a key that is used for nothing else. That needs no counter that all bills would have to lock, and the verification
can compute it again. ADR 19 says how far insurers drift apart by it and why that is acceptable.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from huimin.money import share_out
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.pool.selectors import Period

__all__ = ["shared_out", "tie_order", "tie_order_of"]


def shared_out(city_code: str, period: Period, amount: int, source: str) -> dict[str, int]:
    """The parts of `amount` fen by insurer code. `source` names the policy or settlement whose money it is."""
    if amount == 0:  # for example before a bill came: there is no fen to give out
        return dict.fromkeys(period.basis_points, 0)
    return share_out(amount, period.basis_points, tie_order_of(city_code, period, source))


def tie_order_of(city_code: str, period: Period, source: str) -> dict[str, bytes]:
    """For each insurer a value that decides ties under these shares, smallest first."""
    return tie_order(purpose_key("pool-tie-break"), city_code, source, period.basis_points)


def tie_order(key: bytes, city_code: str, source: str, insurers: Iterable[str]) -> dict[str, bytes]:
    """The same under a given key, so that tests can measure the chance."""
    return {
        insurer: hmac.digest(key, f"{city_code}\x1f{source}\x1f{insurer}".encode(), "sha256") for insurer in insurers
    }
