"""The journal entries of organisations' money, from the facts alone: for posting, and for verifying what was posted.

What was used for a person stands in the entry of their order.
"""

from __future__ import annotations

from huimin.platform.bulk.models import Deposit, GivenBack, Payout
from huimin.platform.ledger.api import (
    Entry,
    bank_party,
    organisation_given_back,
    organisation_paid_in,
    organisation_paid_out,
    organisation_party,
)

__all__ = ["deposit_entry", "given_back_entry", "payout_entry"]


def deposit_entry(code: str, row: Deposit) -> Entry:
    source = f"deposit:{row.pk}"
    payer, bank = organisation_party(code), bank_party(row.bank)
    return organisation_paid_in(source=source, cause=source, organisation=payer, bank=bank, amount=row.amount)


def payout_entry(code: str, row: Payout) -> Entry:
    source = f"payout:{row.pk}"
    payee, bank = organisation_party(code), bank_party(row.bank)
    return organisation_paid_out(source=source, cause=source, organisation=payee, bank=bank, amount=row.amount)


def given_back_entry(code: str, row: GivenBack) -> Entry:
    source = f"row:{row.row_id}"
    payee = organisation_party(code)
    return organisation_given_back(source=source, cause=row.cause, organisation=payee, amount=row.amount)
