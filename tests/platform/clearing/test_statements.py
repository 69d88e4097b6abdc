"""The statement of a hospital for a month: what it has, what the next one has, and that the journal owes the rest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from acting import acting
from claims_support import bureau, found, reversal
from clearing_support import HOSPITAL, PARTY, a_hospital, billed, lines_of, month_over, stated_month, told
from huimin.errors import HuiminError
from huimin.platform.claims.models import Finding, ReviewItem
from huimin.platform.clearing.making import make_statement, make_statements
from huimin.platform.clearing.models import HospitalStatement, StatementLine
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import ApiClient, AuditEvent, City
from huimin.platform.ledger.api import Owed, Party, PartyKind, claim_decided, owed_by_fact, post
from huimin.platform.ledger.verification import verify_city
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.schedules import Monthly
from platform_support import Caller, a_bill
from servicing_support import day_is

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2022, 4, 1), date(2022, 5, 1)


def faults(city: City) -> list[str]:
    return [fault for fault in verify_city(city).faults if "hospital statements" in fault]


def test_a_month_has_every_bill_with_its_number_its_day_of_discharge_and_what_was_answered(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    first = billed(api, "A", "2022-04-12", enddate="2022-04-11")
    second = billed(api, "B", "2022-04-18", 10_000_00)
    statement = stated_month(covered, hospital)
    assert told(statement) == [("A", "settlement", first), ("B", "settlement", second)]
    assert [(line.discharged_on, line.settled_on) for line in lines_of(statement)] == [
        (date(2022, 4, 11), date(2022, 4, 12)),
        (None, date(2022, 4, 18)),
    ]
    assert (statement.rows, statement.amount, statement.month) == (2, first + second, APRIL)
    assert statement.answer_until == date(2022, 5, 13)
    assert sum(owed_by_fact(covered, PARTY).values()) == statement.amount
    assert verify_city(covered).faults == []
    (event,) = AuditEvent.objects.of(covered).filter(action="hospital_statement_made")
    assert event.detail == {"rows": 2, "amount": statement.amount}


def test_a_bill_that_is_paid_nothing_is_no_line(api: Caller, covered: City, hospital: ApiClient) -> None:
    assert billed(api, "A", "2022-04-12", 1_000_00) == 0
    with pytest.raises(HuiminError) as refused:
        stated_month(covered, hospital)
    assert refused.value.code == "nothing_to_state"


def test_a_reversal_before_the_statement_stands_in_it_beside_its_bill(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    fen = billed(api, "A", "2022-04-12")
    assert api.settle(reversal("R", "2022-04-19", "A"), client=HOSPITAL).status_code == 200
    statement = stated_month(covered, hospital)
    assert told(statement) == [("A", "settlement", fen), ("A", "reversal", -fen)]
    assert (statement.amount, faults(covered)) == (0, [])


def test_a_reversal_after_the_statement_is_a_line_of_the_next_and_changes_nothing_that_was_stated(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    fen = billed(api, "A", "2022-04-12")
    first = stated_month(covered, hospital)
    before = (first.digest, told(first))
    day_is(covered, date(2022, 5, 5))
    assert api.settle(reversal("R", "2022-05-04", "A"), client=HOSPITAL).status_code == 200
    second = stated_month(covered, hospital, MAY)
    first.refresh_from_db()
    assert (first.digest, told(first)) == before
    assert told(second) == [("A", "reversal", -fen)]
    assert (second.amount, lines_of(second)[0].cause) == (-fen, f"settlement:{HOSPITAL}:R")
    assert faults(covered) == []


def test_the_bureaus_reversal_is_a_line_of_the_hospital_whose_bill_it_was(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    fen = billed(api, "A", "2022-04-12")
    bureau(covered)
    assert api.settle(reversal("R", "2022-04-19", "A"), client="bureau").status_code == 200
    statement = stated_month(covered, hospital)
    assert told(statement) == [("A", "settlement", fen), ("A", "reversal", -fen)]
    assert lines_of(statement)[1].cause == "settlement:bureau:R"


def test_a_correction_after_the_statement_is_the_difference_in_the_next(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    fen = billed(api, "A", "2022-04-12")
    stated_month(covered, hospital)
    corrected = a_bill("A", "2022-04-12", 20_000_00)
    assert api.settle(corrected, client=HOSPITAL).json()["code"] == "conflicting_duplicate"
    case = ReviewItem.objects.of(covered).get(setl_id="A")
    answer = found(covered, case, Finding.SECOND_STANDS).answer
    assert answer is not None
    second = stated_month(covered, hospital, MAY)
    assert told(second) == [("A", "correction", answer.owed.sender - fen)]
    assert faults(covered) == []


def test_what_a_late_bill_changes_for_the_insured_is_no_line_of_the_hospital(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    fen = billed(api, "A", "2022-04-18")
    assert api.settle(a_bill("LATE", "2022-03-01", 10_000_00), client="hospital-2").status_code == 200
    assert told(stated_month(covered, hospital)) == [("A", "settlement", fen)]


def test_the_last_of_a_month_is_in_its_statement_and_the_first_of_the_next_is_not(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    day_is(covered, date(2022, 5, 2))
    last = billed(api, "A", "2022-04-30 23:59:59")
    first = billed(api, "B", "2022-05-01 00:00:00", 10_000_00)
    assert told(stated_month(covered, hospital)) == [("A", "settlement", last)]
    assert faults(covered) == []
    assert told(stated_month(covered, hospital, MAY)) == [("B", "settlement", first)]
    assert faults(covered) == []


def test_a_bill_of_a_stated_month_that_comes_later_is_in_the_next_statement(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    billed(api, "A", "2022-04-12")
    stated_month(covered, hospital)
    late = billed(api, "B", "2022-04-30", 10_000_00)
    assert told(stated_month(covered, hospital, MAY)) == [("B", "settlement", late)]


def test_a_reversal_dated_before_its_bill_is_not_stated_without_it(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    day_is(covered, date(2022, 5, 2))
    fen = billed(api, "A", "2022-05-01")
    api.settle(reversal("R", "2022-04-30", "A"), client=HOSPITAL)
    with pytest.raises(HuiminError) as refused:
        stated_month(covered, hospital)
    assert refused.value.code == "nothing_to_state"
    assert told(stated_month(covered, hospital, MAY)) == [("A", "settlement", fen), ("A", "reversal", -fen)]


def test_each_institution_has_its_own_and_a_pharmacy_is_one(api: Caller, covered: City, hospital: ApiClient) -> None:
    fen = billed(api, "A", "2022-04-12")
    pharmacy = a_hospital(covered, "pharmacy", "pharmacy-1")
    answer = api.settle(a_bill("A", "2022-04-18", 10_000_00), client="pharmacy-1").json()
    assert told(stated_month(covered, hospital)) == [("A", "settlement", fen)]
    (line,) = lines_of(stated_month(covered, pharmacy))
    assert (line.party, f"{line.amount / 100:.2f}") == ("pharmacy:pharmacy-1", answer["owed"]["sender"])
    assert faults(covered) == []


def test_a_month_is_stated_when_it_is_over_and_once(api: Caller, covered: City, hospital: ApiClient) -> None:
    billed(api, "A", "2022-04-12")
    hospital.city = covered
    make = lambda month: make_statement(actor=queue_actor(covered), client=hospital, month=month)  # noqa: E731
    day_is(covered, date(2022, 4, 30))
    for month, code in ((APRIL, "month_not_over"), (MAY, "month_not_over")):
        with pytest.raises(HuiminError) as refused:
            make(month)
        assert refused.value.code == code
    day_is(covered, date(2022, 5, 1))
    assert make(APRIL)
    for month in (APRIL, date(2022, 3, 1), date(2022, 4, 20)):
        with pytest.raises(HuiminError) as refused:
            make(month)
        assert refused.value.code == "statement_made"


@pytest.mark.parametrize("name", ["handler", "approver", "admin"])
def test_nobody_makes_a_statement_by_hand(covered: City, hospital: ApiClient, name: str) -> None:
    month_over(covered, APRIL)
    with pytest.raises(NotAllowed):
        make_statement(actor=acting(covered, name), client=hospital, month=APRIL)


def an_attempt(city: City) -> Attempt:
    task = Task(city=city, kind="hospital_statements", lane="jobs", key="2022-05")
    return Attempt(task, kind_named("hospital_statements"), _said=float("inf"))


def test_a_worker_makes_those_of_the_month_before_and_goes_on_where_it_stopped(
    api: Caller, covered: City, hospital: ApiClient, monkeypatch: Any
) -> None:
    billed(api, "A", "2022-04-12")
    month_over(covered, APRIL)
    made: list[str] = []

    def stops(**named: Any) -> int:
        if made and named["client"].code == HOSPITAL:
            raise RuntimeError("the worker is killed")
        made.append(named["client"].code)
        return make_statement(**named)

    monkeypatch.setattr("huimin.platform.clearing.making.make_statement", stops)
    with pytest.raises(RuntimeError):
        make_statements(an_attempt(covered))
    monkeypatch.undo()
    before = HospitalStatement.objects.of(covered).count()
    assert before > 0
    make_statements(an_attempt(covered))
    make_statements(an_attempt(covered))
    assert HospitalStatement.objects.of(covered).count() == before + 1
    assert HospitalStatement.objects.of(covered).get(party=PARTY.text).month == APRIL
    assert faults(covered) == []


def test_the_statements_are_made_on_the_third() -> None:
    kind = kind_named("hospital_statements")
    assert isinstance(kind.schedule, Monthly)
    assert kind.schedule.next_after(datetime(2022, 5, 1)) == ("2022-05", datetime(2022, 5, 3, 5))


def test_one_decision_is_never_stated_twice(api: Caller, covered: City, hospital: ApiClient) -> None:
    billed(api, "A", "2022-04-12")
    (line,) = lines_of(stated_month(covered, hospital))
    line.pk, line.number, line._state.adding = None, 2, True
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        line.save()


def test_verification_names_a_line_that_the_journal_does_not_have(
    api: Caller, covered: City, hospital: ApiClient
) -> None:
    billed(api, "A", "2022-04-12")
    statement = stated_month(covered, hospital)
    assert faults(covered) == []
    line = StatementLine.objects.of(covered).get(statement=statement)
    StatementLine.objects.of(covered).filter(pk=line.pk).update(amount=line.amount + 1)
    said = faults(covered)
    assert any("has not the lines that it was made with" in one for one in said)
    assert any("is not what the journal decided" in one for one in said)
    assert any("the journal owes" in one for one in said)


def test_verification_names_a_bill_that_no_statement_will_take(api: Caller, covered: City, hospital: ApiClient) -> None:
    billed(api, "A", "2022-04-12")
    stated_month(covered, hospital)
    insured = Party(PartyKind.POLICY, "HM1")
    forgotten = claim_decided(
        source=f"settlement:{HOSPITAL}:B", cause="x", sender=PARTY, insured=insured, before=Owed(), after=Owed(5_00, 0)
    )
    post(city=covered, entries=[forgotten], at=timezone.make_aware(datetime(2022, 4, 19)))
    assert any("stands in none, and is older than the last" in one for one in faults(covered))
