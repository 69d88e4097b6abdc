"""Entries of organisations that pay for many people: money in, premium paid from it, and what goes back."""

from __future__ import annotations

from huimin.platform.ledger.accounts import BANK, ORGANISATION_DEPOSIT, PREMIUM_UNSHARED
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party

__all__ = ["organisation_given_back", "organisation_paid_in", "organisation_paid_out", "organisation_pays"]


def organisation_paid_in(*, source: str, cause: str, organisation: Party, bank: Party, amount: int) -> Entry:
    lines = [Line(BANK, amount, bank), Line(ORGANISATION_DEPOSIT, -amount, organisation)]
    return Entry("organisation_paid_in", source, cause, lines)


def organisation_pays(*, source: str, cause: str, organisation: Party, amount: int) -> Entry:
    """Premium is paid from what an organisation paid in."""
    lines = [Line(ORGANISATION_DEPOSIT, amount, organisation), Line(PREMIUM_UNSHARED, -amount)]
    return Entry("organisation_pays", source, cause, lines)


def organisation_given_back(*, source: str, cause: str, organisation: Party, amount: int) -> Entry:
    """Cover that an organisation paid for has ended: that premium is the organisation's again."""
    lines = [Line(PREMIUM_UNSHARED, amount), Line(ORGANISATION_DEPOSIT, -amount, organisation)]
    return Entry("organisation_given_back", source, cause, lines)


def organisation_paid_out(*, source: str, cause: str, organisation: Party, bank: Party, amount: int) -> Entry:
    """What is left of an organisation's money goes back to its account."""
    lines = [Line(ORGANISATION_DEPOSIT, amount, organisation), Line(BANK, -amount, bank)]
    return Entry("organisation_paid_out", source, cause, lines)
