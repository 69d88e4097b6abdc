"""Entries of claims: what is owed, who bears it, and how it is paid. One function for each event.

A changed amount is posted as the difference. Each insurer's part is the difference between two sharings of the whole
amount, so that a claim that goes back to zero takes every fen back from the insurer that bore it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huimin.platform.ledger.accounts import (
    BANK,
    CLAIM_IN_PAYMENT,
    CLAIM_PAYABLE,
    CLAIMS_UNSHARED,
    INSURER_CLAIMS,
    OVERPAYMENT_RECEIVABLE,
)
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party, insurer

__all__ = [
    "CLAIM_DECIDED",
    "CLAIM_SHARED",
    "Owed",
    "claim_decided",
    "claim_shared",
    "payout_came_back",
    "payout_confirmed",
    "payout_returned",
    "payout_sent",
]

CLAIM_DECIDED, CLAIM_SHARED = "claim_decided", "claim_shared"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed for one settlement, in fen: to its sender, and to the insured (below zero: by the insured)."""

    sender: int = 0
    insured: int = 0

    @property
    def total(self) -> int:
        return self.sender + self.insured


def claim_decided(*, source: str, cause: str, sender: Party, insured: Party, before: Owed, after: Owed) -> Entry:
    """The amounts that are owed for a settlement change from `before` to `after`.

    What the insured owe has an account of its own and is not netted with what they are owed.
    """
    to_insured = max(0, after.insured) - max(0, before.insured)
    by_insured = max(0, -after.insured) - max(0, -before.insured)
    return Entry(
        CLAIM_DECIDED,
        source,
        cause,
        [
            Line(CLAIMS_UNSHARED, after.total - before.total),
            Line(CLAIM_PAYABLE, before.sender - after.sender, sender),
            Line(CLAIM_PAYABLE, -to_insured, insured),
            Line(OVERPAYMENT_RECEIVABLE, by_insured, insured),
        ],
    )


def claim_shared(
    *, source: str, cause: str, before: Mapping[str, int], after: Mapping[str, int], sharing: str
) -> Entry:
    """The change is shared out. `before` and `after` are the two sharings of the whole amount, in fen by insurer
    code.
    """
    lines = [Line(INSURER_CLAIMS, part - before[code], insurer(code)) for code, part in after.items()]
    lines.append(Line(CLAIMS_UNSHARED, sum(before.values()) - sum(after.values())))
    return Entry(CLAIM_SHARED, source, cause, lines, sharing)


def payout_sent(*, source: str, cause: str, payee: Party, amount: int) -> Entry:
    """A payment order for what is owed to the payee was sent. Whether it was carried out is not known yet."""
    lines = [Line(CLAIM_PAYABLE, amount, payee), Line(CLAIM_IN_PAYMENT, -amount, payee)]
    return Entry("payout_sent", source, cause, lines)


def payout_confirmed(*, source: str, cause: str, payee: Party, bank: Party, amount: int) -> Entry:
    """The bank has carried out the payment order."""
    lines = [Line(CLAIM_IN_PAYMENT, amount, payee), Line(BANK, -amount, bank)]
    return Entry("payout_confirmed", source, cause, lines)


def payout_returned(*, source: str, cause: str, payee: Party, amount: int) -> Entry:
    """The bank could not carry out the payment order, so that the amount is owed to the payee as before."""
    lines = [Line(CLAIM_IN_PAYMENT, amount, payee), Line(CLAIM_PAYABLE, -amount, payee)]
    return Entry("payout_returned", source, cause, lines)


def payout_came_back(*, source: str, cause: str, payee: Party, bank: Party, amount: int) -> Entry:
    """What the bank had paid came back to our account, so that the amount is owed to the payee as before."""
    lines = [Line(BANK, amount, bank), Line(CLAIM_PAYABLE, -amount, payee)]
    return Entry("payout_came_back", source, cause, lines)
