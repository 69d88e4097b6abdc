"""Computes entries of receipts and refunds again, and checks that everything odd has a case for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import Entry, Verification
from huimin.platform.payments.entries import allocation_entry, receipt_entry
from huimin.platform.payments.models import PaymentCase, PaymentNotice
from huimin.platform.payments.notices import FOR_A_PERSON, case_key, moved_no_money
from huimin.platform.payments.refunds.entries import refund_entry
from huimin.platform.payments.refunds.models import Refund, RefundStatus
from huimin.platform.payments.selectors import all_receipts, allocated_receipts

__all__ = ["faults_of_cases", "recompute_receipts", "recompute_refunds"]


def recompute_receipts(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of receipts that pay for no order. Those of paid orders are computed with the order."""
    result.faults += faults_of_cases(city)
    for receipt in all_receipts(city):
        result.counts["receipts"] += 1
        entry = receipt_entry(receipt)
        if entry is not None:
            yield entry
    yield from map(allocation_entry, allocated_receipts(city))


def recompute_refunds(city: City, result: Verification) -> Iterator[Entry]:
    """The entries of refunds that are done, and a fault for what went back and never came."""
    left = Counter({(one.provider, one.transaction): one.amount for one in all_receipts(city)})
    for refund in Refund.objects.of(city).order_by("pk"):
        result.counts["refunds"] += 1
        left[refund.provider, refund.transaction] -= refund.amount
        if refund.status == RefundStatus.DONE:
            yield refund_entry(refund)
    result.faults += [
        f"refunds: {-fen} fen more go back of {provider} {transaction} than it brought"
        for (provider, transaction), fen in left.items()
        if fen < 0
    ]


def faults_of_cases(city: City) -> list[str]:
    """A sentence for each notice that has no case although it did not simply match a payment."""
    there = {*PaymentCase.objects.of(city).values_list("kind", "key")}
    odd = PaymentNotice.objects.of(city).filter(verdict__in=FOR_A_PERSON).order_by("pk")
    return [
        f"payments: {notice.provider} {notice.transaction}, {notice.amount} fen, came in as {notice.verdict} "
        "and has no case for a person to look at"
        for notice in odd.iterator()
        if not moved_no_money(notice) and (notice.verdict, case_key(notice)) not in there
    ]
