"""What is owed to the insured is paid to their account once, whatever the bank's answers do, and booked to the fen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from acting import acting, themself
from cast import FATHER
from claims_support import change, owed
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payouts.account_numbers import card_number
from huimin.platform.payouts.accounts import accounts_of, give_account
from huimin.platform.payouts.deciding import agree_to_payout, propose_payout
from huimin.platform.payouts.making import due_payouts
from huimin.platform.payouts.models import ClaimPayout, PayoutPart
from huimin.platform.payouts.sending import came_back
from huimin.platform.people.models import Resident
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from payouts_support import CARD, OTHER_CARD, account_code, account_given, owed_to_insured, paid_out
from platform_support import Caller, a_bill, resident
from servicing_support import day_is
from work_support import work_off

pytestmark = pytest.mark.django_db
OWED = 5_500_00


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def templates(city: City, *names: str) -> list[str]:
    tasks = Task.objects.of(city).filter(kind="notice").order_by("pk")
    said = [str(json.loads(task.payload)["template"]) for task in tasks if task.payload]
    return [one for one in said if one in names]


def test_what_is_owed_to_the_insured_is_paid_to_their_account_and_booked(
    api: Caller, covered: City, sandbox: Played
) -> None:
    before, banked = owed(covered), balances(covered).get(("bank", "bank:main"), 0)
    father = owed_to_insured(api, covered)
    account_given(father)
    (payout,) = paid_out(covered)
    assert (payout.amount, payout.status, payout.payee_id) == (OWED, "paid", father.pk)
    assert {key[1].partition(":")[0] for key in change(before, owed(covered))} == {"hospital"}
    assert balances(covered)["bank", "bank:main"] - banked == -OWED
    assert balances(covered).get(("claim_in_payment", f"policy:{payout.policy_number}"), 0) == 0
    (at_bank,) = sandbox.sandbox.bank.payouts.values()
    assert (at_bank.amount, at_bank.account, at_bank.state) == (OWED, CARD, "paid")
    assert templates(covered, "payout_paid") == ["payout_paid"]
    assert verify_city(covered).faults == []


def test_without_an_account_the_insured_is_asked_for_one_and_paid_as_soon_as_there_is_one(
    api: Caller, covered: City, sandbox: Played
) -> None:
    father = owed_to_insured(api, covered)
    assert paid_out(covered) == []
    assert templates(covered, "payout_needs_account") == ["payout_needs_account"]
    account_given(father)
    assert [one.status for one in paid_out(covered)] == ["paid"]


def test_nothing_is_paid_twice_however_often_workers_come(api: Caller, covered: City, sandbox: Played) -> None:
    father = owed_to_insured(api, covered)
    account_given(father)
    for kind in ("lose_answer", "fault", "contradict", "busy"):
        sandbox.behaviour("bank").press(kind)
    paid_out(covered, rounds=8)
    Task.objects.of(covered).filter(kind__in=("pay_claims", "send_payout")).update(status="waiting", finished_at=None)
    paid_out(covered)
    assert [one.amount for one in ClaimPayout.objects.of(covered)] == [OWED]
    assert [one.amount for one in sandbox.sandbox.bank.lines] == [OWED]
    assert verify_city(covered).faults == []


@pytest.mark.parametrize("reason", ["account_not_known", "account_closed", "name_differs"])
def test_what_does_not_get_there_is_owed_again_and_paid_to_the_next_account(
    api: Caller, covered: City, sandbox: Played, reason: str
) -> None:
    father = owed_to_insured(api, covered)
    sandbox.behaviour("bank").press(reason)
    account_given(father)
    (first,) = paid_out(covered)
    assert (first.status, first.fault) == ("returned", reason)
    assert owed(covered)["claim_payable", f"policy:{first.policy_number}"] == OWED
    assert templates(covered, "payout_returned", "payout_paid") == ["payout_returned"]
    assert verify_city(covered).faults == []
    account_given(father, OTHER_CARD)
    _next_day(covered)
    assert [one.status for one in paid_out(covered)] == ["returned", "paid"]
    assert verify_city(covered).faults == []


def _next_day(city: City) -> None:
    day = city.demonstration_day
    assert day is not None
    day_is(city, day + timedelta(days=1))


def test_what_was_paid_and_came_back_is_owed_again(api: Caller, covered: City, sandbox: Played) -> None:
    father = owed_to_insured(api, covered)
    account_given(father)
    (payout,) = paid_out(covered)
    with transaction.atomic():
        assert came_back(city=covered, key=payout.key, reason="account_closed")
        assert not came_back(city=covered, key=payout.key, reason="account_closed")
        assert not came_back(city=covered, key="nobody's", reason="account_closed")
    payout.refresh_from_db()
    assert (payout.status, payout.fault, payout.paid_at is not None) == ("returned", "account_closed", True)
    assert owed(covered)["claim_payable", f"policy:{payout.policy_number}"] == OWED
    assert balances(covered).get(("bank", "bank:main"), 0) == 0
    assert verify_city(covered).faults == []


def test_a_changed_account_waits_a_day_and_is_told_to_whoever_had_it(
    api: Caller, covered: City, sandbox: Played
) -> None:
    father = resident(covered, FATHER)
    account_given(father)
    changed = account_given(father, OTHER_CARD)
    day = covered.demonstration_day
    assert day is not None
    assert changed.usable_from == day + timedelta(days=1)
    owed_to_insured(api, covered)
    assert [one.status for one in paid_out(covered)] == ["waiting"]
    assert sandbox.sandbox.bank.payouts == {}
    _due(covered)
    assert sandbox.sandbox.bank.payouts == {}
    _next_day(covered)
    _due(covered)
    assert [one.status for one in paid_out(covered)] == ["paid"]
    assert [one.account for one in sandbox.sandbox.bank.payouts.values()] == [OTHER_CARD]
    assert templates(covered, "payout_account_given") == ["payout_account_given"] * 2


def _due(city: City) -> None:
    """The day's task."""
    task = Task.objects.create(
        city=city, kind="due_payouts", lane="jobs", key=str(city.demonstration_day), created_at="2022-01-01T00:00Z",
        due_at="2022-01-01T00:00Z",
    )  # fmt: skip
    with transaction.atomic():
        due_payouts(Attempt(task, kind_named("due_payouts")))()
    Task.objects.filter(pk=task.pk).update(status="done", finished_at="2022-01-01T00:00Z")
    work_off()


