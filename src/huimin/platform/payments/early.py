"""Money that came before the order that it pays: it lies unallocated until the order is there, and then pays it.

A payer may be faster than our own commit: the company's notice then names a payment that we do not know yet. It is
kept, and answered, so that it does not come again. What brings it to its order is the company's next word about the
same transaction: we ask within a minute of the order.
"""

from __future__ import annotations

from datetime import datetime

from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_audit
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.api import post
from huimin.platform.payments.entries import allocation_entry
from huimin.platform.payments.models import Allocation, CaseKind, Payment, PaymentCase, PaymentStatus, Purpose, Receipt

__all__ = ["allocate", "came_early"]

_NOTE = "allocated: it paid {reference}, which was ordered in the same moment"


def came_early(receipt: Receipt, payment: Payment | None, notice: Notice) -> bool:
    """Whether this receipt lies unallocated, and is exactly what the payment waits for."""
    if payment is None or payment.status == PaymentStatus.PAID or receipt.purpose != Purpose.UNALLOCATED:
        return False
    told = (receipt.reference, receipt.amount, "paid")
    return told == (notice.reference, notice.amount, notice.status) and receipt.amount == payment.amount


def allocate(*, city: City, by: str, receipt: Receipt, payment: Payment, at: datetime) -> None:
    """The receipt pays for the payment after all. Its case is closed. Call it in the transaction of the order."""
    Allocation.objects.queue([Allocation(city=city, receipt=receipt, payment=payment, recorded_at=at)])
    post(city=city, entries=[allocation_entry(receipt)], at=at)
    cases = PaymentCase.objects.of(city).filter(kind=CaseKind.UNKNOWN_PAYMENT, closed_at=None)
    note = _NOTE.format(reference=payment.reference)
    cases.filter(key=f"notice:{receipt.provider}:{receipt.transaction}").update(closed_at=at, closed_by=by, note=note)
    record_audit(city=city, actor=by, action="receipt_allocated", subject=receipt.source, at=at)
