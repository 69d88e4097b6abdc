"""Entries of premium: from the payer's money to each insurer's part. One function for each event of the money map."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.ledger.accounts import (
    BANK,
    INSURER_PREMIUM,
    PREMIUM_RECEIVABLE,
    PREMIUM_UNSHARED,
    PROVIDER_CLEARING,
    RECEIPT_UNALLOCATED,
    REFUND_PAYABLE,
    SUBSIDY_FUND,
)
from huimin.platform.ledger.entries.entry import Entry, Line
from huimin.platform.ledger.parties import Party, insurer

__all__ = [
    "PREMIUM_SHARED",
    "premium_no_longer_owed",
    "premium_owed_by_funds",
    "premium_paid_by_company",
    "premium_returned",
    "premium_shared",
    "receipt_allocated",
    "receipt_owed_back",
    "receipt_unallocated",
    "refund_sent",
    "subsidy_drawn",
    "subsidy_received",
    "subsidy_returned",
]

PREMIUM_SHARED = "premium_shared"


def premium_paid_by_company(
    *, source: str, cause: str, company: Party, received: int, premium: int, owed_by: Mapping[Party, int]
) -> Entry:
    """A payment company received `received` fen. The premium is `premium` fen, of which funds owe the parts in
    `owed_by`.

    Whatever was received above the payer's own part of the premium is owed back.
    """
    return Entry(
        "premium_received",
        source,
        cause,
        [
            Line(PROVIDER_CLEARING, received, company),
            *(Line(PREMIUM_RECEIVABLE, fen, fund) for fund, fen in owed_by.items()),
            Line(PREMIUM_UNSHARED, -premium),
            Line(REFUND_PAYABLE, premium - received - sum(owed_by.values())),
        ],
    )


def premium_owed_by_funds(*, source: str, cause: str, owed_by: Mapping[Party, int]) -> Entry:
    """Of cover that no payment company collected anything for, funds owe what the terms say, in fen."""
    lines = [Line(PREMIUM_RECEIVABLE, fen, fund) for fund, fen in owed_by.items()]
    return Entry("premium_received", source, cause, [*lines, Line(PREMIUM_UNSHARED, -sum(owed_by.values()))])


def receipt_owed_back(*, source: str, company: Party, amount: int) -> Entry:
    """Money came in that does not pay its order, because the amount is wrong or it was paid twice. All of it is owed
    back.
    """
    lines = [Line(PROVIDER_CLEARING, amount, company), Line(REFUND_PAYABLE, -amount)]
    return Entry("receipt_owed_back", source, source, lines)


def receipt_unallocated(*, source: str, company: Party, amount: int) -> Entry:
    """Money came in that belongs to no order of ours. It stays in its own account until a person has found whose it
    is.
    """
    lines = [Line(PROVIDER_CLEARING, amount, company), Line(RECEIPT_UNALLOCATED, -amount, company)]
    return Entry("receipt_unallocated", source, source, lines)


def receipt_allocated(*, source: str, company: Party, amount: int) -> Entry:
    """Money that had come in for no order of ours pays for one after all, and that order's entry receives it."""
    lines = [Line(RECEIPT_UNALLOCATED, amount, company), Line(PROVIDER_CLEARING, -amount, company)]
    return Entry("receipt_allocated", source, source, lines)


def refund_sent(*, source: str, cause: str, company: Party, amount: int) -> Entry:
    """The payment company pays back `amount` fen that are owed, out of the money that it holds for us."""
    return Entry(
        "refund_sent", source, cause, [Line(REFUND_PAYABLE, amount), Line(PROVIDER_CLEARING, -amount, company)]
    )


def subsidy_received(*, source: str, cause: str, fund: Party, bank: Party, amount: int) -> Entry:
    """A fund paid in money, and its balance grows."""
    return Entry("subsidy_received", source, cause, [Line(BANK, amount, bank), Line(SUBSIDY_FUND, -amount, fund)])


def subsidy_drawn(*, source: str, cause: str, fund: Party, amount: int) -> Entry:
    """Premium is paid from the balance of a fund."""
    return Entry("subsidy_drawn", source, cause, [Line(SUBSIDY_FUND, amount, fund), Line(PREMIUM_UNSHARED, -amount)])


def premium_returned(*, source: str, cause: str, amount: int) -> Entry:
    """Premium of a policy that ended is owed back to whoever paid it: `amount` fen."""
    return Entry("premium_returned", source, cause, [Line(PREMIUM_UNSHARED, amount), Line(REFUND_PAYABLE, -amount)])


def premium_no_longer_owed(*, source: str, cause: str, owed_by: Mapping[Party, int]) -> Entry:
    """Of a policy that ended funds no longer owe what `owed_by` says. `source`: the order that said they owed it."""
    lines = [Line(PREMIUM_UNSHARED, sum(owed_by.values()))]
    lines += [Line(PREMIUM_RECEIVABLE, -fen, fund) for fund, fen in owed_by.items()]
    return Entry("premium_no_longer_owed", source, cause, lines)


def subsidy_returned(*, source: str, cause: str, fund: Party, amount: int) -> Entry:
    """Cover that a fund paid for has ended: that premium, which the insurers gave back, is the fund's again."""
    lines = [Line(PREMIUM_UNSHARED, amount), Line(SUBSIDY_FUND, -amount, fund)]
    return Entry("subsidy_returned", source, cause, lines)


def premium_shared(*, source: str, cause: str, parts: Mapping[str, int], sharing: str) -> Entry:
    """A premium is shared out. `parts` are fen by insurer code and add up to the premium."""
    lines = [Line(PREMIUM_UNSHARED, sum(parts.values()))]
    lines += [Line(INSURER_PREMIUM, -part, insurer(code)) for code, part in parts.items()]
    return Entry(PREMIUM_SHARED, source, cause, lines, sharing)