def test_above_the_citys_amount_two_people_decide_and_up_to_it_nobody_has_to(
    api: Caller, covered: City, sandbox: Played
) -> None:
    set_second_person_above(actor=command_actor(covered), fen=OWED - 1, reason="试行")
    covered.refresh_from_db()
    father = owed_to_insured(api, covered)
    account_given(father)
    (payout,) = paid_out(covered)
    assert payout.status == "second_person"
    handler, approver = acting(covered, "handler"), acting(covered, "approver")
    with pytest.raises(HuiminError) as refused:
        agree_to_payout(actor=approver, payout_id=payout.pk, agrees=True, note="核对无误")
    assert refused.value.code == "nothing_to_agree"
    propose_payout(actor=handler, payout_id=payout.pk, note="材料齐全")
    with pytest.raises(NotAllowed):
        agree_to_payout(actor=handler, payout_id=payout.pk, agrees=True, note="核对无误")
    agree_to_payout(actor=approver, payout_id=payout.pk, agrees=True, note="核对无误")
    assert [one.status for one in paid_out(covered)] == ["paid"]
    with pytest.raises(HuiminError) as refused:
        propose_payout(actor=handler, payout_id=payout.pk, note="再来一次")
    assert refused.value.code == "payout_not_open"


def test_exactly_the_citys_amount_needs_no_second_person(api: Caller, covered: City, sandbox: Played) -> None:
    set_second_person_above(actor=command_actor(covered), fen=OWED, reason="试行")
    covered.refresh_from_db()
    account_given(owed_to_insured(api, covered))
    assert [one.status for one in paid_out(covered)] == ["paid"]


