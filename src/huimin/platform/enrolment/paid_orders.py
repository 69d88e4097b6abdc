"""Orders that were paid through the payment company, for whoever writes an invoice of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from huimin.platform.enrolment.models import Order, OrderStatus, Policy, PolicyDifference
from huimin.platform.enrolment.order_facts import OrderFacts, order_facts
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import payments_of

__all__ = ["paid_orders_of", "policies_under_orders"]


def paid_orders_of(city: City, applicant_id: int) -> list[OrderFacts]:
    """The orders of this resident that were paid through the company and issued, the oldest first. Two statements."""
    rows = Order.objects.of(city).filter(applicant=applicant_id, status=OrderStatus.ISSUED, payment__isnull=False)
    orders = list(rows.order_by("pk"))
    keys = [row.payment_id for row in orders if row.payment_id is not None]
    payments = payments_of(city, keys) if keys else {}
    for row in orders:
        row.city = city
    found = [order_facts(row, payments[row.payment_id]) for row in orders if row.payment_id is not None]
    return [order for order in found if order.is_paid]


def policies_under_orders(city: City, order_ids: Collection[int]) -> dict[int, list[str]]:
    """The numbers of the policies that came of each order, or that it asked a difference for, by the order's key."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Policy.objects.of(city).filter(order_line__order__in=order_ids).order_by("pk")
    for order, number in rows.values_list("order_line__order_id", "number"):
        found[order].append(number)
    later = PolicyDifference.objects.of(city).filter(order__in=order_ids, taken=True)
    for order, number in later.values_list("order_id", "policy__number"):
        found[order].append(number)
    return found
