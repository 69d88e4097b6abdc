"""Which payments to ask the payment company about, and when, because their notices come late or never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from huimin.platform.foundation.models import City
from huimin.platform.payments.models import Payment, PaymentStatus
from huimin.platform.payments.payment_facts import PaymentFacts, payment_facts

__all__ = ["FIRST_QUERY_AFTER", "MOST_QUERIES", "ask_later", "ask_soon", "payments_to_query"]

FIRST_QUERY_AFTER = timedelta(minutes=1)
"""Most notices have come by then."""
MOST_QUERIES = 20
"""After 1, 2, 4, 8 … minutes, then every six hours, for about three days. If the payer comes back later it starts
again.
"""
_LONGEST_WAIT = timedelta(hours=6)
_BATCH = 20


def payments_to_query() -> list[PaymentFacts]:
    """The next payments of every city to ask about. Other workers leave them alone until their next time comes."""
    moment = timezone.now()
    due = Payment.objects.filter(query_at__lte=moment).exclude(status=PaymentStatus.PAID)
    if not due.exists():
        # Without a lock: most rounds find nothing, and SQLite has one lock for all writers.
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(of=("self",), skip_locked=True)
        found = list(due.select_related("city").order_by("query_at", "pk")[:_BATCH])
        for payment in found:
            payment.queries += 1
            wait = min(FIRST_QUERY_AFTER * 2 ** (payment.queries - 1), _LONGEST_WAIT)
            payment.query_at = moment + wait if payment.queries < MOST_QUERIES else None
            payment.save(update_fields=["queries", "query_at"])
    return [payment_facts(payment) for payment in found]


def ask_soon(*, city: City, payment_id: int) -> None:
    """Have the company asked now, because the payer says that they have paid."""
    Payment.objects.of(city).filter(pk=payment_id).exclude(status=PaymentStatus.PAID).update(query_at=timezone.now())


def ask_later(payments: Sequence[PaymentFacts], wait: timedelta) -> None:
    """Ask about these later. The company could not be reached, so it does not count as a query."""
    for payment in payments:
        rows = Payment.objects.of(payment.city).filter(pk=payment.id)
        rows.update(queries=F("queries") - 1, query_at=timezone.now() + wait)
