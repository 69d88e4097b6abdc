"""The journal entries of cash, from the facts alone: for posting, and for verifying what was posted.

What paid for a policy stands in the entry of its order.
"""

from __future__ import annotations

from huimin.platform.counter.models import CashBack, CashPaidOut, TillBanked, TillWriteOff
from huimin.platform.ledger.api import (
    Entry,
    bank_party,
    cash_banked,
    cash_owed_back,
    cash_paid_out,
    cash_without_cover,
    cash_written_off,
    till_party,
)

__all__ = ["NO_COVER", "back_entry", "banked_entry", "paid_out_entry", "written_off_entry"]

NO_COVER = "no_cover"
"""Why cash is owed back that was taken and paid for nothing."""


def back_entry(row: CashBack) -> Entry:
    source = f"cash:{row.part.key}"
    if row.cause == NO_COVER:
        return cash_without_cover(source=source, cause=source, till=till_party(row.part.till), amount=row.amount)
    return cash_owed_back(source=source, cause=row.cause, amount=row.amount)


def paid_out_entry(row: CashPaidOut) -> Entry:
    source = f"cash:{row.back.part.key}"
    cause = f"cash_paid_out:{row.pk}"
    return cash_paid_out(source=source, cause=cause, till=till_party(row.till), amount=row.back.amount)


def banked_entry(row: TillBanked) -> Entry:
    source, till = f"till_closing:{row.closing_id}", till_party(row.closing.till)
    return cash_banked(
        source=source, cause=source, till=till, bank=bank_party(row.bank), amount=row.closing.counted_fen
    )


def written_off_entry(row: TillWriteOff) -> Entry:
    source = f"till_closing:{row.closing_id}"
    cause = f"till_written_off:{row.pk}"
    return cash_written_off(source=source, cause=cause, till=till_party(row.closing.till), amount=row.amount)
