"""Money that came in, read."""

from __future__ import annotations

from django.db.models import Sum

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import Payment, Purpose, Receipt

__all__ = ["all_receipts", "owed_back_beside"]


def owed_back_beside(payment: Payment) -> int:
    """Fen that were received for this payment and paid for nothing: another amount, or paid twice."""
    rows = Receipt.objects.of(payment.city).filter(payment=payment, purpose=Purpose.OWED_BACK)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def all_receipts(city: City) -> list[Receipt]:
    """For verification."""
    return list(Receipt.objects.of(city).select_related("payment").order_by("pk"))
