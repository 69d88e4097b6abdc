"""The journal entries of funds, from the facts alone: for posting, and for verifying what was posted."""

from __future__ import annotations

from huimin.platform.ledger.api import Entry, bank_party, fund_party, subsidy_received
from huimin.platform.subsidies.models import Contribution

__all__ = ["contribution_entry"]


def contribution_entry(fund: str, row: Contribution) -> Entry:
    """Money that came in for the fund of this code."""
    source = f"contribution:{row.pk}"
    return subsidy_received(
        source=source, cause=source, fund=fund_party(fund), bank=bank_party(row.bank), amount=row.amount
    )
