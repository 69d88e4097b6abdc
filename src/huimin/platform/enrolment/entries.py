"""The journal entry of a paid order, from the facts alone: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from huimin.platform.enrolment.models import Order, OrderLine
from huimin.platform.ledger.api import Entry
from huimin.platform.payments.api import PaymentFacts, received_entry

__all__ = ["order_entry"]


def order_entry(order: Order, payment: PaymentFacts, covered: Sequence[OrderLine]) -> Entry:
    """Money in, premium for the lines that are covered, what others owe of it; the rest is owed back."""
    source = f"order:{order.reference}"
    owed_by: Counter[str] = Counter()
    for line in covered:
        owed_by.update(line.paid_by)
    premium = sum(line.price for line in covered)
    return received_entry(payment, source=source, cause=source, premium=premium, owed_by=owed_by)
