"""Entries of cash at counters: taken for a policy, owed back, paid out, paid into the bank at the end of a day, and
what was not there when it was counted.
"""

from __future__ import annotations

from huimin.platform.ledger.accounts import BANK, CASH_DIFFERENCE, CASH_TILL, PREMIUM_UNSHARED, REFUND_PAYABLE
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party

__all__ = [
    "cash_banked",
    "cash_owed_back",
    "cash_paid_out",
    "cash_taken",
    "cash_without_cover",
    "cash_written_off",
]


def cash_taken(*, source: str, cause: str, till: Party, amount: int) -> Entry:
    """Premium is paid in cash, which is in a till now."""
    return Entry("cash_taken", source, cause, [Line(CASH_TILL, amount, till), Line(PREMIUM_UNSHARED, -amount)])


def cash_owed_back(*, source: str, cause: str, amount: int) -> Entry:
    """Cover that was paid in cash has ended, and a part of it is owed to whoever paid."""
    return Entry("cash_owed_back", source, cause, [Line(PREMIUM_UNSHARED, amount), Line(REFUND_PAYABLE, -amount)])


def cash_without_cover(*, source: str, cause: str, till: Party, amount: int) -> Entry:
    """Cash was taken, and no cover could be given for it: it lies in a till and is owed back."""
    return Entry("cash_without_cover", source, cause, [Line(CASH_TILL, amount, till), Line(REFUND_PAYABLE, -amount)])


def cash_paid_out(*, source: str, cause: str, till: Party, amount: int) -> Entry:
    """It is paid out of a till."""
    return Entry("cash_paid_out", source, cause, [Line(REFUND_PAYABLE, amount), Line(CASH_TILL, -amount, till)])


def cash_banked(*, source: str, cause: str, till: Party, bank: Party, amount: int) -> Entry:
    """The cash of a till is paid into a bank account of the pool."""
    return Entry("cash_banked", source, cause, [Line(BANK, amount, bank), Line(CASH_TILL, -amount, till)])


def cash_written_off(*, source: str, cause: str, till: Party, amount: int) -> Entry:
    """What a till has too little, or below zero too much, is looked for no more."""
    return Entry(
        "cash_written_off", source, cause, [Line(CASH_DIFFERENCE, amount, till), Line(CASH_TILL, -amount, till)]
    )
