"""The entry of a monthly statement of rounding: fen move between insurers, and the total does not change."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.ledger.accounts import Account
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import insurer

__all__ = ["rounding_evened"]


def rounding_evened(*, account: Account, source: str, cause: str, change: Mapping[str, int], sharing: str) -> Entry:
    """Move fen between insurers. `change` is fen by insurer code, debits positive; they add up to zero."""
    lines = [Line(account, fen, insurer(code)) for code, fen in change.items()]
    return Entry("rounding_evened", source, cause, lines, sharing)
