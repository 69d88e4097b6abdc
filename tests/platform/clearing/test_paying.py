"""What is agreed to or decided is paid to the hospital's account, once, and walks to the bank's statement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from acting import acting
from bank_days import bank_line, next_day, stated
from claims_support import limit_is, reversal
from clearing_support import (
    HOSPITAL,
    PARTY,
    account_confirmed,
    answered,
    billed,
    lines_of,
    pay_night,
    stated_month,
    states,
)
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.clearing.answering import Answers, Disputed
from huimin.platform.clearing.deciding import decide_line
from huimin.platform.clearing.models import DisputeReason, HospitalStatement, StatementLine
from huimin.platform.clearing.paying import pay_party
from huimin.platform.clearing.reading import open_before, statement_by_id
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.ledger.api import owed_by_fact
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.reconciliation.reading import reconciled_day
from huimin.platform.payments.reconciliation.services import reconcile
from huimin.platform.payouts.deciding import agree_to_payout, propose_payout
from huimin.platform.payouts.hospital_accounts import (
    agree_to_hospital_account,
    hospital_account,
    propose_hospital_account,
)
from huimin.platform.payouts.models import ClaimPayout, HospitalAccount, PayoutPart
from huimin.platform.payouts.paying_hospitals import pay_hospital
from huimin.platform.payouts.sending import came_back
from payouts_support import paid_out
from platform_support import Caller
from servicing_support import day_is

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2022, 4, 1), date(2022, 5, 1)
DISPUTE = Disputed(DisputeReason.OTHER_AMOUNT)


def payouts(city: City) -> list[ClaimPayout]:
    return list(ClaimPayout.objects.of(city).filter(hospital=PARTY.text).order_by("pk"))


def owes(city: City) -> int:
    return sum(owed_by_fact(city, PARTY).values())


def faults(city: City) -> list[str]:
    return list(verify_city(city).faults)


def state(city: City, statement: HospitalStatement) -> str:
    found = statement_by_id(city, statement.pk)
    assert found is not None
    return found.state.value


@pytest.fixture
def agreed(api: Caller, covered: City, hospital: ApiClient, sandbox: Played) -> HospitalStatement:
    """Two lines, both agreed to; the hospital's account is confirmed."""
    billed(api, "A", "2022-04-12")
    billed(api, "B", "2022-04-18", 10_000_00)
    statement = stated_month(covered, hospital)
    account_confirmed(covered)
    answered(statement, hospital, Answers(rest=True))
    return statement


