"""What is owed back of orders, sent on its way: for people without cover, and what was paid beside an order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from huimin.platform.enrolment.models import Order, OrderLine
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.payments.api import Owed, Paid, PaymentFacts, RefundReason, owe_refund, paid_beside, payments_of

__all__ = ["begin_refunds", "owed_for_lines"]


def owed_for_lines(order: Order, payment: PaymentFacts, fen: int) -> Owed:
    """`fen` of the order's payment go back, since nobody could be covered for them."""
    return Owed(f"order:{order.reference}", RefundReason.NO_COVER, Paid.of(payment), fen, order.applicant_id)


def begin_refunds(*, actor: Actor) -> int:
    """Begin every refund of the city that is owed and has none yet.

    Returns how many began. Safe to run twice. Raises NotAllowed.
    """
    authorise(actor, Action.PAY_BACK)
    city, moment = actor.city, now(actor.city)
    begun = 0
    with writing_together():
        for owed in [*_of_lines(city), *_of_receipts(city)]:
            begun += owe_refund(city=city, owed=owed, by=actor.text, at=moment)
        detail = {"refunds": begun}
        record_audit(
            city=city, actor=actor.text, action="refunds_begun", subject=f"city:{city.code}", at=moment, detail=detail
        )
    return begun


def _of_lines(city: City) -> Iterator[Owed]:
    """One for each order of which somebody could not be covered."""
    rows = OrderLine.objects.of(city).filter(refund_due=True).select_related("order").order_by("order_id", "pk")
    of_orders = [list(lines) for _order, lines in groupby(rows, key=lambda line: line.order_id)]
    payments = payments_of(city, [key for lines in of_orders if (key := lines[0].order.payment_id) is not None])
    for lines in of_orders:
        order = lines[0].order
        fen = sum(line.company_part for line in lines)
        if fen and order.payment_id is not None:
            yield owed_for_lines(order, payments[order.payment_id], fen)


def _of_receipts(city: City) -> Iterator[Owed]:
    """One for each receipt that paid for nothing, of a payment that we asked for."""
    receipts = paid_beside(city)
    orders = Order.objects.of(city).filter(payment__in=[one.payment_id for one in receipts])
    payers = dict(orders.values_list("payment_id", "applicant_id"))
    for one in receipts:
        if one.payment_id not in payers:
            continue  # of a debt, whose refund begins with the notice
        reason = RefundReason.PAID_AGAIN if one.paid_again else RefundReason.OTHER_AMOUNT
        paid = Paid(one.payment_id, one.provider, one.reference, one.transaction, one.amount)
        yield Owed(one.source, reason, paid, one.amount, payers[one.payment_id])