def test_a_minors_claims_go_to_the_holder_and_nobodys_to_one_who_has_died(
    api: Caller, covered: City, sandbox: Played
) -> None:
    father = owed_to_insured(api, covered)
    holder = Policy.objects.of(covered).get(psn_no=FATHER).holder
    Resident.objects.filter(pk=father.pk).update(birth_date=date(2004, 4, 20))
    account_given(father)
    day = covered.demonstration_day
    assert day is not None
    Resident.objects.filter(pk=father.pk).update(birth_date=day.replace(year=day.year - 18) + timedelta(days=1))
    assert paid_out(covered) == []
    account_given(holder, OTHER_CARD)
    (payout,) = paid_out(covered)
    assert (payout.payee_id, payout.status) == (holder.pk, "paid")


def test_nobody_is_paid_by_itself_for_one_who_has_died(api: Caller, covered: City, sandbox: Played) -> None:
    father = owed_to_insured(api, covered)
    account_given(father)
    Resident.objects.filter(pk=father.pk).update(died_on=date(2022, 4, 1))
    assert paid_out(covered) == []


def test_a_payout_names_each_bill_that_it_pays_and_a_later_one_pays_only_what_came_since(
    api: Caller, covered: City, sandbox: Played
) -> None:
    father = owed_to_insured(api, covered)
    account_given(father)
    (first,) = paid_out(covered)
    later = SettlementFact.objects.of(covered).get(setl_id="LATER")
    assert [(part.source, part.amount) for part in PayoutPart.objects.of(covered)] == [
        ("settlement:hospital-1:LATER", OWED)
    ]
    assert later.setl_id == "LATER"
    api.settle(a_bill("EARLIEST", "2022-02-20", 1_000_00), client="hospital-2")
    paid = paid_out(covered)
    assert len(paid) == 2
    assert paid[1].amount == 550_00 != first.amount
    assert verify_city(covered).faults == []


def test_a_tampered_payout_is_found(api: Caller, covered: City, sandbox: Played) -> None:
    account_given(owed_to_insured(api, covered))
    paid_out(covered)
    ClaimPayout.objects.of(covered).update(status="returned")
    assert verify_city(covered).faults != []


WIDE = CARD.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
NO_CARDS = [
    "",
    "6222020000000000017",
    "622202000000001",
    "62220200000000000180",
    "王芳",
    "6222o20000000000018",
    "²" * 16,
]


@pytest.mark.parametrize("text", ["6222 0200 0000 0000 018", "6222-0200-0000-0000-018", WIDE])
def test_a_card_is_read_as_people_write_it(text: str) -> None:
    assert card_number(text) == CARD


@pytest.mark.parametrize("text", NO_CARDS)
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(HuiminError) as refused:
        card_number(text)
    assert refused.value.code == "bad_card_number"


def test_only_with_the_code_from_ones_own_telephone_and_only_for_oneself(covered: City) -> None:
    father, daughter = resident(covered, FATHER), resident(covered)
    given = {"actor": themself(daughter), "number": CARD, "bank_name": "中国工商银行"}
    with pytest.raises(NotAllowed):
        give_account(**given, resident_id=father.pk, check_id=0, code="0")
    check, code = account_code(daughter)
    other_check, other_code = account_code(father)
    wrong = "000000" if code != "000000" else "111111"
    for check_id, said in ((check, wrong), (0, code), (other_check, other_code)):
        with pytest.raises(HuiminError) as refused:
            give_account(**given, resident_id=daughter.pk, check_id=check_id, code=said)
        assert refused.value.code in ("wrong_code", "code_expired")
    assert accounts_of(covered, [daughter.pk, father.pk]) == {}


def test_the_same_account_again_is_said_to_be_known_and_a_bank_is_needed(covered: City) -> None:
    father = resident(covered, FATHER)
    account_given(father)
    with pytest.raises(HuiminError) as refused:
        account_given(father)
    assert refused.value.code == "same_account"
    with pytest.raises(HuiminError) as refused:
        account_given(father, bank_name=" ")
    assert refused.value.code == "bank_missing"
