"""The journal entry of a refund that is done: for posting, and for verifying what was posted."""

from __future__ import annotations

from huimin.platform.ledger.api import Entry, provider_party, refund_sent
from huimin.platform.payments.refunds.models import Refund

__all__ = ["refund_entry"]


def refund_entry(refund: Refund) -> Entry:
    """It clears what the refund's fact has in `refund_payable`."""
    return refund_sent(
        source=refund.source,
        cause=f"refund:{refund.key}",
        company=provider_party(refund.provider),
        amount=refund.amount,
    )
