"""The monthly list: made once, never changed, decided by its own agency, transferred and matched with the bank."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

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
from acting import acting
from door_support import Played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import demonstration_actor, queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import AppendOnlyError, City
from huimin.platform.ledger.accounts import ACCOUNTS
from huimin.platform.ledger.open_items import open_items
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import AccountLine, AccountList, AccountTransfer, AreaSettlement, PaymentCase
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck, decide_lines
from huimin.platform.payments.personal_account.areas import set_account_area
from huimin.platform.payments.personal_account.clearing import (
    Debt,
    between_areas,
    months_between_areas,
    netted,
    settle_areas,
)
from huimin.platform.payments.personal_account.listing import make_list
from huimin.platform.payments.personal_account.reading import account_list, listed_lines, owed_by_area, to_be_listed
from huimin.platform.payments.personal_account.transfers import record_transfer, transfer_received, transfer_returned
from huimin.platform.tasks.models import Task
from work_support import work_off

DAY = date(2022, 2, 15)
OWN, OTHER = f"agency:{OWN_AREA}", f"agency:{OTHER_AREA}"


def states(city: City, keys: list[str]) -> list[str]:
    by_key = dict(AccountLine.objects.of(city).filter(key__in=keys).values_list("key", "state"))
    return [by_key[key] for key in keys]


def of_accounts(city: City) -> dict[tuple[str, str], int]:
    """The balances that payments from accounts move, those at zero left out."""
    names = ("account_held", "account_agency", "area_clearing", "payer_receivable", "bank")
    return {key: fen for key, fen in balances(city).items() if key[0] in names and fen}


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(HuiminError, check=lambda error: error.code == code)


def test_a_list_has_what_was_issued_and_says_so_by_its_digest(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    assert (found.rows, found.amount, found.version) == (3, 474_00, 1)
    assert len(found.digest) == 64
    rows = listed_lines(city, found.pk).rows
    assert [(row.number, row.line.key, row.payer_name) for row in rows] == [
        (1, keys[0], "王芳"),
        (2, keys[1], "王芳"),
        (3, keys[2], "王芳"),
    ]
    assert [row.insured_name for row in rows] == ["王芳", "王建国", "李秀英"]
    assert states(city, keys) == ["listed"] * 3
    with pytest.raises(AppendOnlyError):
        AccountList.objects.of(city).update(amount=1)


def test_what_comes_later_is_in_a_later_version_and_nothing_is_listed_twice(city: City, sandbox: Played) -> None:
    first, _keys = a_listed_family(city, sandbox.sandbox.bureau)
    with refused("nothing_to_list"):
        make_list(actor=demonstration_actor(city), area=OWN_AREA, month=FEBRUARY)
    assert to_be_listed(city, [OWN_AREA]) == {}
    assert account_list(city, first.pk).waiting.count == 3  # type: ignore[union-attr]


def test_a_list_of_a_month_has_nothing_that_was_issued_after_it(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people)
    worked_off()
    with refused("nothing_to_list"):
        make_list(actor=demonstration_actor(city), area=OWN_AREA, month=date(2022, 1, 31))
    made = make_list(actor=demonstration_actor(city), area=OWN_AREA, month=date(2022, 2, 28))
    assert AccountList.objects.of(city).get(pk=made).month == FEBRUARY
    assert states(city, keys) == ["listed"]


def test_a_line_that_is_held_for_an_order_that_still_waits_is_not_listed(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    order_from_account(city, people, fen=[58_00])
    worked_off()
    with refused("nothing_to_list"):
        make_list(actor=demonstration_actor(city), area=OWN_AREA, month=FEBRUARY)


def test_an_officer_works_on_the_lists_of_their_own_areas_alone(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    stranger = officer(city, OTHER_AREA)
    for call in (
        lambda: decide_lines(actor=stranger, list_id=found.pk, approved=None),
        lambda: make_list(actor=stranger, area=OWN_AREA, month=FEBRUARY),
        lambda: record_transfer(actor=stranger, area=OWN_AREA, reference="B1", amount=1, sent_on=DAY),
        lambda: decide_lines(actor=acting(city, "handler"), list_id=found.pk, approved=None),
        lambda: decide_lines(actor=stranger, list_id=10**9, approved=None),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert states(city, keys) == ["listed"] * 3


def test_approving_moves_what_is_held_to_what_the_insureds_areas_owe_the_pool(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    assert of_accounts(city) == {("account_held", OWN): 474_00}
    assert decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None) == 3
    assert states(city, keys) == ["approved"] * 3
    assert of_accounts(city) == {
        ("account_agency", OWN): 316_00,
        ("account_agency", OTHER): 158_00,
        ("area_clearing", OWN): 158_00,
        ("area_clearing", OTHER): -158_00,
    }
    worked_off()
    assert {one.state for one in sandbox.sandbox.bureau.holds.values()} == {"charged"}
    assert verify_city(city).faults == []


def test_a_line_struck_out_after_cover_began_keeps_the_policy_and_the_payer_owes_it(
    city: City, sandbox: Played
) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    why = Struck(StrikeReason.NOT_A_RELATIVE)
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=keys[:2], struck={keys[2]: why})
    assert states(city, keys) == ["approved", "approved", "struck_out"]
    assert of_accounts(city)["payer_receivable", ""] == 158_00
    assert ("account_held", OWN) not in of_accounts(city)
    line = AccountLine.objects.of(city).get(key=keys[2])
    assert line.reason == "not_a_relative"
    assert Policy.objects.of(city).filter(insured=line.insured_id).exists()
    case = PaymentCase.objects.of(city).get(kind="account_struck_out")
    assert (case.amount, case.detail) == (158_00, {"line": keys[2], "reason": "not_a_relative"})
    assert Task.objects.of(city).filter(kind="notice", key=f"struck-out-{keys[2]}").exists()
    worked_off()
    assert sandbox.sandbox.bureau.holds[keys[2]].state == "released"
    assert verify_city(city).faults == []


def test_all_of_a_decision_is_done_or_nothing(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    actor = officer(city, OWN_AREA)
    other = Struck(StrikeReason.OTHER)
    for approved, struck, code in (
        (["A-nobody"], {}, "account_line_unknown"),
        ([keys[0], keys[0]], {}, "line_twice"),
        (keys, {keys[0]: Struck(StrikeReason.PAID_TWICE)}, "line_twice"),
        (keys[:2], {keys[2]: other}, "note_missing"),
        (keys[:2], {"A-nobody": Struck(StrikeReason.PAID_TWICE)}, "account_line_unknown"),
    ):
        with refused(code):
            decide_lines(actor=actor, list_id=found.pk, approved=approved, struck=struck)
    assert states(city, keys) == ["listed"] * 3
    decide_lines(actor=actor, list_id=found.pk, approved=[], struck={keys[2]: Struck(StrikeReason.OTHER, "重名")})
    with refused("account_line_state"):
        decide_lines(actor=actor, list_id=found.pk, approved=keys)
    assert states(city, keys) == ["listed", "listed", "struck_out"]
    assert decide_lines(actor=actor, list_id=found.pk, approved=None) == 2


def test_a_transfer_is_what_the_area_owes_to_the_fen_and_the_bank_must_have_it(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    own, other, handler = officer(city, OWN_AREA), officer(city, OTHER_AREA), acting(city, "handler")
    with refused("nothing_to_transfer"):
        record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=316_00, sent_on=DAY)
    decide_lines(actor=own, list_id=found.pk, approved=None)
    assert {area: one.amount for area, one in owed_by_area(city, [OWN_AREA, OTHER_AREA]).items()} == {
        OWN_AREA: 316_00,
        OTHER_AREA: 158_00,
    }
    for amount in (315_99, 316_01, 474_00):
        with refused("transfer_other_amount"):
            record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=amount, sent_on=DAY)
    with refused("transfer_in_future"):
        record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=316_00, sent_on=date(2022, 2, 16))
    sent = record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=316_00, sent_on=DAY)
    with refused("transfer_known"):
        record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=316_00, sent_on=DAY)
    assert states(city, keys) == ["transferred", "transferred", "approved"]
    with refused("bank_other_amount"):
        transfer_received(actor=handler, transfer_id=sent, amount=315_99, bank_day=DAY)
    assert ("bank", "bank:main") not in of_accounts(city)
    transfer_received(actor=handler, transfer_id=sent, amount=316_00, bank_day=DAY)
    record_transfer(actor=other, area=OTHER_AREA, reference="B1", amount=158_00, sent_on=DAY)
    transfer_received(
        actor=handler, transfer_id=AccountTransfer.objects.of(city).get(area=OTHER_AREA).pk, amount=158_00, bank_day=DAY
    )
    assert states(city, keys) == ["received"] * 3
    assert of_accounts(city) == {
        ("bank", "bank:main"): 474_00,
        ("area_clearing", OWN): 158_00,
        ("area_clearing", OTHER): -158_00,
    }
    assert [one.source for one in open_items(city, ACCOUNTS["account_agency"])] == []
    assert verify_city(city).faults == []


@pytest.mark.parametrize("received_first", [False, True])
def test_a_transfer_that_the_bank_returns_is_owed_again_and_can_be_sent_anew(
    city: City, sandbox: Played, received_first: bool
) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    own, handler = officer(city, OWN_AREA), acting(city, "handler")
    decide_lines(actor=own, list_id=found.pk, approved=None)
    sent = record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=316_00, sent_on=DAY)
    if received_first:
        transfer_received(actor=handler, transfer_id=sent, amount=316_00, bank_day=DAY)
    transfer_returned(actor=handler, transfer_id=sent, bank_day=DAY)
    assert states(city, keys)[:2] == ["returned", "returned"]
    assert of_accounts(city)["account_agency", OWN] == 316_00
    assert ("bank", "bank:main") not in of_accounts(city)
    for call in (
        lambda: transfer_returned(actor=handler, transfer_id=sent, bank_day=DAY),
        lambda: transfer_received(actor=handler, transfer_id=sent, amount=316_00, bank_day=DAY),
    ):
        with refused("transfer_not_open"):
            call()
    again = record_transfer(actor=own, area=OWN_AREA, reference="B2", amount=316_00, sent_on=DAY)
    transfer_received(actor=handler, transfer_id=again, amount=316_00, bank_day=DAY)
    assert of_accounts(city)["bank", "bank:main"] == 316_00
    assert verify_city(city).faults == []
    with refused("transfer_unknown"):
        transfer_returned(actor=handler, transfer_id=10**9, bank_day=DAY)


def test_debts_between_areas_are_netted_pair_by_pair() -> None:
    owed = {("A", "B"): 300, ("B", "A"): 120, ("C", "A"): 50, ("B", "C"): 7, ("C", "B"): 7}
    assert netted(owed) == [Debt("A", "B", 300, 120), Debt("C", "A", 50, 0), Debt("B", "C", 7, 7)]
    assert [one.net for one in netted(owed)] == [180, 50, 0]
    assert netted({}) == []


def test_what_a_month_left_between_areas_is_settled_once_and_the_books_clear(city: City, sandbox: Played) -> None:
    found, _keys = a_listed_family(city, sandbox.sandbox.bureau)
    bureau = acting(city, "bureau")
    with refused("nothing_to_settle"):
        settle_areas(actor=bureau, month=FEBRUARY, note="order 7")
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=None)
    assert months_between_areas(city) == [FEBRUARY]
    month = between_areas(city, FEBRUARY)
    assert list(month.debts) == [Debt(OWN_AREA, OTHER_AREA, 158_00, 0)]
    assert month.open == {OWN_AREA: 158_00, OTHER_AREA: -158_00}
    assert sum(month.positions.values()) == 0
    (item, *_rest) = open_items(city, ACCOUNTS["area_clearing"])
    assert (item.source, item.amount) == ("area_clearing:2022-02", 158_00)
    with pytest.raises(NotAllowed):
        settle_areas(actor=acting(city, "handler"), month=FEBRUARY, note="order 7")
    with refused("note_missing"):
        settle_areas(actor=bureau, month=FEBRUARY, note=" ")
    settle_areas(actor=bureau, month=date(2022, 2, 20), note="order 7")
    row = AreaSettlement.objects.of(city).get()
    assert (row.positions, row.number) == ({OWN_AREA: 158_00, OTHER_AREA: -158_00}, 1)
    assert between_areas(city, FEBRUARY).open == {}
    assert list(open_items(city, ACCOUNTS["area_clearing"])) == []
    with refused("nothing_to_settle"):
        settle_areas(actor=bureau, month=FEBRUARY, note="again")
    assert verify_city(city).faults == []


def test_the_books_say_when_a_list_is_not_as_it_was_sent(city: City, sandbox: Played) -> None:
    found, keys = a_listed_family(city, sandbox.sandbox.bureau)
    AccountLine.objects.of(city).filter(key=keys[0]).update(insured_area=OTHER_AREA)
    assert f"the list {found} is not as it was sent: its digest differs" in verify_city(city).faults


def test_areas_are_opened_by_places_that_have_rules(city: City) -> None:
    actor = demonstration_actor(city)
    for area, place in (("999999", "jiangsu"), (OWN_AREA, "jiangsi")):
        with refused("bad_account_area"):
            set_account_area(actor=actor, area=area, place=place, since=DAY)
    with pytest.raises(NotAllowed):
        set_account_area(actor=acting(city, "admin"), area=OWN_AREA, place="jiangsu", since=DAY)


def test_on_the_first_of_a_month_every_area_gets_the_list_of_the_month_before(city: City, sandbox: Played) -> None:
    people = family(city)[:1]
    in_bureau(sandbox.sandbox.bureau, people)
    _placed, keys = order_from_account(city, people)
    worked_off()
    set_account_area(actor=demonstration_actor(city), area=OWN_AREA, place="jiangsu", since=date(2021, 12, 1))
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 3, 1))
    with transaction.atomic():
        from huimin.platform.tasks.services import enqueue

        enqueue(city=City.objects.get(pk=city.pk), kind="account_lists", key="2022-03")
    work_off()
    assert states(city, keys) == ["listed"]
    assert AccountList.objects.of(city).get().made_by == queue_actor(city).text
