"""Payments of which no notice came: the company is asked, later and later, and what it says counts as a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from cast import FATHER
from door_support import Played, played
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.enrolment.payment_worker import ask_about_payments, keep_asking
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import Payment, PaymentNotice, Receipt
from huimin.platform.payments.unanswered import MOST_QUERIES
from platform_support import Caller, order_for, resident, signed_in
from served import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        # Nobody answers where notices go: each is as good as lost.
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def an_order(api: Caller, index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = api.post("channel-1", "/api/v1/orders", order_for(index)).json()
    return found


def pays(order: dict[str, Any], how: str) -> None:
    """As the payer's browser does: the company's page, and one of its buttons."""
    with httpx.Client(trust_env=False) as browser:
        assert browser.get(order["pay_at"]).status_code == 200
        at = order["pay_at"].partition("?")[0]
        assert browser.post(at, data={"reference": order["reference"], "how": how}).status_code == 303


def payment_of(order: dict[str, Any]) -> Payment:
    found: Payment = Payment.objects.get(reference=order["reference"])
    return found


def time_has_come() -> None:
    Payment.objects.filter(query_at__isnull=False).update(query_at=timezone.now() - timedelta(seconds=1))


def status(api: Caller, order: dict[str, Any]) -> str:
    return str(api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()["status"])


def test_a_payment_whose_notice_got_lost_is_asked_about_after_a_minute_and_gives_its_policy(
    api: Caller, city: City, sandbox: Played
) -> None:
    order = an_order(api)
    pays(order, "lost")
    wait = payment_of(order).query_at - timezone.now()
    assert timedelta(seconds=55) < wait <= timedelta(seconds=60)
    assert ask_about_payments() == 0
    time_has_come()
    assert ask_about_payments() == 1
    assert status(api, order) == "issued"
    time_has_come()
    assert ask_about_payments() == 0
    assert verify_city(city).faults == []


def test_a_payment_that_nobody_makes_is_asked_about_ever_more_rarely_and_not_for_ever(
    api: Caller, sandbox: Played
) -> None:
    order = an_order(api)
    waits = []
    for _ in range(MOST_QUERIES):
        time_has_come()
        assert ask_about_payments() == 1
        next_time = payment_of(order).query_at
        waits.append(next_time and round((next_time - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, *[360] * 10, None]
    time_has_come()
    assert ask_about_payments() == 0
    assert status(api, order) == "waiting"


def test_a_worker_goes_on_asking_until_it_is_told_to_stop(api: Caller, sandbox: Played) -> None:
    order = an_order(api)
    pays(order, "lost")
    time_has_come()
    over = iter([False, True])
    keep_asking(pause=0, until=lambda: next(over))
    assert status(api, order) == "issued"


def test_the_payers_page_asks_nobody_and_lets_the_worker_ask_now(api: Caller, city: City, sandbox: Played) -> None:
    order = an_order(api)
    pays(order, "lost")
    Payment.objects.filter(reference=order["reference"]).update(query_at=None)
    payer = Order.objects.get(reference=order["reference"]).applicant
    client = signed_in(payer)
    before = len(sandbox.sandbox.parties["payment-company"].seen)
    page = client.get(f"/{city.code}/orders/{order['reference']}/status/?ask=1").content.decode()
    assert "已向支付机构查询" in page
    assert len(sandbox.sandbox.parties["payment-company"].seen) == before
    assert ask_about_payments() == 1
    assert "投保成功" in client.get(f"/{city.code}/orders/{order['reference']}/").content.decode()


def test_another_payer_can_not_have_it_asked_about(api: Caller, city: City, sandbox: Played) -> None:
    order = an_order(api)
    Payment.objects.filter(reference=order["reference"]).update(query_at=None)
    page = signed_in(resident(city, FATHER)).get(f"/{city.code}/orders/{order['reference']}/status/?ask=1")
    assert (page.status_code, payment_of(order).query_at) == (404, None)


def test_a_company_that_is_away_counts_against_no_payment(api: Caller, sandbox: Played, settings: Any) -> None:
    orders = [an_order(api, index) for index in (0, 1)]
    there, settings.PAYMENT_GATEWAY = settings.PAYMENT_GATEWAY, f"http://127.0.0.1:{free_port()}"
    time_has_come()
    assert ask_about_payments() == 0
    for order in orders:
        payment = payment_of(order)
        assert payment.queries == 0
        assert timedelta(seconds=25) < payment.query_at - timezone.now() <= timedelta(seconds=30)
    settings.PAYMENT_GATEWAY = there
    time_has_come()
    assert ask_about_payments() == 2


def test_an_answer_that_says_nothing_reliable_of_one_payment_does_not_stop_the_next(
    api: Caller, sandbox: Played
) -> None:
    first, second = an_order(api, 0), an_order(api, 1)
    for order in (first, second):
        pays(order, "lost")
    sandbox.behaviour("payment-company").press("contradict")
    time_has_come()
    assert ask_about_payments() == 2
    assert (status(api, first), status(api, second)) == ("waiting", "issued")
    time_has_come()
    ask_about_payments()
    assert status(api, first) == "issued"


def test_a_failed_attempt_is_recorded_once_and_the_one_that_succeeds_pays(api: Caller, sandbox: Played) -> None:
    order = an_order(api)
    pays(order, "fail")
    for _ in range(3):
        time_has_come()
        assert ask_about_payments() == 1
    notices = PaymentNotice.objects.filter(reference=order["reference"])
    assert list(notices.values_list("verdict", flat=True)) == ["failed"]
    pays(order, "lost")
    time_has_come()
    assert ask_about_payments() == 1
    assert status(api, order) == "issued"


def test_a_notice_that_comes_after_the_answer_is_a_repeat(api: Caller, city: City, sandbox: Played) -> None:
    order = an_order(api)
    pays(order, "lost")
    time_has_come()
    ask_about_payments()
    told = sandbox.sandbox.company.orders[order["reference"]].notice
    assert told is not None
    answer = api.pay(
        order["reference"],
        told["amount"],
        notice=told["notice_id"],
        transaction=told["transaction"],
        paid_at=told["paid_at"],
    )
    assert answer.content == b"success"
    notices = PaymentNotice.objects.filter(reference=order["reference"]).order_by("pk")
    assert list(notices.values_list("verdict", flat=True)) == ["paid", "repeat"]
    assert Receipt.objects.of(city).filter(reference=order["reference"]).count() == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_however_badly_the_company_answers_each_payment_is_received_once(
    api: Caller, city: City, sandbox: Played, seed: int
) -> None:
    orders = [an_order(api, index) for index in range(4)]
    for order in orders:
        pays(order, "lost")
    sandbox.behaviour("payment-company").sow(seed, 60)
    for _ in range(60):
        time_has_come()
        ask_about_payments()
        if all(payment_of(order).status == "paid" for order in orders):
            break
    references = [order["reference"] for order in orders]
    assert Receipt.objects.of(city).filter(reference__in=references).count() == 4
    assert Policy.objects.of(city).filter(order_line__order__reference__in=references).count() == 4
    assert verify_city(city).faults == []
