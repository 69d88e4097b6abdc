"""What a hospital answers to its statement, and what a handler and a second person decide of what it disputes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from acting import acting
from claims_support import limit_is
from clearing_support import a_hospital, answered, billed, lines_of, stated_month, states
from huimin.errors import HuiminError
from huimin.platform.clearing.answering import AnswerFaults, Answers, Disputed, answer_lines
from huimin.platform.clearing.deciding import agree_on_line, decide_line
from huimin.platform.clearing.models import DisputeReason, HospitalStatement, LineState
from huimin.platform.clearing.reading import line_by_id, proposed_lines, statement_by_id, statements, statements_open
from huimin.platform.clearing.subject import QUESTION, line_subject
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.findings.recording import findings_about
from huimin.platform.foundation.models import ApiClient, AuditEvent, City
from platform_support import Caller
from servicing_support import day_is

pytestmark = pytest.mark.django_db
OTHER_AMOUNT = Disputed(DisputeReason.OTHER_AMOUNT, "我院账面为 100 元")


@pytest.fixture
def statement(api: Caller, covered: City, hospital: ApiClient) -> HospitalStatement:
    """Three lines: 11,000 yuan, and twice 5,500 or so."""
    billed(api, "A", "2022-04-12")
    billed(api, "B", "2022-04-17", 10_000_00)
    billed(api, "C", "2022-04-18", 10_000_00)
    return stated_month(covered, hospital)


def faults_of(statement: HospitalStatement, hospital: ApiClient, answers: Answers) -> list[tuple[str, str]]:
    before = states(statement)
    with pytest.raises(AnswerFaults) as refused:
        answered(statement, hospital, answers)
    assert states(statement) == before
    return [(fault.kind, fault.place) for fault in refused.value.faults]


def test_lines_are_agreed_to_and_disputed_with_a_reason(statement: HospitalStatement, hospital: ApiClient) -> None:
    assert answered(statement, hospital, Answers([1], {2: OTHER_AMOUNT})) == 2
    assert states(statement) == ["agreed", "disputed", "open"]
    line = lines_of(statement)[1]
    assert (line.reason, line.note, line.answered_by) == (*vars_of(OTHER_AMOUNT), f"client:{hospital.pk}")
    (event,) = history_of(statement.city, line_subject(line.pk)).events
    assert (event.kind, event.reason, event.data) == ("disputed", "我院账面为 100 元", {"reason": "other_amount"})
    (audit,) = AuditEvent.objects.of(statement.city).filter(action="hospital_statement_answered")
    assert audit.detail == {"agreed": 1, "disputed": 1}


def vars_of(disputed: Disputed) -> tuple[str, str]:
    return disputed.reason.value, disputed.note


def test_the_rest_is_agreed_to_where_that_is_said(statement: HospitalStatement, hospital: ApiClient) -> None:
    answered(statement, hospital, Answers(disputed={3: OTHER_AMOUNT}))
    assert answered(statement, hospital, Answers(disputed={2: OTHER_AMOUNT}, rest=True)) == 2
    assert states(statement) == ["agreed", "disputed", "disputed"]


def test_the_same_answers_again_change_nothing(statement: HospitalStatement, hospital: ApiClient) -> None:
    answers = Answers([1], {2: OTHER_AMOUNT})
    answered(statement, hospital, answers)
    assert answered(statement, hospital, answers) == 0
    assert AuditEvent.objects.of(statement.city).filter(action="hospital_statement_answered").count() == 1


def test_every_fault_is_told_at_once_and_nothing_is_taken(statement: HospitalStatement, hospital: ApiClient) -> None:
    answered(statement, hospital, Answers([3]))
    answers = Answers([1, 1, 4], {3: OTHER_AMOUNT, 2: Disputed(DisputeReason.OTHER, " "), 0: OTHER_AMOUNT})
    assert sorted(faults_of(statement, hospital, answers)) == [
        ("decided_already", "3"),
        ("line_twice", "1"),
        ("line_unknown", "0"),
        ("line_unknown", "4"),
        ("note_missing", "2"),
    ]


def test_a_line_is_not_agreed_to_and_disputed_in_one(statement: HospitalStatement, hospital: ApiClient) -> None:
    assert faults_of(statement, hospital, Answers([1], {1: OTHER_AMOUNT})) == [("line_twice", "1")]


def test_what_is_disputed_may_be_agreed_to_after_all_and_not_the_other_way_round(
    statement: HospitalStatement, hospital: ApiClient
) -> None:
    answered(statement, hospital, Answers(disputed={1: OTHER_AMOUNT}))
    other = Disputed(DisputeReason.NOT_OURS)
    assert faults_of(statement, hospital, Answers(disputed={1: other})) == [("decided_already", "1")]
    answered(statement, hospital, Answers([1]))
    line = lines_of(statement)[0]
    assert (line.state, line.reason, line.note) == ("agreed", "", "")
    assert faults_of(statement, hospital, Answers(disputed={1: OTHER_AMOUNT})) == [("decided_already", "1")]


def test_only_the_hospital_itself_and_handlers_answer(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    other = a_hospital(covered, code="hospital-8")
    for actor in (client_actor(other), acting(covered, "approver"), acting(covered, "bureau")):
        with pytest.raises(NotAllowed):
            answer_lines(actor=actor, statement_id=statement.pk, answers=Answers([1]))
    with pytest.raises(NotAllowed):
        answer_lines(actor=client_actor(hospital), statement_id=statement.pk + 99, answers=Answers([1]))
    assert answer_lines(actor=acting(covered, "handler"), statement_id=statement.pk, answers=Answers([1])) == 1


def test_silence_is_no_answer_and_stands_on_the_staffs_list_the_day_after_the_last(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    def overdue() -> list[int]:
        return [one.id for one in statements(covered, 1, state="overdue") if one.client_id == hospital.pk]

    day_is(covered, statement.answer_until)
    assert (overdue(), _state(covered, statement)) == ([], "waiting")
    day_is(covered, statement.answer_until + timedelta(days=1))
    assert (overdue(), _state(covered, statement)) == ([statement.pk], "overdue")
    assert states(statement) == ["open"] * 3
    assert answered(statement, hospital, Answers(rest=True)) == 3
    assert (overdue(), _state(covered, statement)) == ([], "settled")


def _state(city: City, statement: HospitalStatement) -> str:
    found = statement_by_id(city, statement.pk)
    assert found is not None
    return found.state.value


def a_disputed_line(statement: HospitalStatement, hospital: ApiClient) -> int:
    answered(statement, hospital, Answers(disputed={1: OTHER_AMOUNT}))
    return lines_of(statement)[0].pk


@pytest.mark.parametrize("finding", ["stands", "to_correct"])
def test_a_handler_decides_a_disputed_line_and_nobody_types_an_amount(
    covered: City, statement: HospitalStatement, hospital: ApiClient, finding: str
) -> None:
    line, before = a_disputed_line(statement, hospital), lines_of(statement)[0].amount
    waiting = statements_open(covered)
    assert decide_line(actor=acting(covered, "handler"), line_id=line, finding=finding, note="与结算单一致") is None
    found = lines_of(statement)[0]
    assert (found.state, found.amount, statements_open(covered)) == (finding, before, waiting - 1)
    (recorded,) = findings_about(covered, line_subject(line), QUESTION)
    assert (recorded.answer, recorded.counts) == (finding, True)
    assert [event.kind for event in history_of(covered, line_subject(line)).events] == ["disputed", finding]
    assert answers_refused(statement, hospital) == [("decided_already", "1")]


def answers_refused(statement: HospitalStatement, hospital: ApiClient) -> list[tuple[str, str]]:
    return faults_of(statement, hospital, Answers([1]))


def test_what_was_to_be_corrected_may_be_found_to_stand_after_all(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    line, handler = a_disputed_line(statement, hospital), acting(covered, "handler")
    decide_line(actor=handler, line_id=line, finding="to_correct", note="待更正")
    with pytest.raises(HuiminError) as refused:
        decide_line(actor=handler, line_id=line, finding="to_correct", note="待更正")
    assert refused.value.code == "line_not_disputed"
    decide_line(actor=handler, line_id=line, finding="stands", note="医院来函撤回")
    assert [one.answer for one in findings_about(covered, line_subject(line), QUESTION)] == ["to_correct", "stands"]


@pytest.mark.parametrize(
    ("finding", "note", "code"),
    [("stands", " ", "note_missing"), ("agreed", "x", "wrong_finding"), ("", "x", "wrong_finding")],
)
def test_a_finding_has_a_reason_and_is_one_of_two(
    covered: City, statement: HospitalStatement, hospital: ApiClient, finding: str, note: str, code: str
) -> None:
    line = a_disputed_line(statement, hospital)
    with pytest.raises(HuiminError) as refused:
        decide_line(actor=acting(covered, "handler"), line_id=line, finding=finding, note=note)
    assert (refused.value.code, states(statement)[0]) == (code, "disputed")


def test_what_is_not_disputed_or_not_there_is_not_decided(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    handler, line = acting(covered, "handler"), lines_of(statement)[0].pk
    for number, code in ((line, "line_not_disputed"), (line + 999, "line_unknown")):
        with pytest.raises(HuiminError) as refused:
            decide_line(actor=handler, line_id=number, finding="stands", note="x")
        assert refused.value.code == code
    for name in ("approver", "admin"):
        with pytest.raises(NotAllowed):
            decide_line(actor=acting(covered, name), line_id=line, finding="stands", note="x")


def test_above_the_citys_amount_a_second_person_agrees_and_up_to_it_nobody_has_to(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    line, handler, approver = (
        a_disputed_line(statement, hospital),
        acting(covered, "handler"),
        acting(covered, "approver"),
    )
    limit_is(covered, lines_of(statement)[0].amount - 1)
    handler = acting(covered, "handler")
    proposal = decide_line(actor=handler, line_id=line, finding="stands", note="一致")
    assert proposal is not None
    assert states(statement)[0] == "disputed"
    assert list(proposed_lines(covered, [line])) == [line]
    with pytest.raises(HuiminError) as refused:
        decide_line(actor=handler, line_id=line, finding="to_correct", note="再看")
    assert refused.value.code == "already_proposed"
    with pytest.raises(NotAllowed):
        agree_on_line(actor=handler, line_id=line, agrees=True, note="同意")
    agree_on_line(actor=approver, line_id=line, agrees=False, note="缺回单")
    assert states(statement)[0] == "disputed"
    decide_line(actor=handler, line_id=line, finding="to_correct", note="再看")
    agree_on_line(actor=approver, line_id=line, agrees=True, note="同意")
    assert states(statement)[0] == "to_correct"
    kinds = [event.kind for event in history_of(covered, line_subject(line)).events]
    assert kinds == ["disputed", "proposed", "sent_back", "proposed", "to_correct"]
    with pytest.raises(HuiminError) as refused:
        agree_on_line(actor=approver, line_id=line, agrees=True, note="同意")
    assert refused.value.code == "nothing_to_agree"


def test_exactly_the_citys_amount_needs_no_second_person(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    line = a_disputed_line(statement, hospital)
    limit_is(covered, lines_of(statement)[0].amount)
    assert decide_line(actor=acting(covered, "handler"), line_id=line, finding="stands", note="一致") is None


def test_a_finding_that_waits_has_no_object_once_the_hospital_agrees(
    covered: City, statement: HospitalStatement, hospital: ApiClient
) -> None:
    line = a_disputed_line(statement, hospital)
    limit_is(covered, 1_00)
    decide_line(actor=acting(covered, "handler"), line_id=line, finding="to_correct", note="待更正")
    answered(statement, hospital, Answers([1]))
    with pytest.raises(HuiminError) as refused:
        agree_on_line(actor=acting(covered, "approver"), line_id=line, agrees=True, note="同意")
    assert (refused.value.code, states(statement)[0]) == ("nothing_to_agree", LineState.AGREED)
    found = line_by_id(covered, line)
    assert found is not None
    assert found.settled_on == date(2022, 4, 12)