def test_an_agreed_statement_is_paid_by_one_payout_and_the_journal_owes_nothing(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    assert (owes(covered), state(covered, agreed)) == (agreed.amount, "settled")
    banked = balances(covered).get(("bank", "bank:main"), 0)
    pay_night(covered)
    (payout,) = payouts(covered)
    assert (payout.amount, payout.status, payout.policy_number) == (agreed.amount, "paid", "")
    assert {line.payout_id for line in lines_of(agreed)} == {payout.pk}
    assert sorted(PayoutPart.objects.of(covered).filter(payout=payout).values_list("source", "amount")) == sorted(
        (line.source, line.amount) for line in lines_of(agreed)
    )
    assert (owes(covered), balances(covered)["bank", "bank:main"] - banked) == (0, -agreed.amount)
    (order,) = sandbox.sandbox.bank.payouts.values()
    assert (order.account, order.amount) == ("3200123456789000", agreed.amount)
    assert "第九医院" in order.content.decode()
    assert (state(covered, agreed), faults(covered)) == ("paid", [])


def test_the_money_walks_to_the_banks_statement_and_the_day_agrees_to_the_fen(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    for _ in range(4):
        sandbox.behaviour("bank").press("lose_answer")
    pay_night_once(covered)
    sandbox.behaviour("bank").sow(0, 0)
    (payout,) = payouts(covered)
    assert payout.status == "asked"
    day = next_day(covered)
    content = stated(bank_line(day, payout.key, agreed.amount))
    reconcile(actor=queue_actor(covered), provider="bank-main", day=day, content=content)
    payout.refresh_from_db()
    facts = reconciled_day(covered, "bank-main", day)
    assert facts is not None
    assert (payout.status, facts.state, facts.booked, facts.difference) == ("paid", "closed", agreed.amount, 0)
    assert (state(covered, agreed), faults(covered)) == ("paid", [])


def pay_night_once(city: City) -> None:
    pay_party(city, PARTY)
    paid_out(city, rounds=1)


def test_nothing_is_paid_twice_however_often_the_night_comes(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    for kind in ("lose_answer", "fault", "contradict", "busy"):
        sandbox.behaviour("bank").press(kind)
    for _ in range(4):
        pay_night(covered)
    assert [one.amount for one in payouts(covered)] == [agreed.amount]
    assert [one.amount for one in sandbox.sandbox.bank.lines] == [agreed.amount]
    assert faults(covered) == []


def test_while_lines_are_open_nothing_is_paid_before_the_last_day_is_over(
    covered: City, hospital: ApiClient, api: Caller, sandbox: Played
) -> None:
    first = billed(api, "A", "2022-04-12")
    billed(api, "B", "2022-04-18", 10_000_00)
    statement = stated_month(covered, hospital)
    account_confirmed(covered)
    answered(statement, hospital, Answers([1]))
    day_is(covered, statement.answer_until)
    pay_night(covered)
    assert payouts(covered) == []
    day_is(covered, statement.answer_until + timedelta(days=1))
    pay_night(covered)
    assert [one.amount for one in payouts(covered)] == [first]
    assert (states(statement), owes(covered)) == (["agreed", "open"], statement.amount - first)
    assert (state(covered, statement), faults(covered)) == ("overdue", [])


def test_a_line_that_is_found_to_stand_is_paid_later_and_one_to_be_corrected_with_its_reversal(
    covered: City, hospital: ApiClient, api: Caller, sandbox: Played
) -> None:
    first, second = billed(api, "A", "2022-04-12"), billed(api, "B", "2022-04-18", 10_000_00)
    statement = stated_month(covered, hospital)
    account_confirmed(covered)
    answered(statement, hospital, Answers(disputed={1: DISPUTE, 2: DISPUTE}))
    pay_night(covered)
    assert (payouts(covered), state(covered, statement)) == ([], "disputed")
    one, other = (line.pk for line in lines_of(statement))
    handler = acting(covered, "handler")
    decide_line(actor=handler, line_id=one, finding="to_correct", note="应冲销")
    decide_line(actor=handler, line_id=other, finding="stands", note="无误")
    pay_night(covered)
    assert [payout.amount for payout in payouts(covered)] == [second]
    assert (state(covered, statement), owes(covered), faults(covered)) == ("to_correct", first, [])
    day_is(covered, date(2022, 5, 20))
    api.settle(reversal("R", "2022-05-19", "A"), client=HOSPITAL)
    third = billed(api, "C", "2022-05-19", 10_000_00)
    following = stated_month(covered, hospital, MAY)
    answered(following, hospital, Answers(rest=True))
    pay_night(covered)
    assert [payout.amount for payout in payouts(covered)] == [second, third]
    assert (owes(covered), state(covered, statement), state(covered, following)) == (0, "paid", "paid")
    assert faults(covered) == []


def test_what_a_hospital_owes_is_carried_forward_and_kept_of_what_comes_next(
    covered: City, hospital: ApiClient, api: Caller, agreed: HospitalStatement, sandbox: Played
) -> None:
    pay_night(covered)
    fen = lines_of(agreed)[0].amount
    api.settle(reversal("R", "2022-05-02", "A"), client=HOSPITAL)
    may = stated_month(covered, hospital, MAY)
    answered(may, hospital, Answers(rest=True))
    pay_night(covered)
    assert [one.amount for one in payouts(covered)] == [agreed.amount]
    assert (may.amount, owes(covered), state(covered, may)) == (-fen, -fen, "carried")
    assert faults(covered) == []
    day_is(covered, date(2022, 6, 20))
    more = billed(api, "C", "2022-06-12", 40_000_00)
    june = stated_month(covered, hospital, date(2022, 6, 1))
    found = statement_by_id(covered, june.pk)
    assert found is not None
    assert open_before(covered, found) == -fen
    answered(june, hospital, Answers(rest=True))
    pay_night(covered)
    last = payouts(covered)[-1]
    assert (last.amount, owes(covered)) == (more - fen, 0)
    parts = dict(PayoutPart.objects.of(covered).filter(payout=last).values_list("source", "amount"))
    assert parts == {f"settlement:{HOSPITAL}:A": -fen, f"settlement:{HOSPITAL}:C": more}
    assert (state(covered, may), faults(covered)) == ("paid", [])


def test_a_bill_and_its_reversal_in_one_statement_come_to_nothing_and_are_carried(
    covered: City, hospital: ApiClient, api: Caller, sandbox: Played
) -> None:
    billed(api, "A", "2022-04-12")
    api.settle(reversal("R", "2022-04-19", "A"), client=HOSPITAL)
    statement = stated_month(covered, hospital)
    account_confirmed(covered)
    answered(statement, hospital, Answers(rest=True))
    pay_night(covered)
    assert (payouts(covered), state(covered, statement), faults(covered)) == ([], "carried", [])


def test_without_an_account_nothing_is_paid_and_a_changed_one_waits_a_day(
    covered: City, hospital: ApiClient, api: Caller, sandbox: Played
) -> None:
    billed(api, "A", "2022-04-12")
    statement = stated_month(covered, hospital)
    answered(statement, hospital, Answers(rest=True))
    pay_night(covered)
    assert payouts(covered) == []
    account_confirmed(covered)
    account_confirmed(covered, "9988776655443322")
    day = covered.demonstration_day
    assert day is not None
    changed = hospital_account(covered, PARTY)
    assert changed is not None
    assert (changed.last_four, changed.usable_from) == ("3322", day + timedelta(days=1))
    pay_night(covered)
    assert [one.status for one in payouts(covered)] == ["waiting"]
    assert sandbox.sandbox.bank.payouts == {}


def test_what_comes_back_is_owed_again_and_goes_to_an_account_that_is_given_anew(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    sandbox.behaviour("bank").press("account_closed")
    pay_night(covered)
    (first,) = payouts(covered)
    assert (first.status, first.fault, owes(covered)) == ("returned", "account_closed", agreed.amount)
    assert state(covered, agreed) == "settled"
    pay_night(covered)
    assert len(payouts(covered)) == 1
    account_confirmed(covered)
    day_is(covered, agreed.answer_until)
    pay_night(covered)
    assert [one.status for one in payouts(covered)] == ["returned", "paid"]
    assert came_back(city=covered, key=payouts(covered)[-1].key, reason="account_closed")
    assert (owes(covered), faults(covered)) == (agreed.amount, [])


def test_above_the_citys_amount_two_people_let_the_payout_go(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    limit_is(covered, agreed.amount - 1)
    pay_night(covered)
    (payout,) = payouts(covered)
    assert (payout.status, state(covered, agreed)) == ("second_person", "paying")
    propose_payout(actor=acting(covered, "handler"), payout_id=payout.pk, note="与结算单一致")
    agree_to_payout(actor=acting(covered, "approver"), payout_id=payout.pk, agrees=True, note="同意")
    paid_out(covered)
    assert [one.status for one in payouts(covered)] == ["paid"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": "1234567"}, "bad_account_number"),
        ({"number": "1" * 33}, "bad_account_number"),
        ({"number": "12345678A"}, "bad_account_number"),
        ({"bank_name": " "}, "bank_missing"),
        ({"bank_name": "行" * 41}, "bank_missing"),
        ({"holder": ""}, "holder_missing"),
        ({"holder": "院" * 81}, "holder_missing"),
        ({"note": " "}, "note_missing"),
    ],
)
def test_an_account_that_cannot_be_one_is_refused_and_nothing_is_kept(
    covered: City, hospital: ApiClient, changed: dict[str, str], code: str
) -> None:
    given = {"holder": "第九医院", "number": "12345678", "bank_name": "示范银行", "note": "来函"}
    with pytest.raises(HuiminError) as refused:
        propose_hospital_account(actor=acting(covered, "handler"), party=PARTY, **{**given, **changed})
    assert refused.value.code == code
    assert not HospitalAccount.objects.of(covered).exists()


def test_one_person_gives_an_account_and_another_confirms_it(covered: City, hospital: ApiClient) -> None:
    handler, approver = acting(covered, "handler"), acting(covered, "approver")
    given = {"holder": "第九医院", "number": "１２３４ 5678", "bank_name": "示范银行", "note": "来函"}
    with pytest.raises(NotAllowed):
        propose_hospital_account(actor=approver, party=PARTY, **given)
    propose_hospital_account(actor=handler, party=PARTY, **given)
    assert hospital_account(covered, PARTY) is None
    with pytest.raises(HuiminError) as refused:
        propose_hospital_account(actor=handler, party=PARTY, **given)
    assert (refused.value.code, HospitalAccount.objects.of(covered).count()) == ("already_proposed", 1)
    with pytest.raises(NotAllowed):
        agree_to_hospital_account(actor=handler, party=PARTY, agrees=True, note="同意")
    agree_to_hospital_account(actor=approver, party=PARTY, agrees=False, note="户名不符")
    assert hospital_account(covered, PARTY) is None
    propose_hospital_account(actor=handler, party=PARTY, **given)
    agree_to_hospital_account(actor=approver, party=PARTY, agrees=True, note="同意")
    found = hospital_account(covered, PARTY)
    assert found is not None
    assert (found.number, found.last_four, found.usable_from) == ("12345678", "5678", covered.demonstration_day)


def test_a_hospital_is_paid_only_what_it_is_owed_and_to_an_account(covered: City, hospital: ApiClient) -> None:
    with pytest.raises(HuiminError) as refused:
        pay_hospital(covered, PARTY, {"settlement:x:A": 1})
    assert refused.value.code == "no_account_to_pay"
    account_confirmed(covered)
    for owed in ({}, {"settlement:x:A": 5, "settlement:x:B": -5}, {"settlement:x:A": -1}):
        with pytest.raises(HuiminError) as refused:
            pay_hospital(covered, PARTY, owed)
        assert refused.value.code == "nothing_to_pay_out"


def test_verification_names_lines_that_are_not_those_of_their_payout(
    covered: City, agreed: HospitalStatement, sandbox: Played
) -> None:
    pay_night(covered)
    StatementLine.objects.of(covered).filter(statement=agreed, number=1).update(payout=None)
    said = faults(covered)
    assert any("fen and its lines" in one for one in said)
    assert any("and the journal owes 0 fen" in one for one in said)
