"""Premiums added up again from the facts: each thing that is not as the facts say is a sentence of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huimin.platform.catalogue.selectors import window_of
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.enrolment.verification import faults_of_policy
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.api import payments_of
from huimin.platform.payments.entries import received_entry
from huimin.platform.payments.models import Payment
from platform_support import FATHER, resident


@pytest.fixture
def policy(covered: City) -> Policy:
    found: Policy = (
        Policy.objects.of(covered).select_related("order_line__order").get(insured=resident(covered, FATHER).pk)
    )
    return found


def faults(policy: Policy) -> list[str]:
    order = policy.order_line.order
    payment = payments_of(policy.city, [order.payment_id])[order.payment_id] if order.payment_id else None
    return list(faults_of_policy(policy, window_of(policy.city, policy.plan_year_id), payment))


YEAR = (date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, ""),
        ({"cover_from": date(2022, 12, 31), "cover_to": date(2022, 12, 30)}, "before it begins on 2022-12-31"),
        (
            {"cover_from": YEAR[0] - timedelta(days=1), "cover_to": YEAR[1]},
            "the cover year is 2022-01-01 to 2022-12-31",
        ),
        ({"cover_to": YEAR[1] - timedelta(days=1)}, "the cover year is 2022-01-01 to 2022-12-31"),
        ({"cover_to": YEAR[1] + timedelta(days=1)}, "the cover year is 2022-01-01 to 2022-12-31"),
        ({"price": 1}, "the price is 1 fen, the order's 15800"),
    ],
)
def test_days_and_price_of_a_policy_are_as_terms_and_order_say(
    policy: Policy, columns: dict[str, date], said: str
) -> None:
    for name, value in columns.items():
        setattr(policy, name, value)
    found = faults(policy)
    assert len(found) == (1 if said else 0)
    assert all(fault.startswith(f"policy:{policy.number}: ") and said in fault for fault in found)


def test_the_money_that_paid_an_order_is_among_what_was_received(covered: City, policy: Policy) -> None:
    order: Order = policy.order_line.order
    Payment.objects.of(covered).filter(pk=order.payment_id).update(provider_transaction="T-other")
    assert [fault for fault in verify_city(covered).faults if "that paid it, is not there" in fault] == [
        f"order:{order.reference}: receipt:sandbox:T-other of {order.payment.amount} fen, that paid it, is not there"
    ]


def test_what_funds_owe_of_a_premium_is_asked_of_them_and_not_of_the_payer(covered: City, policy: Policy) -> None:
    order = policy.order_line.order
    payment = payments_of(covered, [order.payment_id])[order.payment_id]
    named = {"source": "order:1", "cause": "order:1", "premium": payment.amount + 52_66}
    entry = received_entry(payment, **named, owed_by={"government": 52_66})
    lines = {f"{line.account} {line.party or ''}".rstrip(): line.amount for line in entry.lines}
    assert lines["premium_receivable fund:government"] == 52_66
    assert sum(lines.values()) == 0
