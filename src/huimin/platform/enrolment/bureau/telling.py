"""People whose orders wait for the bureau are told once that they need do nothing, and that they keep their place."""

from __future__ import annotations

from django.db import transaction

from huimin.platform.enrolment.issuing import tell
from huimin.platform.enrolment.models import Order, OrderStatus
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City

__all__ = ["tell_waiting"]

_AT_ONCE = 200


@transaction.atomic
def tell_waiting(city: City, order_id: int | None = None) -> None:
    """Tell those who wait and were not told yet: of one order, or of the oldest of all."""
    waiting = Order.objects.of(city).filter(status=OrderStatus.ASKING, told_to_wait_at=None)
    if order_id is not None:
        waiting = waiting.filter(pk=order_id)
    moment = now(city)
    for order in waiting.select_for_update(of=("self",)).order_by("pk")[:_AT_ONCE]:
        order.city = city
        order.told_to_wait_at = moment
        Order.objects.rewrite(order, "told_to_wait_at")
        tell(city, order, "order_waits_for_bureau", f"waits-{order.pk}", moment)
