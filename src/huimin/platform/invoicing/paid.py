"""What was paid that an invoice can be asked for, and what of it went back since.

An invoice is for what the payer gave out of their own pocket: through the payment company, for an order or for a
difference. What a personal account paid is the holder's own money too, but it is the pool's only once the agency's
transfer has come: from then on it has an invoice of its own, to the holder as a person, since money of basic insurance
is no organisation's cost. What a fund paid is on nobody's invoice here: the fund has its statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huimin.platform.enrolment.api import (
    OrderFacts,
    order_by_reference,
    paid_orders_of,
    policies_of_order,
    policies_under_orders,
)
from huimin.platform.foundation.models import City
from huimin.platform.payments.api import AccountPaid, account_paid, going_back

__all__ = ["PaidAmount", "paid_amount", "paid_amounts_of"]

_ORDER, _ACCOUNT = "order:", "account:"


@dataclass(frozen=True, slots=True)
class PaidAmount:
    """`fen` were paid, and `back` fen of them went back or are on their way. `policies`: the numbers paid for."""

    source: str
    fen: int
    back: int
    paid_on: date
    payer_id: int
    plan_year_id: int
    policies: tuple[str, ...]
    to_person_only: bool = False

    @property
    def left(self) -> int:
        return self.fen - self.back


def paid_amounts_of(city: City, payer_id: int) -> list[PaidAmount]:
    """Everything that this resident paid, the latest first."""
    found = _of_orders(city, paid_orders_of(city, payer_id)) + _of_accounts(city, account_paid(city, payer_id=payer_id))
    return sorted(found, key=lambda one: (one.paid_on, one.source), reverse=True)


def paid_amount(city: City, source: str) -> PaidAmount | None:
    """What was paid under this name; None where nothing was."""
    kind, name = source[: source.find(":") + 1], source.partition(":")[2]
    if kind == _ORDER:
        order = order_by_reference(city, name)
        found = _of_orders(city, [order]) if order is not None and order.is_paid else []
    elif kind == _ACCOUNT:
        found = _of_accounts(city, account_paid(city, keys=[name]))
    else:
        found = []
    return found[0] if found else None


def _of_orders(city: City, orders: Sequence[OrderFacts]) -> list[PaidAmount]:
    payments = [order.payment for order in orders if order.payment is not None]
    back = going_back(city, payments)
    numbers = policies_under_orders(city, [order.id for order in orders])
    return [
        PaidAmount(
            source=f"{_ORDER}{order.reference}",
            fen=order.payment.amount,
            back=back.get(order.payment.id, 0),
            paid_on=timezone.localdate(order.payment.paid_at or order.created_at),
            payer_id=order.applicant_id,
            plan_year_id=order.plan_year_id,
            policies=tuple(numbers.get(order.id, ())),
        )
        for order in orders
        if order.payment is not None
    ]


def _of_accounts(city: City, lines: Sequence[AccountPaid]) -> list[PaidAmount]:
    numbers = _policies_of_lines(city, {line.order_reference for line in lines})
    return [
        PaidAmount(
            source=f"{_ACCOUNT}{line.key}",
            fen=line.amount,
            back=line.back,
            paid_on=line.received_on,
            payer_id=line.payer_id,
            plan_year_id=line.plan_year_id,
            policies=tuple(numbers[line.order_reference].get(line.insured_id, ())),
            to_person_only=True,
        )
        for line in lines
    ]


def _policies_of_lines(city: City, references: Collection[str]) -> dict[str, dict[int, list[str]]]:
    """Numbers of policies, by order and by insured."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for reference in references:
        order = order_by_reference(city, reference)
        for policy in policies_of_order(order) if order is not None else ():
            found[reference][policy.insured_id].append(policy.number)
    return found
