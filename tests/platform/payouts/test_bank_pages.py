"""The bank's days on the handler's pages: totals, differences, and the finding that answers one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bank_days import bank_line, stated
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.models import City
from huimin.platform.payments.models import PaymentCase
from huimin.platform.payments.reconciliation.services import reconcile
from platform_support import logged_in

pytestmark = pytest.mark.django_db
DAY = date(2022, 2, 14)
ADDRESS = f"/staff/reconciliation/bank-main/{DAY}/"


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def case(city: City) -> PaymentCase:
    """The bank took a fee of 200 yuan."""
    content = stated(bank_line(DAY, "fee", 200_00))
    reconcile(actor=queue_actor(city), provider="bank-main", day=DAY, content=content)
    found: PaymentCase = PaymentCase.objects.of(city).get(kind="bank_not_booked")
    return found


def test_the_page_of_a_day_shows_what_we_booked_what_the_bank_states_and_the_difference(case: PaymentCase) -> None:
    client = logged_in("handler")
    said = client.get(ADDRESS).content.decode()
    for words in ("我方记账", "银行对账单", "差额", "¥200.00", "银行有这笔记账，我方没有", "有差异待查明"):
        assert words in said
    assert "结束这一天" not in said
    english = logged_in("handler", "en").get(ADDRESS).content.decode()
    for words in ("Booked by us", "Stated by the bank", "Difference", "Differences to explain"):
        assert words in english
    days = client.get("/staff/reconciliation/").content.decode()
    assert "银行" in days
    assert ADDRESS in days


def test_a_handler_answers_a_difference_on_the_page_and_the_day_is_closed(case: PaymentCase) -> None:
    client, at = logged_in("handler"), f"/staff/payments/{case.pk}/find/"
    shown = client.get("/staff/payments/").content.decode()
    assert "银行200.00 元，我方没有记账" in shown
    assert "与赔款无关的款项" in shown
    assert "重新列为应付" not in shown
    refused = client.post(at, {"answer": "not_for_claims", "note": ""}).content.decode()
    assert "请写明处理依据" in refused
    refused = client.post(at, {"answer": "not_paid", "note": "银行答复"}).content.decode()
    assert "这个结论不适用于这种差异" in refused
    note = client.post(f"/staff/payments/{case.pk}/close/", {"note": "手续费"}).content.decode()
    assert "须选择认定结论" in note
    assert client.post(at, {"answer": "not_for_claims", "note": "二月账户管理费"}).status_code == 302
    said = client.get(ADDRESS).content.decode()
    assert "已结束" in said
    assert "二月账户管理费" in said


def test_the_bank_may_be_asked_for_a_day_and_its_corrected_statement_sent_by_hand(case: PaymentCase) -> None:
    client = logged_in("handler")
    assert client.post("/staff/reconciliation/ask/", {"day": "2022-02-13", "provider": "bank-main"}).status_code == 302
    assert client.post("/staff/reconciliation/ask/", {"day": "2022-02-13", "provider": "nobody"}).status_code != 302
    assert "结束这一天" not in client.get(ADDRESS).content.decode()
