"""The bank's statement of a day beside our payouts: every line is one of them or its return, to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from acting import acting
from bank_days import bank_line, next_day, stated
from claims_support import owed
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.findings.models import RecordedFinding
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.cases import close_case
from huimin.platform.payments.file_faults import FileFaults
from huimin.platform.payments.models import CompanyFile, PaymentCase, ReconciledDay
from huimin.platform.payments.reconciliation.findings import find_difference
from huimin.platform.payments.reconciliation.reading import DayFacts, reconciled_day
from huimin.platform.payments.reconciliation.services import ask_for_file, reconcile
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.payouts.sending import came_back
from huimin.platform.tasks.models import Status, Task
from payouts_support import account_given, owed_to_insured, paid_out
from platform_support import Caller
from servicing_support import day_is
from work_support import due_now, work_off

pytestmark = pytest.mark.django_db
BANK = "bank-main"
OWED = 5_500_00


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def paid(api: Caller, covered: City, sandbox: Played) -> ClaimPayout:
    """A payout of 5,500 yuan that the bank paid today."""
    account_given(owed_to_insured(api, covered))
    (payout,) = paid_out(covered)
    assert payout.status == "paid"
    return payout


@pytest.fixture
def lost(api: Caller, covered: City, sandbox: Played) -> ClaimPayout:
    """A payout that the bank has, and of which we never heard again."""
    account_given(owed_to_insured(api, covered))
    for _ in range(4):
        sandbox.behaviour("bank").press("lose_answer")
    (payout,) = paid_out(covered, rounds=1)
    sandbox.behaviour("bank").sow(0, 0)
    assert payout.status == "asked"
    return payout


def compared(city: City, day: date, content: str) -> DayFacts:
    reconcile(actor=queue_actor(city), provider=BANK, day=day, content=content)
    facts = reconciled_day(city, BANK, day)
    assert facts is not None
    return facts


def cases(city: City) -> list[tuple[str, int, bool]]:
    rows = PaymentCase.objects.of(city).filter(key__startswith=f"{BANK}:").order_by("kind", "key")
    return [(row.kind, row.amount, row.closed_at is not None) for row in rows]


def in_bank(city: City) -> int:
    return balances(city).get(("bank", "bank:main"), 0)


def found(city: City, answer: str, kind: str) -> None:
    case = PaymentCase.objects.of(city).get(kind=kind, closed_at=None)
    find_difference(actor=acting(city, "handler"), case_id=case.pk, answer=answer, note="银行书面答复")


def test_an_answer_closes_the_case_that_it_is_about_and_no_other(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    compared(covered, day, stated(*(bank_line(day, f"fee-{place}", 20_00) for place in range(3))))
    open_ones = PaymentCase.objects.of(covered).filter(kind="bank_not_booked", closed_at=None).order_by("pk")
    keys = [case.pk for case in open_ones]
    assert len(keys) == 3
    handler = acting(covered, "handler")
    find_difference(actor=handler, case_id=keys[1], answer="not_for_claims", note="手续费")
    assert [case.pk for case in open_ones.all()] == [keys[0], keys[2]]


def fetched(city: City, day: date) -> Task:
    ask_for_file(actor=acting(city, "handler"), provider=BANK, day=day)
    work_off()
    task: Task = Task.objects.of(city).filter(kind="reconcile").order_by("-pk")[0]
    return task


def test_a_worker_fetches_the_statement_and_a_day_on_which_all_agrees_is_closed_to_the_fen(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    assert fetched(covered, day).status == Status.DONE
    facts = reconciled_day(covered, BANK, day)
    assert facts is not None
    assert (facts.state, facts.booked, facts.stated, facts.difference) == ("closed", OWED, OWED, 0)
    assert (facts.matched, facts.differences, facts.rows, facts.paid, facts.refunded) == (1, 0, 1, OWED, 0)
    assert cases(covered) == []


def test_a_payout_whose_answer_was_lost_is_paid_by_the_statement_and_never_a_second_time(
    covered: City, sandbox: Played, lost: ClaimPayout
) -> None:
    banked, day = in_bank(covered), next_day(covered)
    facts = compared(covered, day, stated(bank_line(day, lost.key, OWED)))
    lost.refresh_from_db()
    assert (lost.status, lost.paid_at is not None, facts.state) == ("paid", True, "closed")
    assert (facts.booked, facts.difference, in_bank(covered) - banked) == (OWED, 0, -OWED)
    assert verify_city(covered).faults == []
    assert [one.status for one in paid_out(covered)] == ["paid"]
    assert len(sandbox.sandbox.bank.payouts) == 1
    assert in_bank(covered) - banked == -OWED


def test_a_lost_payout_that_the_statement_has_with_a_fen_less_stays_open_and_is_a_case(
    covered: City, sandbox: Played, lost: ClaimPayout
) -> None:
    day = next_day(covered)
    facts = compared(covered, day, stated(bank_line(day, lost.key, OWED - 1)))
    lost.refresh_from_db()
    assert (lost.status, facts.booked, facts.difference) == ("asked", 0, OWED - 1)
    assert cases(covered) == [("bank_not_booked", OWED - 1, False)]


def test_a_payout_that_the_bank_says_came_back_is_owed_again_and_the_day_agrees(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    httpx.post(f"{sandbox.address}/bank/back", data={"key": paid.key})
    day = next_day(covered)
    fetched(covered, day)
    paid.refresh_from_db()
    assert (paid.status, paid.fault, in_bank(covered)) == ("returned", "returned_by_bank", 0)
    assert owed(covered)["claim_payable", f"policy:{paid.policy_number}"] == OWED
    facts = reconciled_day(covered, BANK, day)
    assert facts is not None
    assert (facts.state, facts.booked, facts.stated, facts.paid, facts.refunded) == ("closed", 0, 0, OWED, OWED)
    assert verify_city(covered).faults == []


def test_what_comes_back_days_later_stands_on_the_later_statement(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    assert compared(covered, day, stated(bank_line(day, paid.key, OWED))).state == "closed"
    later = next_day(covered)
    facts = compared(covered, later, stated(bank_line(later, paid.key, -OWED)))
    paid.refresh_from_db()
    assert (paid.status, facts.state, facts.booked, facts.stated) == ("returned", "closed", -OWED, -OWED)
    assert verify_city(covered).faults == []


def test_a_return_of_which_a_query_had_told_already_and_both_its_lines_move_nothing(
    covered: City, sandbox: Played, lost: ClaimPayout
) -> None:
    sandbox.sandbox.bank.payouts[lost.key].state = "returned"
    paid_out(covered)
    lost.refresh_from_db()
    assert (lost.status, lost.paid_at) == ("returned", None)
    day = next_day(covered)
    facts = compared(covered, day, stated(bank_line(day, lost.key, OWED), bank_line(day, lost.key, -OWED, "B2")))
    assert (facts.state, facts.booked, facts.stated) == ("closed", 0, 0)
    assert verify_city(covered).faults == []


def test_each_difference_is_of_a_named_kind_with_the_fen_in_question(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    facts = compared(covered, day, stated(bank_line(day, "unknown", 88_00)))
    assert cases(covered) == [("bank_lacks", OWED, False), ("bank_not_booked", 88_00, False)]
    assert (facts.state, facts.booked, facts.stated, facts.difference) == ("open", OWED, 88_00, 88_00 - OWED)


@pytest.mark.parametrize(
    ("kind", "expected", "fen", "difference"),
    [
        ("statement_lacks", "bank_lacks", OWED, -OWED),
        ("statement_other_amount", "bank_amount_differs", 1, 1),
        ("statement_twice", "bank_twice", OWED, OWED),
    ],
)
def test_what_the_bank_states_wrongly_is_found_to_the_fen(
    covered: City, sandbox: Played, paid: ClaimPayout, kind: str, expected: str, fen: int, difference: int
) -> None:
    sandbox.behaviour("bank").press(kind)
    day = next_day(covered)
    fetched(covered, day)
    facts = reconciled_day(covered, BANK, day)
    assert facts is not None
    assert cases(covered) == [(expected, fen, False)]
    assert (facts.state, facts.booked, facts.difference) == ("open", OWED, difference)
    fetched(covered, day)
    assert cases(covered) == [(expected, fen, True)]


@pytest.mark.parametrize("kind", ["statement_torn", "statement_other_day"])
def test_a_cut_statement_or_one_of_another_day_is_refused_and_changes_nothing(
    covered: City, sandbox: Played, lost: ClaimPayout, kind: str
) -> None:
    bank = sandbox.sandbox.bank
    bank._book(bank.payouts[lost.key], OWED)
    sandbox.behaviour("bank").press(kind)
    day = next_day(covered)
    task = fetched(covered, day)
    assert (task.status, task.fault_code) == (Status.FAILED, "file_faults")
    lost.refresh_from_db()
    assert (lost.status, reconciled_day(covered, BANK, day)) == ("asked", None)


def test_a_forged_statement_is_not_read_and_is_asked_for_again(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    sandbox.behaviour("bank").press("forge")
    day = next_day(covered)
    task = fetched(covered, day)
    assert (task.status, reconciled_day(covered, BANK, day)) == (Status.WAITING, None)
    due_now(task)
    work_off()
    facts = reconciled_day(covered, BANK, day)
    assert facts is not None
    assert facts.state == "closed"


def test_a_statement_that_is_late_is_asked_for_again_until_it_is_there(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    sandbox.behaviour("bank").press("statement_late")
    day = next_day(covered)
    task = fetched(covered, day)
    assert (task.status, task.fault_code) == (Status.WAITING, "file_not_ready")
    due_now(task)
    work_off()
    assert reconciled_day(covered, BANK, day) is not None


def _morning(city: City) -> None:
    """What a worker is scheduled to do each morning."""
    task = Task.objects.create(
        city=city, kind="bank_statement", lane="jobs", key=str(city.demonstration_day),
        created_at="2022-01-01T00:00Z", due_at="2022-01-01T00:00Z",
    )  # fmt: skip
    work_off()
    task.refresh_from_db()
    assert task.status == Status.DONE


def test_each_morning_the_statement_of_the_day_before_is_compared_by_itself(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    _morning(covered)
    assert [(one.day, one.state) for one in ReconciledDay.objects.of(covered).filter(provider=BANK)] == [
        (day, "closed")
    ]


def test_a_day_of_which_no_statement_came_stands_in_the_queue_until_it_comes(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    missed = next_day(covered)
    next_day(covered)
    sandbox.behaviour("bank").press("statement_late")
    Task.objects.create(
        city=covered, kind="bank_statement", lane="jobs", key="first",
        created_at="2022-01-01T00:00Z", due_at="2022-01-01T00:00Z",
    )  # fmt: skip
    work_off()
    assert [one[0] for one in cases(covered)] == ["bank_no_statement"]
    case = PaymentCase.objects.of(covered).get(kind="bank_no_statement")
    assert case.detail["day"] == str(missed)
    for task in Task.objects.of(covered).filter(kind__in=("bank_statement", "reconcile"), finished_at=None):
        due_now(task)
    work_off()
    case.refresh_from_db()
    assert case.closed_at is not None
    facts = reconciled_day(covered, BANK, missed)
    assert facts is not None
    assert facts.difference == 0


def test_days_before_the_first_payout_are_not_missed(covered: City, sandbox: Played, paid: ClaimPayout) -> None:
    next_day(covered)
    _morning(covered)
    assert cases(covered) == []


def test_the_same_statement_read_twice_changes_nothing(covered: City, sandbox: Played, lost: ClaimPayout) -> None:
    day = next_day(covered)
    content = stated(bank_line(day, lost.key, OWED), bank_line(day, "unknown", 1))
    first = compared(covered, day, content)
    told = Task.objects.of(covered).filter(kind="notice").count()
    banked, once = in_bank(covered), cases(covered)
    again = compared(covered, day, content)
    assert again == replace(first, compared_at=again.compared_at)
    assert (in_bank(covered), cases(covered)) == (banked, once)
    assert Task.objects.of(covered).filter(kind="notice").count() == told
    assert CompanyFile.objects.of(covered).filter(provider=BANK).count() == 1
    assert verify_city(covered).faults == []


def test_a_payout_around_midnight_that_the_day_befores_statement_has_is_not_missing(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    before = day - timedelta(days=1)
    assert compared(covered, before, stated(bank_line(before, paid.key, OWED, at="23:59:58"))).state == "closed"
    assert compared(covered, day, stated()).differences == 0


def test_a_difference_is_closed_by_a_finding_alone_and_the_last_one_closes_the_day(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    handler, day = acting(covered, "handler"), next_day(covered)
    line = bank_line(day, paid.key, OWED)
    compared(covered, day, stated(line, line, bank_line(day, "fee", 20_00)))
    twice = PaymentCase.objects.of(covered).get(kind="bank_twice")
    with pytest.raises(HuiminError) as refused:
        close_case(actor=handler, case_id=twice.pk, note="已处理")
    assert refused.value.code == "finding_needed"
    for answer, note, code in (
        ("bank_takes_back", " ", "note_missing"),
        ("not_paid", "说明", "wrong_difference_answer"),
        ("", "说明", "wrong_difference_answer"),
    ):
        with pytest.raises(HuiminError) as refused:
            find_difference(actor=handler, case_id=twice.pk, answer=answer, note=note)
        assert refused.value.code == code
    found(covered, "bank_takes_back", "bank_twice")
    event = AuditEvent.objects.of(covered).get(action="difference_found")
    assert (event.actor, event.detail["answer"]) == (handler.text, "bank_takes_back")
    assert ReconciledDay.objects.of(covered).get(provider=BANK).state == "open"
    found(covered, "not_for_claims", "bank_not_booked")
    row = ReconciledDay.objects.of(covered).get(provider=BANK)
    assert (row.state, row.closed_by) == ("closed", handler.text)
    assert [(one.question, one.answer, one.author) for one in RecordedFinding.objects.of(covered).order_by("pk")] == [
        ("difference", "bank_takes_back", handler.text),
        ("difference", "not_for_claims", handler.text),
    ]
    with pytest.raises(HuiminError) as refused:
        find_difference(actor=handler, case_id=twice.pk, answer="bank_takes_back", note="再次")
    assert refused.value.code == "case_closed"
    with pytest.raises(HuiminError) as refused:
        compared(covered, day, stated(line))
    assert refused.value.code == "day_closed"


def test_what_the_bank_never_paid_is_owed_again_by_a_finding_and_verification_agrees(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    compared(covered, day, stated())
    found(covered, "not_paid", "bank_lacks")
    paid.refresh_from_db()
    assert (paid.status, paid.fault, in_bank(covered)) == ("returned", "not_on_statement", 0)
    assert owed(covered)["claim_payable", f"policy:{paid.policy_number}"] == OWED
    assert verify_city(covered).faults == []
    later = next_day(covered)
    assert compared(covered, later, stated()).state == "closed"


def test_what_came_back_meanwhile_cannot_be_found_unpaid_a_second_time(
    covered: City, sandbox: Played, paid: ClaimPayout
) -> None:
    day = next_day(covered)
    compared(covered, day, stated())
    assert came_back(city=covered, key=paid.key, reason="account_closed")
    with pytest.raises(HuiminError) as refused:
        found(covered, "not_paid", "bank_lacks")
    assert refused.value.code == "payout_not_paid"
    assert PaymentCase.objects.of(covered).get(kind="bank_lacks").closed_at is None


def test_a_return_that_the_bank_lacks_cannot_be_found_unpaid(covered: City, sandbox: Played, paid: ClaimPayout) -> None:
    assert came_back(city=covered, key=paid.key, reason="account_closed")
    day = next_day(covered)
    compared(covered, day, stated(bank_line(day, paid.key, OWED)))
    with pytest.raises(HuiminError) as refused:
        found(covered, "not_paid", "bank_lacks")
    assert refused.value.code == "wrong_difference_answer"
    found(covered, "on_another_day", "bank_lacks")


def test_only_a_handler_finds_what_became_of_a_difference(covered: City, sandbox: Played, paid: ClaimPayout) -> None:
    day = next_day(covered)
    compared(covered, day, stated())
    case = PaymentCase.objects.of(covered).get(kind="bank_lacks")
    for who in ("bureau", "approver", "insurer", "admin"):
        with pytest.raises(NotAllowed):
            find_difference(actor=acting(covered, who), case_id=case.pk, answer="written_wrongly", note="说明")


HEAD = "记账时间,流水号,付款编号,摘要,借方金额,贷方金额"
DAY = date(2022, 4, 20)
LINE = f"{DAY} 10:00:00,B1,p1,代付,158.00,0.00"
BAD = [
    ("", "empty_file"),
    (HEAD.replace("流水号", "编号"), "column_changed"),
    (LINE.replace("10:00:00", "25:00:00"), "bad_time"),
    (LINE.replace(str(DAY), "2022-04-21"), "other_day"),
    (LINE.replace("代付", "转账"), "unknown_status"),
    (LINE.replace("158.00", "158.001"), "bad_amount"),
    (LINE.replace("158.00", "0.00"), "not_above_zero"),
    (LINE.replace("158.00", "-158.00"), "not_above_zero"),
    (LINE.removesuffix("0.00") + "1.00", "both_directions"),
    (LINE.replace("p1", "p一"), "bad_number"),
    (LINE + ",x", "fields_missing"),
]


@pytest.mark.parametrize(("text", "fault"), BAD)
def test_every_fault_of_a_statement_is_named(city: City, text: str, fault: str) -> None:
    day_is(city, DAY + timedelta(days=1))
    lines = [text] if fault in ("empty_file", "column_changed") else [HEAD, text]
    content = "\r\n".join([*lines, "合计,1,,,158.00,0.00"] if text else [])
    with pytest.raises(FileFaults) as refused:
        compared(city, DAY, content)
    assert fault in [one.kind for one in refused.value.faults]


@pytest.mark.parametrize(
    ("total", "fault"),
    [
        ("合计,2,,,158.00,0.00", "count_differs"),
        ("合计,1,,,158.01,0.00", "total_differs"),
        ("合计,1,,,158.00,0.01", "total_differs"),
        ("合计,x,,,158.00,0.00", "bad_count"),
        ("合计,1", "fields_missing"),
        ("", "totals_missing"),
        ("合计,1,,,158.00,0.00\r\n" + LINE, "after_the_totals"),
    ],
)
def test_a_statement_whose_totals_are_not_those_of_its_lines_is_none(city: City, total: str, fault: str) -> None:
    day_is(city, DAY + timedelta(days=1))
    with pytest.raises(FileFaults) as refused:
        compared(city, DAY, "\r\n".join([HEAD, LINE, total]))
    assert fault in [one.kind for one in refused.value.faults]


def test_a_statement_may_be_a_line_and_its_totals(city: City) -> None:
    day_is(city, DAY + timedelta(days=1))
    facts = compared(city, DAY, "\r\n".join([HEAD, LINE, "合计,1,,,158.00,0.00", ""]))
    assert (facts.rows, facts.paid, facts.refunded) == (1, 158_00, 0)
