"""The bank's door: one key is one payout, whatever answers get lost; what comes back; and the day's statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from door_support import Played, played
from huimin.platform.foundation.models import City, Exchange
from huimin.platform.gateways.bank import Bank, PaidOut, PayoutOrder, PayoutState
from huimin.platform.gateways.bank_http import bank_of
from huimin.platform.gateways.failures import Duplicate, Refused, Unclear
from huimin.platform.gateways.once import ask_once
from huimin.sandbox.bank import RETURN_KINDS

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 20)
ORDER = PayoutOrder("p1", 1_234_56, "王芳", "6222020000000000018", "理赔款 HM1", DAY)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def bank(city: City, sandbox: Played) -> Bank:
    return bank_of(city)


def test_a_payout_is_accepted_and_paid_when_it_is_asked_for_next(bank: Bank) -> None:
    assert bank.pay(ORDER) == PaidOut("p1", PayoutState.ACCEPTED, 1_234_56)
    assert bank.query("p1") == PaidOut("p1", PayoutState.PAID, 1_234_56)
    assert bank.query("nothing") is None


def test_the_same_order_again_is_the_same_payout_and_another_under_its_key_is_refused(bank: Bank) -> None:
    bank.pay(ORDER)
    bank.query("p1")
    assert bank.pay(ORDER).state is PayoutState.PAID
    with pytest.raises(Duplicate):
        bank.pay(PayoutOrder("p1", 1_234_57, ORDER.name, ORDER.account, ORDER.purpose, DAY))
    assert "合计,1,,,1234.56,0.00" in bank.statement(DAY)


@pytest.mark.parametrize("reason", RETURN_KINDS)
def test_a_payout_that_does_not_get_there_says_why_and_is_on_no_statement(
    bank: Bank, sandbox: Played, reason: str
) -> None:
    sandbox.behaviour("bank").press(reason)
    assert bank.pay(ORDER).state is PayoutState.ACCEPTED
    assert bank.query("p1") == PaidOut("p1", PayoutState.RETURNED, 1_234_56, reason)
    assert "合计,0,,,0.00,0.00" in bank.statement(DAY)


def test_a_payout_that_was_paid_may_come_back_and_stands_on_the_statement_twice(bank: Bank, sandbox: Played) -> None:
    bank.pay(ORDER)
    bank.query("p1")
    httpx.post(f"{sandbox.address}/bank/back", data={"key": "p1"})
    assert bank.query("p1") == PaidOut("p1", PayoutState.RETURNED, 1_234_56, "account_closed")
    assert "合计,2,,,1234.56,1234.56" in bank.statement(DAY)
    assert "合计,0,,,0.00,0.00" in bank.statement(date(2022, 4, 21))


@pytest.mark.parametrize("kind", ["lose_answer", "fault", "garble", "contradict", "forge", "repeat"])
def test_whatever_becomes_of_the_answer_a_query_tells_that_it_was_taken_once(
    bank: Bank, sandbox: Played, kind: str
) -> None:
    sandbox.behaviour("bank").press(kind)
    found = ask_once(lambda: bank.pay(ORDER), lambda: bank.query("p1"), asked_before=False)
    assert found == PaidOut("p1", PayoutState.PAID, 1_234_56)
    assert len(sandbox.sandbox.bank.payouts) == 1


def test_a_refusal_was_not_done(bank: Bank, sandbox: Played) -> None:
    sandbox.behaviour("bank").press("refuse")
    with pytest.raises(Refused):
        bank.pay(ORDER)
    assert bank.query("p1") is None


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"account": ""}, {"name": ""}, {"purpose": ""}])
def test_an_order_without_money_account_name_or_purpose_is_refused(bank: Bank, wrong: dict[str, Any]) -> None:
    fields = {name: getattr(ORDER, name) for name in ("key", "amount", "name", "account", "purpose", "day")}
    with pytest.raises(Refused, match="bad_payout"):
        bank.pay(PayoutOrder(**{**fields, **wrong}))


def test_neither_name_nor_account_is_kept_in_the_record_of_what_was_asked(bank: Bank, city: City) -> None:
    bank.pay(ORDER)
    asked = json.loads(Exchange.objects.of(city).get().asked)
    assert (asked["name"], asked["account"]) == ("******", "******")
    assert "6222" not in repr(ORDER)


def test_an_answer_of_another_amount_says_nothing(bank: Bank, sandbox: Played) -> None:
    bank.pay(ORDER)
    sandbox.sandbox.bank.payouts["p1"].amount += 1
    with pytest.raises(Unclear, match="contradicts"):
        bank.pay(ORDER)


def test_a_statement_of_another_day_or_with_another_digest_is_none(bank: Bank, sandbox: Played) -> None:
    bank.pay(ORDER)
    bank.query("p1")
    assert bank.statement(DAY).splitlines()[0] == "记账时间,流水号,付款编号,摘要,借方金额,贷方金额"
    sandbox.behaviour("bank").press("garble")
    with pytest.raises(Unclear):
        bank.statement(DAY)
