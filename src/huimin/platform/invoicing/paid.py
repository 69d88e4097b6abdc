"""What was paid that an invoice can be asked for, and what of it went back since.

An invoice is for what the payer gave out of their own pocket: through the payment company, for an order or for a
difference, or in cash at a counter. An organisation has one invoice for each of its lists, made out to itself, once
nobody of the list waits any more. What a personal account paid is the holder's own money too, but it is the pool's
only once the agency's transfer has come: from then on it has an invoice of its own, to the holder as a person, since
money of basic insurance is no organisation's cost. What a fund paid is on nobody's invoice here: the fund has its
statement.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huimin.platform.bulk.api import ListPaid, list_paid, lists_paid
from huimin.platform.counter.api import CashPaid, cash_paid
from huimin.platform.enrolment.api import (
    OrderFacts,
    order_by_reference,
    paid_orders_of,
    policies_of_order,
    policies_under_orders,
)
from huimin.platform.foundation.models import City
from huimin.platform.invoicing.titles import Title
from huimin.platform.payments.api import AccountPaid, account_paid, going_back

__all__ = ["MOST_NUMBERS", "PaidAmount", "amounts_of_organisation", "paid_amount", "paid_amounts_of"]

_ORDER, _ACCOUNT, _CASH, _LIST = "order:", "account:", "cash:", "list:"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
MOST_NUMBERS = 7
"""So many numbers of policies have room on an invoice."""


@dataclass(frozen=True, slots=True)
class PaidAmount:
    """`fen` were paid, and `back` fen of them went back or are on their way. `policies`: the numbers paid for.

    Of a list these are some of `more` and those; `organisation` paid it, and no resident did.
    """

    source: str
    fen: int
    back: int
    paid_on: date
    payer_id: int | None
    plan_year_id: int
    policies: tuple[str, ...]
    to_person_only: bool = False
    more: int = 0
    organisation: Title | None = None
    named: str = ""
    """What the payer calls it, such as the name of their file."""

    @property
    def left(self) -> int:
        return self.fen - self.back

    @property
    def policy_count(self) -> int:
        return len(self.policies) + self.more


def paid_amounts_of(city: City, payer_id: int) -> list[PaidAmount]:
    """Everything that this resident paid, the latest first."""
    found = [
        *_of_orders(city, paid_orders_of(city, payer_id)),
        *_of_accounts(city, account_paid(city, payer_id=payer_id)),
        *_of_cash(city, cash_paid(city, payer_id=payer_id)),
    ]
    return sorted(found, key=lambda one: (one.paid_on, one.source), reverse=True)


def amounts_of_organisation(city: City, code: str) -> list[PaidAmount]:
    """What this organisation paid by each of its lists, the latest first."""
    return [_of_list(one) for one in lists_paid(city, code, some=MOST_NUMBERS)]


def paid_amount(city: City, source: str) -> PaidAmount | None:
    """What was paid under this name; None where nothing was."""
    kind, name = source[: source.find(":") + 1], source.partition(":")[2]
    if kind == _ORDER:
        order = order_by_reference(city, name)
        found = _of_orders(city, [order]) if order is not None and order.is_paid else []
    elif kind == _ACCOUNT:
        found = _of_accounts(city, account_paid(city, keys=[name]))
    elif kind == _CASH:
        found = _of_cash(city, cash_paid(city, order=name))
    elif kind == _LIST and _NUMBER.fullmatch(name):
        paid = list_paid(city, int(name), some=MOST_NUMBERS)
        found = [_of_list(paid)] if paid is not None else []
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


def _of_cash(city: City, paid: Sequence[CashPaid]) -> list[PaidAmount]:
    found = []
    for one in paid:
        order = order_by_reference(city, one.order)
        if order is not None:
            found.append(
                PaidAmount(
                    source=f"{_CASH}{one.order}",
                    fen=one.fen,
                    back=one.back,
                    paid_on=one.paid_on,
                    payer_id=order.applicant_id,
                    plan_year_id=order.plan_year_id,
                    policies=tuple(policy.number for policy in policies_of_order(order)),
                )
            )
    return found


def _of_list(one: ListPaid) -> PaidAmount:
    return PaidAmount(
        source=f"{_LIST}{one.id}",
        fen=one.fen,
        back=one.back,
        paid_on=one.paid_on,
        payer_id=None,
        plan_year_id=one.plan_year_id,
        policies=one.first_policies,
        more=one.policies - len(one.first_policies),
        organisation=Title(one.organisation_name, one.credit_code),
        named=one.file_name,
    )


def _policies_of_lines(city: City, references: Collection[str]) -> dict[str, dict[int, list[str]]]:
    """Numbers of policies, by order and by insured."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for reference in references:
        order = order_by_reference(city, reference)
        for policy in policies_of_order(order) if order is not None else ():
            found[reference][policy.insured_id].append(policy.number)
    return found
