"""When an order is paid by every means it is complete: its policies are issued, or what was paid goes back."""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from huimin.errors import HuiminError
from huimin.platform.enrolment.differences import take_difference
from huimin.platform.enrolment.issuing import MEANS_FAILED, issue, tell
from huimin.platform.enrolment.means import means_of, tell_collectors
from huimin.platform.enrolment.models import LineMeans, MeansStatus, Order, OrderLine, OrderStatus
from huimin.platform.enrolment.order_facts import DIFFERENCE
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import writing_together
from huimin.platform.payments.api import PaymentFacts, PaymentStatus, payments_of
from huimin.platform.tasks.api import Attempt, enqueue

__all__ = [
    "Standing",
    "complete",
    "complete_later",
    "complete_order",
    "complete_paid",
    "means_moved",
    "move_means",
    "standing",
]


class Standing(enum.Enum):
    """What an order's means come to."""

    WAITS = "waits"
    COMPLETE = "complete"
    FAILED = "failed"
    """The company was not paid yet, and something else failed: the payer is asked for nothing more."""


def standing(payment: PaymentFacts | None, means: Collection[LineMeans]) -> Standing:
    """One means that fails leaves out its line, and the others go on once the company is paid."""
    statuses = {one.status for one in means}
    company_waits = payment is not None and payment.status != PaymentStatus.PAID
    if company_waits and MeansStatus.FAILED in statuses:
        return Standing.FAILED
    if company_waits or MeansStatus.EXPECTED in statuses:
        return Standing.WAITS
    return Standing.COMPLETE


def complete_paid(city: City, order: Order, payment: PaymentFacts, moment: datetime) -> None:
    """The payment company has been paid. Call it inside the transaction of its notice, with the payment locked.

    An order that the company alone is paid for is complete by that.
    """
    if order.channel == DIFFERENCE:
        take_difference(city, order, payment, moment)
        return
    lines = OrderLine.objects.fetch(city, {"order": order}, order_by=("id",))
    if any(line.other_means for line in lines):
        # Whoever else says that a means is in waits for this lock, and then sees that the company is paid.
        (order,) = Order.objects.fetch(city, {"id": order.pk}, lock=True)
    means = means_of(city, lines)
    if order.status == OrderStatus.FAILED:
        issue(city, order, payment, moment, lines, means, {line.pk: MEANS_FAILED for line in lines})
        return
    _go_on(city, order, payment, lines, means, moment)


def complete_order(*, city: City, order_id: int, moment: datetime, moved: LineMeans | None = None) -> None:
    """Do what follows from where the order's means stand. Call it inside a transaction; it may be called twice.

    `moved`: one of them as it is about to be written, within this transaction.
    """
    (order,) = Order.objects.fetch(city, {"id": order_id}, lock=True)
    lines = OrderLine.objects.fetch(city, {"order": order}, order_by=("id",))
    means = [moved if moved and one.pk == moved.pk else one for one in means_of(city, lines)]
    if order.status != OrderStatus.WAITING:
        return
    payment = payments_of(city, [order.payment_id])[order.payment_id] if order.payment_id else None
    _go_on(city, order, payment, lines, means, moment)


def complete_later(order: Order) -> None:
    """Have a worker look at an order that may be paid by every means already: nobody else would say so."""
    enqueue(city=order.city, kind="complete_order", key=order.reference, payload={"order": order.pk})


def complete(attempt: Attempt) -> None:
    """A worker's: look at one order. Safe to run twice."""
    city = attempt.task.city
    with writing_together():
        complete_order(city=city, order_id=json.loads(attempt.task.payload)["order"], moment=now(city))


def _go_on(
    city: City,
    order: Order,
    payment: PaymentFacts | None,
    lines: Sequence[OrderLine],
    means: Sequence[LineMeans],
    moment: datetime,
) -> None:
    stands = standing(payment, means)
    if stands is Standing.COMPLETE:
        failed = {one.line_id: MEANS_FAILED for one in means if one.status == MeansStatus.FAILED}
        issue(city, order, payment, moment, lines, means, failed)
    elif stands is Standing.FAILED:
        order.status = OrderStatus.FAILED
        Order.objects.rewrite(order, "status")
        tell_collectors(city, means, (), moment)
        tell(city, order, "order_failed", f"failed-{order.pk}", moment)


def move_means(attempt: Attempt) -> None:
    """A worker's: somebody who collects says that a means is in, or has failed. Safe to run twice."""
    said = json.loads(attempt.task.payload)
    means_moved(attempt.task.city, said["means"], said["reference"], said["failed"])


@writing_together()
def means_moved(city: City, kind: str, reference: str, failed: str) -> None:
    """A means is in, or has failed (`failed`: why, as a code): the order goes on, or ends. Safe to run twice."""
    where = {"kind": kind, "reference": reference}
    (line_id,) = _only(LineMeans.objects.pick(city, ("line",), where), f"{kind} {reference}")
    ((order_id,),) = OrderLine.objects.pick(city, ("order",), {"id": line_id})
    # The order first, as everywhere: two means of one order wait for each other here.
    Order.objects.fetch(city, {"id": order_id}, lock=True)
    (means,) = LineMeans.objects.fetch(city, where, lock=True)
    status = MeansStatus.FAILED if failed else MeansStatus.IN
    if means.status in (status, MeansStatus.FAILED):
        return
    moment = now(city)
    means.status, means.reason, means.moved_at = status, failed, moment
    complete_order(city=city, order_id=order_id, moment=moment, moved=means)
    LineMeans.objects.rewrite(means, "status", "reason", "moved_at")


def _only(rows: list[list[Any]], named: str) -> list[Any]:
    if not rows:
        raise HuiminError(f"no order has the means of payment {named}", code="means_not_of_order")
    return rows[0]
