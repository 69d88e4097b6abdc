"""A policy that an account paid is given up: the money goes back the way it came, wherever it has got to meanwhile."""

from __future__ import annotations

import pytest

from account_support import (
    FEBRUARY,
    OTHER_AREA,
    OWN_AREA,
    a_listed_family,
    family,
    in_bureau,
    officer,
    order_from_account,
    worked_off,
)
from acting import acting, themself
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import AccountLine, AccountReturn, PaymentCase
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck, decide_lines
from huimin.platform.payments.personal_account.clearing import between_areas, settle_areas
from huimin.platform.payments.personal_account.returning import give_back, record_return, returns_due
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.servicing.withdrawal import withdraw
from platform_support import logged_in

CHARGES, PAYS = f"agency:{OWN_AREA}", f"agency:{OTHER_AREA}"


def given_up(city: City, key: str) -> None:
    line = AccountLine.objects.of(city).get(key=key)
    policy = Policy.objects.of(city).get(insured=line.insured_id, order_line__order__reference=line.order_reference)
    withdraw(actor=themself(line.payer), number=policy.number)


def of_accounts(city: City) -> dict[tuple[str, str], int]:
    names = ("account_held", "account_agency", "area_clearing", "payer_receivable", "bank", "premium_unshared")
    return {key: fen for key, fen in balances(city).items() if key[0] in names and fen}


def state(city: City, key: str) -> str:
    return str(AccountLine.objects.of(city).get(key=key).state)


def reference(city: City, key: str) -> str:
    return str(AccountLine.objects.of(city).get(key=key).order_reference)


def test_what_the_bureau_only_holds_is_let_go(city: City, sandbox: Played) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people[:1])
    worked_off()
    before = of_accounts(city)
    assert before["account_held", CHARGES] >= 158_00
    given_up(city, keys[0])
    assert AccountReturn.objects.of(city).get().road == "let_go"
    worked_off()
    assert state(city, keys[0]) == "released"
    assert of_accounts(city).get(("account_held", CHARGES), 0) == before["account_held", CHARGES] - 158_00
    assert returns_due(city) == []
    assert verify_city(city).faults == []


def test_what_is_listed_goes_back_through_its_agency_once_it_is_approved(city: City, sandbox: Played) -> None:
    """The mother's: her area pays the pool, and the account's area owes hers until it goes back."""
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    given_up(city, keys[2])
    assert returns_due(city) == []
    with pytest.raises(HuiminError) as refused:
        record_return(actor=acting(city, "handler"), area=OTHER_AREA, reference="R1", sent_on=today(city))
    assert refused.value.code == "nothing_to_transfer"
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None)
    worked_off()
    assert [(due.area, due.count, due.amount) for due in returns_due(city)] == [(OTHER_AREA, 1, 158_00)]
    assert of_accounts(city).get(("account_agency", PAYS), 0) == 0
    assert between_areas(city, FEBRUARY).open == {}
    assert verify_city(city).faults == []


def test_what_the_pool_sent_back_is_booked_once(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None)
    given_up(city, keys[2])
    before = of_accounts(city)
    assert record_return(actor=acting(city, "handler"), area=OTHER_AREA, reference="R1", sent_on=today(city)) == 158_00
    after = of_accounts(city)
    moved = {key: after.get(key, 0) - before.get(key, 0) for key in after.keys() | before.keys()}
    assert {key: fen for key, fen in moved.items() if fen} == {
        ("account_agency", PAYS): 158_00,
        ("bank", "bank:main"): -158_00,
    }
    with pytest.raises(HuiminError) as refused:
        record_return(actor=acting(city, "handler"), area=OTHER_AREA, reference="R1", sent_on=today(city))
    assert refused.value.code == "nothing_to_transfer"
    assert verify_city(city).faults == []


