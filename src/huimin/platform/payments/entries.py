"""The journal entries of money that came in, from the facts alone: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.ledger.models import Account
from huimin.platform.ledger.services import Entry, Line
from huimin.platform.payments.models import Payment, Purpose, Receipt

__all__ = ["receipt_entry", "received_entry"]


def received_entry(
    payment: Payment, *, source: str, cause: str, premium: int, owed_by: Mapping[str, int] | None = None
) -> Entry:
    """A payment that came in as it was asked for: `premium` fen are for cover, what is above them is owed back.

    `owed_by`: what others than the payer owe of that premium, fen by payer.
    """
    others = dict(owed_by or {})
    return Entry(
        "premium_received",
        source,
        cause,
        [
            Line(Account.PROVIDER_CLEARING, payment.amount, payment.provider),
            *(Line(Account.PREMIUM_RECEIVABLE, fen, payer) for payer, fen in others.items()),
            Line(Account.PREMIUM_UNSHARED, -premium),
            Line(Account.REFUND_PAYABLE, premium - payment.amount - sum(others.values())),
        ],
    )


def receipt_entry(receipt: Receipt) -> Entry | None:
    """The entry of a receipt that pays for no order; None where the order's own entry has it."""
    accounts = {Purpose.OWED_BACK: Account.REFUND_PAYABLE, Purpose.UNALLOCATED: Account.RECEIPT_UNALLOCATED}
    account = accounts.get(Purpose(receipt.purpose))
    if account is None:
        return None
    party = receipt.provider if account == Account.RECEIPT_UNALLOCATED else ""
    lines = [
        Line(Account.PROVIDER_CLEARING, receipt.amount, receipt.provider),
        Line(account, -receipt.amount, party),
    ]
    return Entry(f"receipt_{receipt.purpose}", receipt.source, receipt.source, lines)
