"""The journal entries of money that came in, from the facts alone: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.ledger.api import (
    Entry,
    premium_paid_by_company,
    receipt_allocated,
    receipt_owed_back,
    receipt_unallocated,
)
from huimin.platform.ledger.api import fund_party as fund
from huimin.platform.ledger.api import provider_party as provider
from huimin.platform.payments.models import Purpose, Receipt
from huimin.platform.payments.payment_facts import PaymentFacts

__all__ = ["allocation_entry", "receipt_entry", "received_entry"]


def received_entry(
    payment: PaymentFacts, *, source: str, cause: str, premium: int, owed_by: Mapping[str, int] | None = None
) -> Entry:
    """A payment that came in as it was asked for: `premium` fen are for cover, what is above them is owed back.

    `owed_by`: what others than the payer owe of that premium, fen by payer.
    """
    return premium_paid_by_company(
        source=source,
        cause=cause,
        company=provider(payment.provider),
        received=payment.amount,
        premium=premium,
        owed_by={fund(payer): fen for payer, fen in (owed_by or {}).items()},
    )


def receipt_entry(receipt: Receipt) -> Entry | None:
    """The entry of a receipt that pays for no order; None where the order's own entry has it."""
    makers = {Purpose.OWED_BACK: receipt_owed_back, Purpose.UNALLOCATED: receipt_unallocated}
    make = makers.get(Purpose(receipt.purpose))
    if make is None:
        return None
    return make(source=receipt.source, company=provider(receipt.provider), amount=receipt.amount)


def allocation_entry(receipt: Receipt) -> Entry:
    """What lay unallocated has found its order, whose own entry has the money as received."""
    return receipt_allocated(source=receipt.source, company=provider(receipt.provider), amount=receipt.amount)
