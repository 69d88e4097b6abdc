"""The journal entries of a paid order, from the facts alone: for posting, and for verifying what was posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from huimin.platform.enrolment.models import LineMeans, Order, OrderLine
from huimin.platform.ledger.api import (
    Entry,
    agency_party,
    cash_taken,
    fund_party,
    organisation_party,
    organisation_pays,
    personal_account_held,
    premium_owed_by_funds,
    subsidy_drawn,
    till_party,
)
from huimin.platform.payments.api import MeansKind, PaymentFacts, received_entry

__all__ = ["order_entries"]


def order_entries(
    order: Order, payment: PaymentFacts | None, covered: Sequence[OrderLine], means: Sequence[LineMeans]
) -> list[Entry]:
    """Money in by every means, premium for the lines that are covered, what others owe of it; the rest is owed back.

    `means` of lines that are not covered are let go, and stand in no entry.
    """
    source = f"order:{order.reference}"
    owed_by: Counter[str] = Counter()
    for line in covered:
        owed_by.update(line.paid_by)
    entries = [_of_company(source, payment, covered, owed_by)] if payment is not None or owed_by else []
    known = {line.pk for line in covered}
    by_party: Counter[tuple[str, str]] = Counter()
    for one in means:
        if one.line_id in known:
            by_party[one.kind, one.party] += one.amount
    return entries + [_ENTRY_OF[MeansKind(kind)](source, party, fen) for (kind, party), fen in sorted(by_party.items())]


def _of_company(
    source: str, payment: PaymentFacts | None, covered: Sequence[OrderLine], owed_by: Counter[str]
) -> Entry:
    """What the payment company collected, and what the terms say that funds owe."""
    if payment is None:
        owed = {fund_party(payer): fen for payer, fen in owed_by.items()}
        return premium_owed_by_funds(source=source, cause=source, owed_by=owed)
    premium = sum(line.price - line.other_means for line in covered)
    return received_entry(payment, source=source, cause=source, premium=premium, owed_by=owed_by)


def _from_account(source: str, agency: str, amount: int) -> Entry:
    return personal_account_held(source=source, cause=source, charges=agency_party(agency), amount=amount)


def _from_fund(source: str, fund: str, amount: int) -> Entry:
    return subsidy_drawn(source=source, cause=source, fund=fund_party(fund), amount=amount)


def _from_organisation(source: str, organisation: str, amount: int) -> Entry:
    return organisation_pays(source=source, cause=source, organisation=organisation_party(organisation), amount=amount)


def _from_till(source: str, till: str, amount: int) -> Entry:
    return cash_taken(source=source, cause=source, till=till_party(till), amount=amount)


_ENTRY_OF: dict[MeansKind, Callable[[str, str, int], Entry]] = {
    MeansKind.PERSONAL_ACCOUNT: _from_account,
    MeansKind.SUBSIDY: _from_fund,
    MeansKind.ORGANISATION: _from_organisation,
    MeansKind.CASH: _from_till,
}
