"""An order as other contexts see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huimin.platform.enrolment.models import Order, OrderStatus
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import PaymentFacts, PaymentStatus

__all__ = ["DIFFERENCE", "OrderFacts", "order_facts"]

DIFFERENCE = "difference"
"""The channel of an order that asks for what a policy that is issued costs more."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    city: City
    id: int
    reference: str
    status: str
    channel: str
    """The code of the client by which it came; `web` for our own pages."""
    applicant_id: int
    plan_year_id: int
    plan_digest: str
    """Of the terms that the applicant saw and ordered."""
    payment: PaymentFacts | None
    """What the payment company is to collect; None where other means pay everything, or nothing can be paid yet."""
    created_at: datetime
    answered_at: datetime | None
    """When the bureau had answered; None where it was not asked, or has not yet."""

    @property
    def is_difference(self) -> bool:
        return self.channel == DIFFERENCE

    @property
    def is_paid(self) -> bool:
        """Whether the payer has paid the company for it, and got what they paid for, at least a part of it."""
        paid = self.payment is not None and self.payment.status == PaymentStatus.PAID
        return paid and self.status == OrderStatus.ISSUED


def order_facts(row: Order, payment: PaymentFacts | None) -> OrderFacts:
    return OrderFacts(
        city=row.city,
        id=row.pk,
        reference=row.reference,
        status=row.status,
        channel=row.channel,
        applicant_id=row.applicant_id,
        plan_year_id=row.plan_year_id,
        plan_digest=row.plan_digest,
        payment=payment,
        created_at=row.created_at,
        answered_at=row.answered_at,
    )
