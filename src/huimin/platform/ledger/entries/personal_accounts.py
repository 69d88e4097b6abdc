"""Entries of premium from personal accounts: from the money that is set aside there to what comes to the bank.

Three parties are told apart: the agency of the account's area, which charges the account; the agency of the insured's
area, which pays the pool for everybody insured there; and what the one owes the other where they are two (ADR 34).
"""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.ledger.accounts import (
    ACCOUNT_AGENCY,
    ACCOUNT_HELD,
    AREA_CLEARING,
    BANK,
    PAYER_RECEIVABLE,
    PREMIUM_UNSHARED,
    PROVIDER_CLEARING,
    REFUND_PAYABLE,
)
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party

__all__ = [
    "areas_settled",
    "one_area_owes_another",
    "payer_paid_after_strike_out",
    "personal_account_approved",
    "personal_account_held",
    "personal_account_offset",
    "personal_account_return_sent",
    "personal_account_return_struck_out",
    "personal_account_returned",
    "personal_account_struck_out",
    "personal_account_transferred",
    "premium_back_to_account",
    "premium_back_to_agency",
    "premium_back_to_debt",
]


def personal_account_held(*, source: str, cause: str, charges: Party, amount: int) -> Entry:
    """A policy is issued; `amount` fen of its premium are set aside in a personal account. `charges`: its agency."""
    lines = [Line(ACCOUNT_HELD, amount, charges), Line(PREMIUM_UNSHARED, -amount)]
    return Entry("personal_account_held", source, cause, lines)


def personal_account_approved(*, source: str, cause: str, charges: Party, pays: Party, amount: int) -> Entry:
    """The account's agency approved it. From now on the agency of the insured's area, `pays`, owes it to the pool."""
    lines = [Line(ACCOUNT_AGENCY, amount, pays), Line(ACCOUNT_HELD, -amount, charges)]
    return Entry("personal_account_approved", source, cause, lines)


def personal_account_offset(*, source: str, cause: str, pays: Party, amount: int) -> Entry:
    """The agency approved it after the payer had paid in another way: that money is owed back to them."""
    lines = [Line(ACCOUNT_AGENCY, amount, pays), Line(REFUND_PAYABLE, -amount)]
    return Entry("personal_account_offset", source, cause, lines)


def one_area_owes_another(*, source: str, cause: str, charges: Party, pays: Party, amount: int) -> Entry:
    """The account's area owes the insured's area what that one pays to the pool. `source` is the month."""
    lines = [Line(AREA_CLEARING, amount, charges), Line(AREA_CLEARING, -amount, pays)]
    return Entry("one_area_owes_another", source, cause, lines)


def areas_settled(*, source: str, cause: str, positions: Mapping[Party, int]) -> Entry:
    """The areas have paid each other what a month left between them, netted.

    `positions`: fen by agency, what it owed positive and what it was owed negative. They add up to zero.
    """
    lines = [Line(AREA_CLEARING, -fen, agency) for agency, fen in positions.items()]
    return Entry("areas_settled", source, cause, lines)


def personal_account_struck_out(*, source: str, cause: str, charges: Party, amount: int) -> Entry:
    """The account's agency struck it out after the policy was issued. The policy stays: the payer owes the premium."""
    lines = [Line(PAYER_RECEIVABLE, amount), Line(ACCOUNT_HELD, -amount, charges)]
    return Entry("personal_account_struck_out", source, cause, lines)


def payer_paid_after_strike_out(*, source: str, cause: str, company: Party, amount: int) -> Entry:
    """The payer has paid in another way what was struck out."""
    lines = [Line(PROVIDER_CLEARING, amount, company), Line(PAYER_RECEIVABLE, -amount)]
    return Entry("payer_paid_after_strike_out", source, cause, lines)


def personal_account_transferred(*, source: str, cause: str, agency: Party, bank: Party, amount: int) -> Entry:
    """What was approved has come to the bank account from the agency of the insured's area."""
    lines = [Line(BANK, amount, bank), Line(ACCOUNT_AGENCY, -amount, agency)]
    return Entry("personal_account_transferred", source, cause, lines)


def personal_account_returned(*, source: str, cause: str, agency: Party, bank: Party, amount: int) -> Entry:
    """What had come to the bank account went back to the agency: it owes it as before."""
    lines = [Line(ACCOUNT_AGENCY, amount, agency), Line(BANK, -amount, bank)]
    return Entry("personal_account_returned", source, cause, lines)


def premium_back_to_account(*, source: str, cause: str, charges: Party, amount: int) -> Entry:
    """A policy ended whose premium the account only held: it is let go."""
    lines = [Line(PREMIUM_UNSHARED, amount), Line(ACCOUNT_HELD, -amount, charges)]
    return Entry("premium_back_to_account", source, cause, lines)


def premium_back_to_agency(*, source: str, cause: str, pays: Party, amount: int) -> Entry:
    """A policy ended whose premium an agency pays: it owes so much less, or is owed it once it has paid."""
    lines = [Line(PREMIUM_UNSHARED, amount), Line(ACCOUNT_AGENCY, -amount, pays)]
    return Entry("premium_back_to_agency", source, cause, lines)


def premium_back_to_debt(*, source: str, cause: str, amount: int) -> Entry:
    """A policy ended whose premium the payer owed since an agency struck it out: they owe so much less."""
    lines = [Line(PREMIUM_UNSHARED, amount), Line(PAYER_RECEIVABLE, -amount)]
    return Entry("premium_back_to_debt", source, cause, lines)


def personal_account_return_struck_out(*, source: str, cause: str, pays: Party, amount: int) -> Entry:
    """An agency struck out what was to go back through it. The payer, who owes the premium now, owes so much less."""
    lines = [Line(ACCOUNT_AGENCY, amount, pays), Line(PAYER_RECEIVABLE, -amount)]
    return Entry("account_return_struck_out", source, cause, lines)


def personal_account_return_sent(*, source: str, cause: str, pays: Party, bank: Party, amount: int) -> Entry:
    """The pool sent the agency what goes back to an account."""
    lines = [Line(ACCOUNT_AGENCY, amount, pays), Line(BANK, -amount, bank)]
    return Entry("personal_account_return_sent", source, cause, lines)
