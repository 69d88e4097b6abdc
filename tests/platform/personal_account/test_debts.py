"""An agency strikes out what a policy was issued on: the payer is asked, pays otherwise, and every fen is booked."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from account_support import OWN_AREA, a_listed_family, officer
from acting import themself
from cast import DAUGHTER
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import AccountDebt, AccountLine, PaymentCase, PaymentNotice, Refund
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck, decide_lines
from huimin.platform.payments.personal_account.debts import ask_for_debt, debts_of
from huimin.platform.people.models import Resident
from huimin.platform.servicing.withdrawal import withdraw
from platform_support import Caller, signed_in


@pytest.fixture
def struck(city: City, sandbox: Played) -> AccountLine:
    """The mother's line, struck out after her policy was issued."""
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    why = {keys[2]: Struck(StrikeReason.OTHER, "重名")}
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=keys[:2], struck=why)
    line: AccountLine = AccountLine.objects.of(city).get(key=keys[2])
    return line


def owed(city: City) -> int:
    return balances(city).get(("payer_receivable", ""), 0)


def asked(line: AccountLine) -> str:
    """The reference of the payment that is asked for."""
    address = ask_for_debt(actor=themself(line.payer), key=line.key)
    assert parse_qs(urlparse(address).query)["amount"] == ["158.00"]
    return parse_qs(urlparse(address).query)["reference"][0]


def test_the_payer_sees_the_debt_and_one_tap_leads_to_the_company(city: City, struck: AccountLine) -> None:
    browser = signed_in(struck.payer)
    page = browser.get("/demo/policies/").content.decode()
    assert "需要补缴" in page
    assert "158.00" in page
    answer = browser.post(f"/demo/policies/debts/{struck.key}/")
    assert "amount=158.00" in answer.headers["Location"]
    again = browser.post(f"/demo/policies/debts/{struck.key}/")
    assert (
        parse_qs(urlparse(again.headers["Location"]).query)["reference"]
        == parse_qs(urlparse(answer.headers["Location"]).query)["reference"]
    )
    assert AccountDebt.objects.of(city).count() == 1


def test_what_a_person_closed_stays_theirs_when_the_debt_is_paid(api: Caller, city: City, struck: AccountLine) -> None:
    case = PaymentCase.objects.of(city).get(kind="account_struck_out", key=struck.source)
    closed = {"closed_at": now(city), "closed_by": "staff:9", "note": "电话约定补缴"}
    PaymentCase.objects.of(city).filter(pk=case.pk).update(**closed)
    api.pay(asked(struck), "158.00")
    case.refresh_from_db()
    assert (case.closed_by, case.note) == ("staff:9", "电话约定补缴")


def test_a_paid_debt_is_booked_and_its_case_closed(api: Caller, city: City, struck: AccountLine) -> None:
    before = owed(city)
    reference = asked(struck)
    for _ in range(2):
        assert api.pay(reference, "158.00").content == b"success"
    assert owed(city) == before - 158_00
    assert debts_of(city, struck.payer_id) == []
    assert PaymentCase.objects.of(city).get(kind="account_struck_out", key=struck.source).closed_at is not None
    assert "需要补缴" not in signed_in(struck.payer).get("/demo/policies/").content.decode()
    with pytest.raises(HuiminError) as refused:
        ask_for_debt(actor=themself(struck.payer), key=struck.key)
    assert refused.value.code == "nothing_owed"
    assert verify_city(city).faults == []


@pytest.mark.parametrize(("fen", "transaction"), [("157.99", "T1"), ("158.00", "T2")])
def test_money_of_another_amount_or_paid_again_goes_back_to_the_payer(
    api: Caller, city: City, struck: AccountLine, fen: str, transaction: str
) -> None:
    reference = asked(struck)
    if fen == "158.00":
        api.pay(reference, "158.00", transaction="T0")
    assert api.pay(reference, fen, notice="N2", transaction=transaction).content == b"success"
    refund = Refund.objects.of(city).get(transaction=transaction)
    assert (refund.amount, refund.payee_id) == (int(fen.replace(".", "")), struck.payer_id)
    assert refund.reason == ("paid_again" if fen == "158.00" else "other_amount")
    assert verify_city(city).faults == []


def given_up(city: City, line: AccountLine) -> None:
    policy = Policy.objects.of(city).get(insured=line.insured_id, order_line__order__reference=line.order_reference)
    withdraw(actor=themself(line.payer), number=policy.number)


def test_what_was_paid_of_a_debt_goes_back_to_the_payer_when_the_policy_is_given_up(
    api: Caller, city: City, struck: AccountLine
) -> None:
    before, reference = owed(city), asked(struck)
    api.pay(reference, "158.00")
    given_up(city, struck)
    refund = Refund.objects.of(city).get(reference=reference)
    assert (refund.amount, refund.payee_id) == (158_00, struck.payer_id)
    assert owed(city) == before - 158_00
    assert verify_city(city).faults == []


def test_a_debt_paid_after_the_policy_was_given_up_goes_back_whole(
    api: Caller, city: City, struck: AccountLine
) -> None:
    """The payer had the company's page open."""
    before, reference = owed(city), asked(struck)
    given_up(city, struck)
    assert api.pay(reference, "158.00").content == b"success"
    refund = Refund.objects.of(city).get(reference=reference)
    assert refund.amount == 158_00
    assert owed(city) == before - 158_00
    assert AccountDebt.objects.of(city).get().paid == 0
    assert verify_city(city).faults == []


def test_nobody_pays_the_debt_of_another_or_one_that_is_not_there(city: City, struck: AccountLine) -> None:
    other: Any = Resident.objects.of(city).get(psn_no=DAUGHTER)
    for key in (struck.key, "A0"):
        with pytest.raises(NotAllowed):
            ask_for_debt(actor=themself(other), key=key)
    assert PaymentNotice.objects.of(city).filter(reference=struck.key).count() == 0
