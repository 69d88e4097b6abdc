"""Entries of what was paid too much: it is found, set off, repaid, or waived. One function for each event.

Every one moves what a policy owes back for one bill, `source`.
"""

from __future__ import annotations

from huimin.platform.ledger.accounts import (
    BANK,
    CLAIM_PAYABLE,
    CLAIMS_UNSHARED,
    OVERPAYMENT_RECEIVABLE,
    OVERPAYMENT_SET_OFF,
)
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party

__all__ = [
    "kept_of_claim",
    "overpayment_found",
    "overpayment_not_owed",
    "overpayment_repaid",
    "overpayment_set_off",
    "overpayment_waived",
]


def overpayment_found(*, source: str, cause: str, insured: Party, amount: int) -> Entry:
    """More was paid for the bill than is due by now: the insured owe the difference back."""
    lines = [Line(OVERPAYMENT_RECEIVABLE, amount, insured), Line(CLAIM_PAYABLE, -amount, insured)]
    return Entry("overpayment_found", source, cause, lines)


def overpayment_not_owed(*, source: str, cause: str, insured: Party, amount: int) -> Entry:
    """What the insured had paid back, or was set off, was due after all: it is owed to them again."""
    lines = [Line(OVERPAYMENT_RECEIVABLE, amount, insured), Line(CLAIM_PAYABLE, -amount, insured)]
    return Entry("overpayment_not_owed", source, cause, lines)


def kept_of_claim(*, source: str, cause: str, insured: Party, amount: int) -> Entry:
    """Of what is owed for this bill an amount is kept, against what was paid too much for another."""
    lines = [Line(CLAIM_PAYABLE, amount, insured), Line(OVERPAYMENT_SET_OFF, -amount, insured)]
    return Entry("kept_of_claim", source, cause, lines)


def overpayment_set_off(*, source: str, cause: str, insured: Party, amount: int) -> Entry:
    """What was kept of another bill's claim pays back what was paid too much for this one."""
    lines = [Line(OVERPAYMENT_SET_OFF, amount, insured), Line(OVERPAYMENT_RECEIVABLE, -amount, insured)]
    return Entry("overpayment_set_off", source, cause, lines)


def overpayment_repaid(*, source: str, cause: str, insured: Party, bank: Party, amount: int) -> Entry:
    """The insured paid back what they owed."""
    lines = [Line(BANK, amount, bank), Line(OVERPAYMENT_RECEIVABLE, -amount, insured)]
    return Entry("overpayment_repaid", source, cause, lines)


def overpayment_waived(*, source: str, cause: str, insured: Party, amount: int) -> Entry:
    """The insured need not pay it back, so that the insurers bear it: `claim_shared` shares it out. Below zero: a
    waiver is taken back, since nothing was paid too much after all.
    """
    lines = [Line(CLAIMS_UNSHARED, amount), Line(OVERPAYMENT_RECEIVABLE, -amount, insured)]
    return Entry("overpayment_waived", source, cause, lines)
