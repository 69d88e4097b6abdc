"""What is asked for of one area, month, list or payer is theirs alone: each test has lines of others beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from account_support import FEBRUARY, OTHER_AREA, OWN_AREA, a_line, a_list_of, officer, rule
from acting import acting, themself
from cast import FATHER, MOTHER, WANG_FANG
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.foundation.actors import demonstration_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.gateways.api import Balance
from huimin.platform.ledger.api import Verification
from huimin.platform.payments.models import (
    AccountDebt,
    AccountLine,
    AccountList,
    AccountReturn,
    AccountTransfer,
    AreaSettlement,
    BalanceAsked,
    Payment,
    PaymentCase,
)
from huimin.platform.payments.personal_account import account_balances
from huimin.platform.payments.personal_account.account_balances import AskedFor, Told, offer_of, told_balance
from huimin.platform.payments.personal_account.agency import StrikeReason, Struck, decide_lines
from huimin.platform.payments.personal_account.areas import open_areas, rule_of_area, set_account_area
from huimin.platform.payments.personal_account.bureau_tasks import _held
from huimin.platform.payments.personal_account.clearing import between_areas, months_between_areas, settle_areas
from huimin.platform.payments.personal_account.debts import Debt, ask_for_debt, debts_of
from huimin.platform.payments.personal_account.life import move
from huimin.platform.payments.personal_account.listing import make_list, waiting_to_be_listed
from huimin.platform.payments.personal_account.models import AskState, LineState, ReturnRoad
from huimin.platform.payments.personal_account.opening import RELEASE
from huimin.platform.payments.personal_account.reading import (
    Sums,
    account_line_sums,
    account_list,
    account_lists,
    listed_lines,
    owed_by_area,
    to_be_listed,
    transfers_of,
    transfers_waiting,
)
from huimin.platform.payments.personal_account.returning import cancel_returns, give_back, record_return, returns_due
from huimin.platform.payments.personal_account.rules import Mode
from huimin.platform.payments.personal_account.transfers import record_transfer, transfer_received, transfer_returned
from huimin.platform.payments.personal_account.verification import recompute_personal_accounts
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.tasks.models import Task
from neighbours import beside, number
from platform_support import resident

JANUARY, MARCH = date(2022, 1, 1), date(2022, 3, 1)
ONE = Sums(1, 158_00)


def clock(year: int, month: int, day: int, *rest: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, *rest))


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(HuiminError, check=lambda error: error.code == code)


def audited(city: City, action: str) -> tuple[str, str, Any]:
    """Who did it, to what, and what more is said, of the only event of this action."""
    event = AuditEvent.objects.of(city).get(action=action)
    return event.actor, event.subject, event.detail


def a_return(city: City, line: AccountLine, **columns: Any) -> AccountReturn:
    usual = {"amount": line.amount, "road": ReturnRoad.AGENCY, "cause": "withdrawal:1", "month": FEBRUARY}
    made: AccountReturn = AccountReturn.objects.create(
        city=city, line=line, recorded_at=now(city), **{**usual, **columns}
    )
    return made


def a_payment(city: City, **columns: Any) -> Payment:
    usual = {"reference": f"D{number()}", "provider": "sandbox", "amount": 158_00, "created_at": now(city)}
    made: Payment = Payment.objects.create(city=city, **{**usual, **columns})
    return made


def a_transfer(city: City, **columns: Any) -> AccountTransfer:
    usual = {
        "area": OWN_AREA,
        "reference": f"B{number()}",
        "amount": 158_00,
        "rows": 1,
        "sent_on": FEBRUARY,
        "recorded_by": "test",
        "recorded_at": now(city),
    }
    made: AccountTransfer = AccountTransfer.objects.create(city=city, **{**usual, **columns})
    return made


@pytest.mark.parametrize(("month", "end"), [(JANUARY, clock(2022, 2, 1)), (FEBRUARY, clock(2022, 3, 1))])
def test_a_months_list_has_what_its_own_accounts_hold_for_policies_issued_until_its_last_moment(
    city: City, month: date, end: datetime
) -> None:
    last = a_line(city, used_at=end - timedelta(microseconds=1))
    for other in (
        {"payer_area": OTHER_AREA},
        {"state": LineState.LISTED},
        {"used_at": None},
        {"used_at": end},
        {"mode": Mode.REAL_TIME},
    ):
        beside(last, key=f"A{number()}", **other)
    offset = beside(last, key=f"A{number()}", mode=Mode.PAY_THEN_OFFSET, insured_area=OTHER_AREA)
    assert waiting_to_be_listed(city, OWN_AREA, month) == [last, offset]


def test_what_is_to_be_listed_is_held_and_used_and_not_charged_at_once(city: City) -> None:
    line = a_line(city)
    for other in ({"state": LineState.LISTED}, {"used_at": None}, {"mode": Mode.REAL_TIME}):
        beside(line, key=f"A{number()}", **other)
    beside(line, key=f"A{number()}", payer_area=OTHER_AREA, amount=7)
    assert to_be_listed(city, [OWN_AREA]) == {OWN_AREA: ONE}
    assert to_be_listed(city, [OWN_AREA, OTHER_AREA]) == {OWN_AREA: ONE, OTHER_AREA: Sums(1, 7)}


def test_an_area_owes_what_was_approved_for_people_insured_there_or_came_back_from_the_bank(city: City) -> None:
    for state in LineState:
        a_line(city, state=state, amount=1, payer_area=OTHER_AREA)
    a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA, amount=5)
    assert owed_by_area(city, [OWN_AREA]) == {OWN_AREA: Sums(2, 2)}
    assert owed_by_area(city, [OTHER_AREA]) == {OTHER_AREA: Sums(1, 5)}
    sums = account_line_sums(city)
    assert sums["approved"] == Sums(2, 6)
    assert sums["held"] == Sums(1, 1)
    assert set(sums) == set(LineState)


def test_a_list_shows_its_own_lines_and_counts_them_by_what_they_stand_at(city: City) -> None:
    states = (LineState.LISTED, LineState.STRUCK_OUT, LineState.APPROVED, LineState.RECEIVED)
    lines = [a_line(city, state=state, amount=fen) for state, fen in zip(states, (1, 2, 4, 8), strict=True)]
    found, beside_it = a_list_of(city, *lines), a_list_of(city, a_line(city, state=LineState.LISTED))
    elsewhere = a_list_of(city, area=OTHER_AREA, month=MARCH)
    facts = account_list(city, found.pk)
    assert facts is not None
    assert (facts.waiting, facts.struck_out, facts.approved) == (Sums(1, 1), Sums(1, 2), Sums(2, 12))
    assert account_list(city, beside_it.pk).by_state == {"listed": ONE}  # type: ignore[union-attr]
    assert account_list(city, 10**9) is None
    assert [one.id for one in account_lists(city, [OWN_AREA])] == [beside_it.pk, found.pk]
    assert next(iter(account_lists(city, None))).id == elsewhere.pk
    rows = listed_lines(city, found.pk)
    assert [(row.number, row.line.key) for row in rows] == [(at, line.key) for at, line in enumerate(lines, start=1)]
    assert (rows.number, rows.pages, rows.total) == (1, 1, 4)
    assert [row.line.key for row in listed_lines(city, found.pk, 1, "approved")] == [lines[2].key]


def test_a_decision_on_a_list_leaves_the_lines_of_another_list_alone(city: City) -> None:
    mine, theirs = a_line(city, state=LineState.LISTED), a_line(city, state=LineState.LISTED)
    found, other = a_list_of(city, mine), a_list_of(city, theirs)
    actor = officer(city, OWN_AREA)
    with refused("account_line_unknown") as caught:
        decide_lines(actor=actor, list_id=found.pk, approved=[theirs.key])
    assert caught.value.values == {"key": theirs.key}
    assert decide_lines(actor=actor, list_id=found.pk, approved=None) == 1
    states = dict(AccountLine.objects.of(city).values_list("key", "state"))
    assert (states[mine.key], states[theirs.key]) == ("approved", "listed")
    why = Struck(StrikeReason.PAID_TWICE)
    assert decide_lines(actor=actor, list_id=other.pk, approved=[], struck={theirs.key: why}) == 1
    said = AuditEvent.objects.of(city).filter(action="account_lines_decided").order_by("pk")
    assert [(one.actor, one.subject, one.detail) for one in said] == [
        (actor.text, f"account_list:{found.pk}", {"approved": 1, "struck_out": 0}),
        (actor.text, f"account_list:{other.pk}", {"approved": 0, "struck_out": 1}),
    ]


def test_who_may_not_decide_on_a_list_is_told_so_whether_it_is_there_or_not(city: City) -> None:
    found = a_list_of(city, a_line(city, state=LineState.LISTED))
    for actor, list_id in (
        (acting(city, "handler"), found.pk),
        (officer(city, OTHER_AREA), found.pk),
        (officer(city, OWN_AREA), 10**9),
    ):
        with pytest.raises(NotAllowed) as caught:
            decide_lines(actor=actor, list_id=list_id, approved=None)
        assert caught.value.values["action"] == "decide_account_lines"


def test_a_line_that_stands_elsewhere_is_named_and_of_two_the_first(city: City) -> None:
    lines = [a_line(city, state=state) for state in (LineState.HELD, LineState.REFUSED, LineState.RELEASED)]
    with refused("account_line_state") as caught:
        move(city, lines, "listed", by="test", at=now(city))
    assert caught.value.values == {"key": lines[1].key, "state": "refused"}
    assert AccountLine.objects.of(city).get(pk=lines[0].pk).state == "held"


def test_a_list_is_written_into_the_audit_with_its_rows_and_its_sum(city: City) -> None:
    lines, actor = [a_line(city), a_line(city, amount=5)], officer(city, OWN_AREA)
    made = make_list(actor=actor, area=OWN_AREA, month=FEBRUARY)
    assert audited(city, "account_list_made") == (
        actor.text,
        f"account_list:{made}",
        {"rows": len(lines), "amount": 158_05},
    )


def test_only_what_an_agency_has_taken_out_of_accounts_is_due_back_to_it(city: City) -> None:
    states = (LineState.APPROVED, LineState.TRANSFERRED, LineState.RECEIVED, LineState.RETURNED)
    for state in LineState:
        a_return(city, a_line(city, state=state), amount=1)
    a_return(city, a_line(city, mode=Mode.REAL_TIME), amount=1)
    due = a_return(city, a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA))
    for other in ({"road": ReturnRoad.DEBT}, {"sent_on": FEBRUARY}, {"struck_out_at": now(city)}):
        beside(due, **other)
    found = {one.area: (one.count, one.amount) for one in returns_due(city)}
    assert found == {OWN_AREA: (len(states) + 1, len(states) + 1), OTHER_AREA: (1, 158_00)}


def test_what_is_sent_back_to_one_agency_leaves_the_others_waiting(city: City) -> None:
    mine = [a_return(city, a_line(city, state=LineState.APPROVED)) for _ in range(2)]
    theirs = a_return(city, a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA))
    handler = acting(city, "handler")
    tomorrow = date(2022, 2, 16)
    with refused("transfer_in_future"):
        record_return(actor=handler, area=OWN_AREA, reference="R1", sent_on=tomorrow)
    assert record_return(actor=handler, area=OWN_AREA, reference="R1", sent_on=date(2022, 2, 15)) == 316_00
    sent = dict(AccountReturn.objects.of(city).values_list("pk", "sent_by"))
    assert [sent[one.pk] for one in (*mine, theirs)] == [handler.text, handler.text, ""]
    detail = {"amount": 316_00, "rows": 2, "reference": "R1"}
    assert audited(city, "account_returns_sent") == (handler.text, f"area:{OWN_AREA}", detail)


def test_striking_a_line_out_cancels_what_was_to_go_back_of_it_through_its_agency(city: City) -> None:
    line, other = a_line(city, state=LineState.LISTED), a_line(city, state=LineState.LISTED)
    gone = a_return(city, line, amount=3)
    left = [
        a_return(city, line, amount=5, road=ReturnRoad.DEBT),
        a_return(city, line, amount=7, sent_on=FEBRUARY),
        a_return(city, line, amount=11, struck_out_at=clock(2022, 2, 1)),
        a_return(city, other, amount=13),
    ]
    at = now(city)
    assert cancel_returns(city, [line], at) == {line.pk: 3}
    struck = dict(AccountReturn.objects.of(city).values_list("pk", "struck_out_at"))
    assert struck[gone.pk] == at
    assert [struck[one.pk] for one in left] == [None, None, clock(2022, 2, 1), None]


def test_never_more_goes_back_of_a_line_than_is_left_of_it_whatever_went_back_of_others(city: City) -> None:
    line, other = a_line(city), a_line(city)
    a_return(city, other, amount=158_00)
    give_back(city, {line.key: 100_00}, "withdrawal:1", now(city))
    with refused("account_line_state") as caught:
        give_back(city, {line.key: 58_01}, "withdrawal:2", now(city))
    assert caught.value.values == {"key": line.key, "state": "held"}
    made = AccountReturn.objects.of(city).get(line=line)
    assert (made.cause, made.month, made.road) == ("withdrawal:1", FEBRUARY, "agency")


def test_between_areas_stands_what_was_approved_or_goes_back_in_the_month_and_nothing_else(city: City) -> None:
    approved = a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA, approved_in=FEBRUARY)
    for other in ({"approved_in": JANUARY}, {"approved_in": None}, {"insured_area": OWN_AREA}):
        beside(approved, key=f"A{number()}", **other)
    assert between_areas(city, date(2022, 2, 17)).open == {OWN_AREA: 158_00, OTHER_AREA: -158_00}
    back = a_return(city, approved, amount=8)
    for changes in ({"road": ReturnRoad.DEBT}, {"struck_out_at": now(city)}, {"month": MARCH}):
        beside(back, **changes)
    a_return(city, a_line(city, state=LineState.APPROVED), amount=9)
    assert between_areas(city, FEBRUARY).open == {OWN_AREA: 157_92, OTHER_AREA: -157_92}
    assert between_areas(city, MARCH).open == {OWN_AREA: -8, OTHER_AREA: 8}
    assert months_between_areas(city) == [MARCH, FEBRUARY, JANUARY]


def test_a_month_is_settled_again_for_what_came_later_and_other_months_stay_open(city: City) -> None:
    line = a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA, approved_in=FEBRUARY)
    beside(line, key=f"A{number()}", approved_in=JANUARY)
    bureau = acting(city, "bureau")
    settle_areas(actor=bureau, month=FEBRUARY, note="order 7")
    assert audited(city, "areas_settled")[::2] == (bureau.text, {})
    assert between_areas(city, FEBRUARY).open == {}
    assert between_areas(city, JANUARY).open == {OWN_AREA: 158_00, OTHER_AREA: -158_00}
    beside(line, key=f"A{number()}", amount=2)
    settle_areas(actor=bureau, month=FEBRUARY, note="order 8")
    assert between_areas(city, FEBRUARY).settled == {OWN_AREA: 158_02, OTHER_AREA: -158_02}


def test_each_months_settlements_are_counted_from_one(city: City) -> None:
    line = a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA, approved_in=FEBRUARY)
    beside(line, key=f"A{number()}", approved_in=JANUARY)
    for month in (FEBRUARY, JANUARY):
        settle_areas(actor=acting(city, "bureau"), month=month, note="order 7")
    assert list(AreaSettlement.objects.of(city).values_list("month", "number").order_by("month")) == [
        (JANUARY, 1),
        (FEBRUARY, 1),
    ]


def test_each_areas_lists_of_a_month_are_counted_from_one(city: City) -> None:
    agency = officer(city, OWN_AREA, OTHER_AREA)
    for area, month in ((OWN_AREA, FEBRUARY), (OWN_AREA, JANUARY), (OTHER_AREA, FEBRUARY), (OWN_AREA, FEBRUARY)):
        a_line(city, key=f"A{number()}", payer_area=area, used_at=clock(2022, month.month, 10))
        make_list(actor=agency, area=area, month=month)
    found = AccountList.objects.of(city).order_by("pk").values_list("area", "month", "version")
    assert list(found) == [
        (OWN_AREA, FEBRUARY, 1),
        (OWN_AREA, JANUARY, 1),
        (OTHER_AREA, FEBRUARY, 1),
        (OWN_AREA, FEBRUARY, 2),
    ]


def test_a_payer_owes_what_was_struck_out_after_their_policy_was_issued_less_what_went_back_or_was_paid(
    city: City,
) -> None:
    line = a_line(city, state=LineState.STRUCK_OUT)
    for other in (
        {"payer_id": resident(city, FATHER).pk},
        {"state": LineState.APPROVED},
        {"used_at": None},
        {"mode": Mode.PAY_THEN_OFFSET},
    ):
        beside(line, key=f"A{number()}", **other)
    paid, returned = (beside(line, key=f"A{number()}") for _ in range(2))
    AccountDebt.objects.create(
        city=city, line=paid, payment=a_payment(city), requested_at=now(city), paid=158_00, paid_at=now(city)
    )
    a_return(city, returned, amount=157_99, road=ReturnRoad.DEBT)
    assert debts_of(city, line.payer_id) == [
        Debt(line.key, line.insured_id, line.order_reference, 158_00),
        Debt(returned.key, line.insured_id, line.order_reference, 1),
    ]


def test_a_debt_is_asked_for_by_the_payment_that_waits_for_just_it_and_a_single_fen_is_a_debt(city: City) -> None:
    line = a_line(city, state=LineState.STRUCK_OUT)
    usual = {"city": city, "requested_at": now(city)}
    AccountDebt.objects.create(line=line, payment=a_payment(city, amount=158_01), **usual)
    AccountDebt.objects.create(line=line, payment=a_payment(city, status="paid"), **usual)
    AccountDebt.objects.create(line=beside(line, key=f"A{number()}"), payment=a_payment(city), **usual)
    known = set(Payment.objects.of(city).values_list("reference", flat=True))
    payer = themself(resident(city))
    first, again = (ask_for_debt(actor=payer, key=line.key) for _ in range(2))
    (new,) = set(Payment.objects.of(city).values_list("reference", flat=True)) - known
    assert f"reference={new}" in first
    assert f"reference={new}" in again
    a_return(city, line, amount=157_99, road=ReturnRoad.DEBT)
    assert "amount=0.01" in ask_for_debt(actor=payer, key=line.key)
    a_return(city, line, amount=1, road=ReturnRoad.DEBT)
    with refused("nothing_owed"):
        ask_for_debt(actor=payer, key=line.key)


def test_a_transfer_takes_what_its_own_area_owes_and_a_number_is_used_once_an_area(city: City) -> None:
    mine = a_line(city, state=LineState.APPROVED, payer_area=OTHER_AREA)
    theirs = a_line(city, state=LineState.APPROVED, insured_area=OTHER_AREA)
    a_transfer(city, area=OTHER_AREA, reference="B1")
    own, handler, day = officer(city, OWN_AREA), acting(city, "handler"), date(2022, 2, 15)
    sent = record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=158_00, sent_on=day)
    states = dict(AccountLine.objects.of(city).values_list("key", "state"))
    assert (states[mine.key], states[theirs.key]) == ("transferred", "approved")
    with refused("transfer_known"):
        record_transfer(actor=own, area=OWN_AREA, reference="B1", amount=158_00, sent_on=day)
    subject, detail = f"account_transfer:{sent}", {"amount": 158_00, "rows": 1}
    assert audited(city, "account_transfer_recorded") == (own.text, subject, detail)
    other = beside(mine, key=f"A{number()}", state=LineState.TRANSFERRED, transfer_id=a_transfer(city).pk)
    transfer_received(actor=handler, transfer_id=sent, amount=158_00, bank_day=day)
    assert audited(city, "account_transfer_received") == (handler.text, subject, detail)
    transfer_returned(actor=handler, transfer_id=sent, bank_day=day)
    assert audited(city, "account_transfer_returned") == (handler.text, subject, detail)
    assert AccountLine.objects.of(city).get(pk=mine.pk).state == "returned"
    assert AccountLine.objects.of(city).get(pk=other.pk).state == "transferred"
    of_other = AccountTransfer.objects.of(city).get(pk=other.transfer_id)
    assert (of_other.state, of_other.bank_day, of_other.matched_by) == ("sent", None, "")


def test_another_sum_of_a_transfer_or_at_the_bank_is_told_beside_what_was_expected(city: City) -> None:
    a_line(city, state=LineState.APPROVED)
    with refused("transfer_other_amount") as caught:
        record_transfer(actor=officer(city, OWN_AREA), area=OWN_AREA, reference="B1", amount=1, sent_on=FEBRUARY)
    assert caught.value.values == {"found": "0.01", "expected": "158.00"}
    with refused("bank_other_amount") as caught:
        transfer_received(actor=acting(city, "handler"), transfer_id=a_transfer(city).pk, amount=2, bank_day=FEBRUARY)
    assert caught.value.values == {"found": "0.02", "expected": "158.00"}


def test_transfers_that_wait_for_the_bank_come_first_and_each_area_sees_its_own(city: City) -> None:
    late, early = clock(2022, 2, 14), clock(2022, 2, 13)
    old = a_transfer(city, recorded_at=early)
    new = a_transfer(city, recorded_at=late)
    done = a_transfer(city, recorded_at=now(city), state="received", bank_day=date(2022, 2, 14))
    other = a_transfer(city, area=OTHER_AREA, recorded_at=clock(2022, 2, 12))
    assert [one.id for one in transfers_of(city, [OWN_AREA], 1)] == [new.pk, old.pk, done.pk]
    assert [one.id for one in transfers_of(city, None, 1)] == [new.pk, old.pk, other.pk, done.pk]
    assert transfers_of(city, [OWN_AREA], 1).rows[2].bank_day == date(2022, 2, 14)
    assert transfers_waiting(city) == 3


def test_the_last_word_on_an_area_counts_from_its_day_on(city: City) -> None:
    actor, first = demonstration_actor(city), date(2024, 5, 1)
    for area, place, since in (
        (OWN_AREA, "jiangsu", first),
        (OWN_AREA, "hangzhou", first),
        (OWN_AREA, "shenzhen", date(2024, 6, 1)),
        (OTHER_AREA, "suzhou", first),
    ):
        set_account_area(actor=actor, area=area, place=place, since=since)
    opened = {day: rule_of_area(city, OWN_AREA, day) for day in (date(2024, 5, 31), date(2024, 6, 1))}
    assert [found.place for found in opened.values() if found is not None] == ["hangzhou", "shenzhen"]
    assert rule_of_area(city, OTHER_AREA, first) is not None
    assert set(open_areas(city)) >= {OWN_AREA, OTHER_AREA}
    event = AuditEvent.objects.of(city).filter(action="account_area_set").order_by("-pk")[0]
    assert (event.actor, event.subject) == ("demonstration", f"area:{OTHER_AREA}")
    assert event.detail == {"place": "suzhou", "since": "2024-05-01"}


def test_the_newest_answer_of_ones_own_account_is_told_for_half_an_hour(city: City) -> None:
    person = persons_by_id(city, [resident(city).pk])[resident(city).pk]
    assert told_balance(city, person) is None
    real = timezone.now()
    usual = {"city": city, "resident_id": person.id}
    BalanceAsked.objects.create(**usual, asked_at=real - timedelta(minutes=30), state=AskState.FAILED)
    BalanceAsked.objects.create(city=city, resident=resident(city, FATHER), asked_at=real, state=AskState.FAILED)
    assert told_balance(city, person) is None
    BalanceAsked.objects.create(**usual, asked_at=real - timedelta(minutes=29), state=AskState.NO_ACCOUNT)
    assert told_balance(city, person) == Told(AskState.NO_ACCOUNT)
    BalanceAsked.objects.create(**usual, asked_at=real - timedelta(minutes=1))
    assert told_balance(city, person) == Told(AskState.ASKED)


def test_relatives_are_counted_by_the_account_and_the_plan_year_and_without_who_was_refused(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_year = plan_on_sale(city)
    assert plan_year is not None
    psn_nos = (WANG_FANG, FATHER, MOTHER)
    people = persons_by_id(city, [resident(city, one).pk for one in psn_nos])
    own, father, mother = (people[resident(city, one).pk] for one in psn_nos)
    for_one = replace(rule(), most_relatives=1)
    monkeypatch.setattr(account_balances, "rule_of_area", lambda _city, _area, _day: for_one)
    balance = Balance(area=OWN_AREA, historic=9_000_00, current=0, held=0, relatives=frozenset())
    asked = [
        AskedFor(own, Relation.SELF, 158_00),
        AskedFor(father, Relation.PARENT, 158_00),
        AskedFor(mother, Relation.PARENT, 158_00),
    ]

    def pays() -> list[int]:
        return [one.pays for one in offer_of(city, own, balance, asked, plan_year.id)]

    assert pays() == [158_00, 158_00, 0]
    (free,) = offer_of(city, own, balance, [replace(asked[0], own_part=0)], plan_year.id)
    assert (free.decision, free.pays) == (None, 0), "nothing is left to pay, so that nothing is decided"
    relative = a_line(city, insured_id=mother.id, relation=Relation.PARENT, state=LineState.REFUSED)
    other_year = beside(PlanYear.objects.of(city).get(pk=plan_year.id), plan_id="other")
    for other in (
        {"state": LineState.HELD, "payer_id": father.id},
        {"state": LineState.HELD, "relation": Relation.SELF},
        {"state": LineState.RELEASED},
        {"state": LineState.STRUCK_OUT},
        {"state": LineState.HELD, "plan_year_id": other_year.pk},
    ):
        beside(relative, key=f"A{number()}", **other)
    assert pays() == [158_00, 158_00, 0]
    beside(relative, key=f"A{number()}", state=LineState.HELD)
    assert pays() == [158_00, 0, 158_00]


def test_the_books_count_every_line_and_return_and_name_a_line_whose_history_says_otherwise(city: City) -> None:
    line = a_line(city, state=LineState.REQUESTED)
    move(city, [line], "held", by="test", at=now(city))
    a_return(city, line, road=ReturnRoad.LET_GO)
    before = Verification(city.code)
    list(recompute_personal_accounts(city, before))
    assert (before.counts["account_lines"], before.counts["account_returns"], before.faults) == (1, 1, [])
    AccountLine.objects.of(city).filter(pk=line.pk).update(state=LineState.LISTED)
    after = Verification(city.code)
    list(recompute_personal_accounts(city, after))
    assert after.faults == [f"account:{line.key} is held by its events, and listed in the queue"]


@pytest.mark.parametrize(
    ("mode", "looked_at"), [(Mode.MONTHLY_LIST, 0), (Mode.REAL_TIME, 0), (Mode.PAY_THEN_OFFSET, 1)]
)
def test_what_was_paid_first_and_is_approved_later_is_shown_to_a_person(city: City, mode: Mode, looked_at: int) -> None:
    line = a_line(city, state=LineState.REQUESTED, mode=mode)
    for kind in ("held", "listed"):
        move(city, [line], kind, by="test", at=now(city))
    found = a_list_of(city, line)
    decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=[line.key])
    assert PaymentCase.objects.of(city).filter(kind="account_offset", key=line.source).count() == looked_at


def test_what_goes_back_is_due_to_the_agency_that_has_taken_it_out_of_the_account(city: City) -> None:
    """In real time an account is charged at once; on a monthly list when the agency approves it."""
    for mode, state in (
        (Mode.REAL_TIME, LineState.HELD),
        (Mode.MONTHLY_LIST, LineState.HELD),
        (Mode.MONTHLY_LIST, LineState.LISTED),
        (Mode.MONTHLY_LIST, LineState.APPROVED),
    ):
        a_return(city, a_line(city, mode=mode, state=state))
    (due,) = returns_due(city)
    assert (due.area, due.count, due.amount) == (OWN_AREA, 2, 316_00)


def test_of_keys_that_a_list_has_not_the_first_is_named(city: City) -> None:
    found = a_list_of(city, a_line(city, state=LineState.LISTED))
    with refused("account_line_unknown") as caught:
        decide_lines(actor=officer(city, OWN_AREA), list_id=found.pk, approved=["A-first", "A-second"])
    assert caught.value.values == {"key": "A-first"}


def test_what_the_bureau_held_after_its_order_had_given_it_up_is_let_go_again(city: City) -> None:
    given_up, listed = (a_line(city, state=state) for state in (LineState.RELEASED, LineState.LISTED))
    for line in (given_up, listed):
        _held(line)
    again = Task.objects.of(city).filter(kind=RELEASE, key__endswith=":again").values_list("key", flat=True)
    assert list(again) == [f"{given_up.key}:again"]