def test_what_areas_settled_before_is_settled_back_in_the_month_of_the_return(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None)
    settle_areas(actor=acting(city, "bureau"), month=FEBRUARY, note="转账")
    before = of_accounts(city).get(("area_clearing", CHARGES), 0)
    given_up(city, keys[2])
    assert of_accounts(city)["area_clearing", CHARGES] == before - 158_00
    given_up(city, keys[0])
    assert of_accounts(city)["area_clearing", CHARGES] == before - 158_00, "that one is of one area alone"
    month = today(city).replace(day=1)
    assert between_areas(city, month).open == {OWN_AREA: -158_00, OTHER_AREA: 158_00}
    settle_areas(actor=acting(city, "bureau"), month=month, note="退回")
    assert between_areas(city, month).open == {}
    assert verify_city(city).faults == []


def test_a_line_struck_out_after_its_policy_was_given_up_leaves_no_debt(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    before = of_accounts(city).get(("payer_receivable", ""), 0)
    given_up(city, keys[2])
    struck = {keys[2]: Struck(StrikeReason.OTHER, "重名")}
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=keys[:2], struck=struck)
    assert of_accounts(city).get(("payer_receivable", ""), 0) == before
    assert returns_due(city) == []
    assert (
        not PaymentCase.objects.of(city).filter(kind="account_struck_out", reference=reference(city, keys[2])).exists()
    )
    assert between_areas(city, FEBRUARY).open == {}
    assert verify_city(city).faults == []


def test_a_policy_given_up_after_its_line_was_struck_out_ends_the_debt(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    before = of_accounts(city).get(("payer_receivable", ""), 0)
    struck = {keys[2]: Struck(StrikeReason.OTHER, "重名")}
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=keys[:2], struck=struck)
    assert of_accounts(city)["payer_receivable", ""] == before + 158_00
    given_up(city, keys[2])
    assert of_accounts(city).get(("payer_receivable", ""), 0) == before
    assert AccountReturn.objects.of(city).get().road == "debt"
    case = PaymentCase.objects.of(city).get(kind="account_struck_out", reference=reference(city, keys[2]))
    assert (case.amount, case.closed_at is None) == (158_00, False)
    assert verify_city(city).faults == []


def test_what_was_charged_at_once_goes_back_through_the_agency(city: City, sandbox: Played) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people[:1], mode=Mode.REAL_TIME)
    worked_off()
    given_up(city, keys[0])
    assert AccountReturn.objects.of(city).get().road == "agency"
    assert [(due.area, due.amount) for due in returns_due(city)] == [(OWN_AREA, 158_00)]
    assert verify_city(city).faults == []


def test_a_part_of_what_is_held_goes_back_through_the_agency_and_never_more_than_the_whole(
    city: City, sandbox: Played
) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people[:1])
    worked_off()
    give_back(city, {keys[0]: 100_00}, "withdrawal:1", now(city))
    assert AccountReturn.objects.of(city).get().road == "agency"
    with pytest.raises(HuiminError) as refused:
        give_back(city, {keys[0]: 58_01}, "withdrawal:2", now(city))
    assert refused.value.code == "account_line_state"
    give_back(city, {keys[0]: 58_00}, "withdrawal:2", now(city))
    assert AccountReturn.objects.of(city).count() == 2


def test_nothing_goes_back_of_a_line_that_paid_for_no_policy(city: City, sandbox: Played) -> None:
    people = family(city)
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people[:1])
    with pytest.raises(HuiminError) as refused:
        give_back(city, {keys[0]: 1}, "withdrawal:1", now(city))
    assert refused.value.code == "account_line_state"


def test_the_page_says_what_is_due_to_which_agency_and_takes_that_it_was_sent(
    city: City, sandbox: Played, settings: object
) -> None:
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None)
    given_up(city, keys[2])
    staff = logged_in("handler")
    page = staff.get("/staff/accounts-money/").content.decode()
    assert "待退回个人账户" in page
    at = f"/staff/accounts-money/returns/{OTHER_AREA}/"
    assert staff.post(at, {"reference": "", "sent_on": ""}).status_code == 422
    assert len(returns_due(city)) == 1
    assert staff.post(at, {"reference": "B-77", "sent_on": str(today(city))}).status_code == 302
    assert returns_due(city) == []
    assert AccountReturn.objects.of(city).get().sent_reference == "B-77"
