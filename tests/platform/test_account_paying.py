"""Paying from the personal account on the resident's page: asked with consent, said in plain words, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from account_support import OWN_AREA, family, in_bureau, worked_off
from cast import MOTHER, WANG_FANG
from disclosure_support import confirm_by_page
from door_support import Played, played
from huimin.platform.enrolment.models import Order
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.models import City
from huimin.platform.payments.models import AccountLine, BalanceAsked
from huimin.platform.payments.personal_account.areas import set_account_area
from huimin.platform.people.models import Consent, Resident
from platform_support import person, signed_in

PAY, ACCOUNT = "/demo/enrol/pay/", "/demo/enrol/account/"


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def browser(city: City) -> Client:
    """Wang Fang has read what must be read, and orders for herself and her father."""
    found = signed_in(Resident.objects.of(city).get(psn_no=WANG_FANG))
    found.post("/demo/enrol/add/", {**person(1), "relation": "parent"})
    confirm_by_page(found, city)
    return found


def page(browser: Client) -> str:
    return browser.get(PAY).content.decode()


def asked(browser: Client) -> str:
    """The page once the bureau has answered."""
    assert browser.post(ACCOUNT).headers["Location"] == PAY
    worked_off()
    return page(browser)


def test_nobody_is_asked_before_the_resident_taps_below_the_words_of_the_consent(
    city: City, browser: Client, sandbox: Played
) -> None:
    assert "点击即表示同意：本平台向医保局查询您本人的个人账户余额" in page(browser)
    assert not BalanceAsked.objects.of(city).exists()
    browser.post(ACCOUNT)
    assert "正在向医保局查询" in page(browser)
    assert Consent.objects.of(city).filter(kind="account_balance").count() == 1


def test_the_page_says_what_the_account_pays_for_whom_and_one_tap_orders_it(
    city: City, browser: Client, sandbox: Played
) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    found = asked(browser)
    assert "用个人账户支付" in found
    assert "按月审核后划拨" in found
    answer = browser.post(PAY, {"consent": "yes", "way": "account"})
    order = Order.objects.of(city).get(applicant__psn_no=WANG_FANG)
    assert answer.headers["Location"] == f"/demo/orders/{order.reference}/"
    assert AccountLine.objects.of(city).filter(order_reference=order.reference, amount=158_00).count() == 2
    worked_off()
    order.refresh_from_db()
    assert order.status == "issued"


def test_without_the_tap_on_the_account_the_company_is_paid_everything(
    city: City, browser: Client, sandbox: Played
) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    asked(browser)
    answer = browser.post(PAY, {"consent": "yes", "way": "company"})
    assert "amount=316.00" in answer.headers["Location"]
    assert not AccountLine.objects.of(city).exists()


def test_where_the_area_lets_the_rest_be_paid_otherwise_the_company_is_asked_for_the_rest(
    city: City, browser: Client, sandbox: Played
) -> None:
    set_account_area(actor=demonstration_actor(city), area=OWN_AREA, place="jiangsu", since=date(2021, 12, 2))
    in_bureau(sandbox.sandbox.bureau, family(city), historic="4158.00")
    found = asked(browser)
    assert "历年余额没有超过本地规定的数额" in found
    answer = browser.post(PAY, {"consent": "yes", "way": "account"})
    assert "amount=158.00" in answer.headers["Location"]
    assert AccountLine.objects.of(city).get().amount == 158_00


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({"historic": "4000.00"}, "历年余额没有超过本地规定的数额"),
        ({"area": "320500"}, "尚未开通个人账户缴费"),
    ],
)
def test_an_account_that_may_not_pay_says_why_and_offers_no_button(
    city: City, browser: Client, sandbox: Played, account: dict[str, str], said: str
) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city), **account)
    found = asked(browser)
    assert said in found
    assert 'value="account"' not in found
    refused = browser.post(PAY, {"consent": "yes", "way": "account"})
    assert "amount=316.00" in refused.headers["Location"]


def test_who_has_no_account_is_told_so(city: City, browser: Client, sandbox: Played) -> None:
    assert "医保局没有查到您的个人账户" in asked(browser)


def test_a_balance_is_encrypted_where_it_lies_and_read_by_its_own_resident_alone(
    city: City, browser: Client, sandbox: Played
) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    asked(browser)
    row = BalanceAsked.objects.of(city).get()
    assert '"historic": 500000' in str(row.answer)
    other = signed_in(Resident.objects.of(city).get(psn_no=MOTHER))
    confirm_by_page(other, city)
    assert "查询我的个人账户" in page(other)
