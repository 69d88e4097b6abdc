"""A personal account pays at the counter: looked at by consent on paper, and the rest in cash or by telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from account_support import family, in_bureau, worked_off
from acting import acting
from cast import WANG_FANG
from counter_support import serving
from door_support import Played, played
from huimin.platform.counter.enrolling import ask_balance_at_counter
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import CashPart, CounterConsent, How
from huimin.platform.enrolment.models import LineMeans, Order, Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import AccountLine, BalanceAsked
from huimin.platform.people.models import Consent, Resident
from huimin.platform.people.selectors import named_persons
from platform_support import logged_in, signed_in

PERSON, ACCOUNT = "/staff/counter/person/", "/staff/counter/person/account/"
ON_PAPER = {"how": "paper", "paper": "GZ-0042"}


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def wang(city: City) -> Resident:
    found: Resident = Resident.objects.of(city).get(psn_no=WANG_FANG)
    return found


@pytest.fixture
def counter(city: City) -> Client:
    """Wang Fang stands at the counter, and insures her father too."""
    staff, (payer, father, *_rest) = logged_in("counter"), family(city)
    staff.post("/staff/counter/", {"name": payer.name, "id_number": payer.id_number})
    staff.post(f"{PERSON}add/", {"name": father.name, "id_number": father.id_number, "relation": "parent"})
    return staff


def page(counter: Client) -> str:
    return counter.get(PERSON).content.decode()


def looked_at(counter: Client) -> str:
    """The page once the bureau has answered."""
    assert counter.post(ACCOUNT, ON_PAPER).status_code == 302
    worked_off()
    return page(counter)


def order(counter: Client, pay: str) -> Any:
    words = re.search('name="words" value="([0-9a-f]+)"', page(counter))
    assert words is not None
    return counter.post(PERSON, {"words": words[1], **ON_PAPER, "pay": pay})


def means(city: City) -> list[tuple[str, int, str]]:
    rows = LineMeans.objects.of(city).filter(line__order__channel="counter").order_by("kind", "pk")
    return list(rows.values_list("kind", "amount", "status"))


def test_the_bureau_is_asked_once_the_person_agreed_on_paper_and_it_is_kept_who_wrote_it_down(
    city: City, counter: Client, sandbox: Played
) -> None:
    assert "本人同意：本平台向医保局查询本人的个人账户余额" in page(counter)
    refused = counter.post(ACCOUNT, {"how": "paper", "paper": " "})
    assert refused.status_code == 422
    assert not BalanceAsked.objects.of(city).exists()
    counter.post(ACCOUNT, ON_PAPER)
    assert "正在向医保局查询" in page(counter)
    assert Consent.objects.of(city).filter(kind="account_balance", resident=wang(city)).count() == 1
    told = AuditEvent.objects.of(city).get(action="counter_balance_asked")
    assert (told.actor, told.subject) == (serving(city).text, f"resident:{wang(city).pk}")
    assert told.detail == {"how": "paper", "paper": "GZ-0042"}


def test_the_account_pays_everything_and_no_cash_is_asked_for(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    found = looked_at(counter)
    assert "个人账户全额支付" in found
    assert "其余现金" not in found
    answer = order(counter, "account")
    assert answer.status_code == 302
    assert not CashPart.objects.of(city).exists()
    assert means(city) == [("account", 158_00, "expected"), ("account", 158_00, "expected")]
    assert "等待确认" in counter.get(answer["Location"]).content.decode()
    worked_off()
    assert Order.objects.get(city=city, channel="counter").status == "issued"
    assert "打印保单" in counter.get(answer["Location"]).content.decode()
    assert AccountLine.objects.of(city).filter(payer=wang(city)).count() == 2
    assert CounterConsent.objects.of(city).get().paper == "GZ-0042"
    assert verify_city(city).faults == []


def test_what_the_account_does_not_cover_is_paid_in_cash(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city), historic="4158.00")
    found = looked_at(counter)
    assert "个人账户，其余现金" in found
    assert "全额" not in found
    address = order(counter, "account_cash")["Location"]
    worked_off()
    assert means(city) == [("account", 158_00, "in"), ("cash", 158_00, "expected")]
    assert "应收" in counter.get(address).content.decode()
    counter.post(f"{address}take/")
    worked_off()
    assert Order.objects.get(city=city, channel="counter").status == "issued"
    assert CashPart.objects.of(city).get().fen == 158_00
    assert verify_city(city).faults == []


def test_the_rest_is_paid_by_telephone(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city), historic="4158.00")
    looked_at(counter)
    order(counter, "account_phone")
    assert means(city) == [("account", 158_00, "expected")]
    placed = Order.objects.select_related("payment").get(city=city, channel="counter")
    assert placed.payment is not None
    assert placed.payment.amount == 158_00


def test_an_account_that_can_pay_nothing_is_no_way_to_pay(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city), historic="4000.00")
    found = looked_at(counter)
    assert "历年余额没有超过本地规定的数额" in found
    assert 'value="account' not in found
    answer = order(counter, "account_cash")
    assert answer.status_code == 422
    assert not Order.objects.filter(city=city, channel="counter").exists()


def test_a_hold_that_the_bureau_refuses_leaves_whom_cash_pays_for_insured_and_says_so(
    city: City, counter: Client, sandbox: Played
) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city), historic="4158.00")
    looked_at(counter)
    address = order(counter, "account_cash")["Location"]
    counter.post(f"{address}take/")
    in_bureau(sandbox.sandbox.bureau, family(city), historic="0.00")
    worked_off()
    assert "未能支付" in counter.get(address).content.decode()
    part = CashPart.objects.of(city).get()
    assert part.state == "used"
    assert [policy.insured_id for policy in Policy.objects.of(city).filter(order_line__order__channel="counter")] == [
        part.insured_id
    ]
    assert part.insured_id != wang(city).pk
    assert verify_city(city).faults == []


def test_what_somebody_asked_at_home_is_not_shown_at_the_counter(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    BalanceAsked.objects.all().delete()
    signed_in(wang(city)).post("/demo/enrol/account/")
    worked_off()
    assert BalanceAsked.objects.of(city).get().state == "answered"
    found = page(counter)
    assert "查询个人账户" in found
    assert "个人账户全额支付" not in found


def test_the_next_person_at_the_counter_is_asked_anew(city: City, counter: Client, sandbox: Played) -> None:
    in_bureau(sandbox.sandbox.bureau, family(city))
    looked_at(counter)
    payer = wang(city)
    counter.post("/staff/counter/", {"name": payer.name, "id_number": payer.id_number})
    assert "个人账户全额支付" not in page(counter)


@pytest.mark.parametrize(("how", "paper"), [(How.PAPER, " "), (How.FINGERPRINT, ""), (How.CODE, "GZ-1")])
def test_without_a_papers_number_nobody_is_asked(city: City, how: How, paper: str) -> None:
    person = named_persons(city, [wang(city).pk])[wang(city).pk]
    with pytest.raises(CounterError) as caught:
        ask_balance_at_counter(actor=serving(city), resident=person, how=how, paper=paper, words="同意")
    assert caught.value.code == "paper_number_missing"
    assert not BalanceAsked.objects.of(city).exists()


def test_a_handler_does_not_look_at_accounts(city: City) -> None:
    person = named_persons(city, [wang(city).pk])[wang(city).pk]
    with pytest.raises(NotAllowed):
        ask_balance_at_counter(
            actor=acting(city, "handler"), resident=person, how=How.PAPER, paper="GZ-1", words="同意"
        )
