"""A day with a payment company: what differs becomes cases, and the day is closed when each is explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from acting import acting
from company_files import DAY, company_file, paid_line
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.payments.cases import close_case
from huimin.platform.payments.file_faults import FileFaults
from huimin.platform.payments.models import (
    CompanyFile,
    Payment,
    PaymentCase,
    PaymentStatus,
    Purpose,
    Receipt,
    ReconciledDay,
)
from huimin.platform.payments.reconciliation.models import DayState
from huimin.platform.payments.reconciliation.services import ask_for_file, close_day, reconcile
from huimin.platform.tasks.models import Status, Task
from huimin.platform.tasks.services import enqueue
from work_support import work_off

NOON = timezone.make_aware(datetime(2022, 2, 14, 12))


def receipt(
    city: City, transaction: str, fen: int = 158_00, *, at: datetime = NOON, paid: datetime | None = None
) -> None:
    Receipt.objects.create(
        city=city,
        provider="other",
        transaction=transaction,
        reference=f"R{transaction}",
        amount=fen,
        purpose=Purpose.UNALLOCATED,
        received_at=at,
        paid_at=paid,
    )


def compared(city: City, *lines: str, day: date = DAY) -> ReconciledDay:
    content = company_file(*lines).replace(str(DAY), str(day))
    state = reconcile(actor=queue_actor(city), provider="other", day=day, content=content)
    row: ReconciledDay = ReconciledDay.objects.of(city).get(provider="other", day=day)
    assert row.state == state
    return row


def cases(city: City) -> list[tuple[str, int, bool]]:
    rows = PaymentCase.objects.of(city).filter(key__startswith="other:").order_by("kind", "key")
    return [(row.kind, row.amount, row.closed_at is not None) for row in rows]


def test_a_day_on_which_everything_agrees_is_closed_by_itself(city: City) -> None:
    receipt(city, "T1")
    day = compared(city, paid_line("T1"))
    assert (day.state, day.matched, day.matched_amount, day.differences) == (DayState.CLOSED, 1, 158_00, 0)
    assert AuditEvent.objects.of(city).filter(action="day_reconciled", subject=f"day:other:{DAY}").count() == 1


def test_each_difference_becomes_a_case_with_the_money_in_question(city: City) -> None:
    for transaction, fen in (("T1", 158_00), ("T2", 157_99), ("T3", 158_00)):
        receipt(city, transaction, fen)
    day = compared(city, paid_line("T2"), paid_line("T3"), paid_line("T3"), paid_line("T4"))
    assert (day.state, day.matched, day.differences) == (DayState.OPEN, 1, 4)
    assert cases(city) == [
        ("file_other_amount", 1, False),
        ("file_twice", 158_00, False),
        ("missing_with_them", 158_00, False),
        ("missing_with_us", 158_00, False),
    ]


def test_a_day_is_not_closed_before_each_difference_is_explained(city: City) -> None:
    handler = acting(city, "handler")
    compared(city, paid_line("T1"))
    with pytest.raises(HuiminError) as refused:
        close_day(actor=handler, provider="other", day=DAY, note="done")
    assert (refused.value.code, refused.value.values["count"]) == ("day_not_explained", "1")
    case = PaymentCase.objects.of(city).get(kind="missing_with_us")
    close_case(actor=handler, case_id=case.pk, note="the company's test payment, withdrawn by it")
    close_day(actor=handler, provider="other", day=DAY, note="all explained")
    row = ReconciledDay.objects.of(city).get(provider="other")
    assert (row.state, row.closed_by, row.note) == (DayState.CLOSED, handler.text, "all explained")
    for call in (
        lambda: close_day(actor=handler, provider="other", day=DAY, note="again"),
        lambda: compared(city, paid_line("T1")),
    ):
        with pytest.raises(HuiminError) as refused:
            call()
        assert refused.value.code == "day_closed"


def test_a_notice_that_came_meanwhile_explains_its_difference(city: City) -> None:
    assert compared(city, paid_line("T1")).state == DayState.OPEN
    receipt(city, "T1")
    assert compared(city, paid_line("T1")).state == DayState.AGREES
    assert cases(city) == [("missing_with_us", 158_00, True)]
    assert CompanyFile.objects.of(city).filter(provider="other").count() == 1
    close_day(actor=acting(city, "handler"), provider="other", day=DAY, note="the notice came")


def test_a_payment_whose_notice_never_came_is_asked_about_at_once(city: City) -> None:
    payment = Payment.objects.create(
        city=city, reference="RT1", provider="other", amount=158_00, created_at=NOON, query_at=None
    )
    compared(city, paid_line("T1"))
    payment.refresh_from_db()
    assert payment.query_at is not None
    assert payment.query_at <= timezone.now()
    assert PaymentCase.objects.of(city).get(kind="missing_with_us").payment_id == payment.pk


def test_a_payment_that_is_paid_already_is_not_asked_about(city: City) -> None:
    payment = Payment.objects.create(
        city=city, reference="RT1", provider="other", amount=1, created_at=NOON, status=PaymentStatus.PAID
    )
    compared(city, paid_line("T1"))
    payment.refresh_from_db()
    assert payment.query_at is None


def test_what_was_paid_before_midnight_and_heard_of_after_belongs_to_the_companys_day(city: City) -> None:
    after = timezone.make_aware(datetime(2022, 2, 15, 0, 0, 30))
    receipt(city, "T1", at=after, paid=after - timedelta(minutes=1))
    assert compared(city, paid_line("T1", at="23:59:30")).state == DayState.CLOSED
    receipt(city, "T2", at=after)
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 2, 16))
    city.refresh_from_db()
    assert [one[0] for one in cases(city)] == []
    assert compared(city, day=date(2022, 2, 15)).differences == 1


def test_a_receipt_that_the_file_of_the_day_before_has_is_not_missing(city: City) -> None:
    receipt(city, "T1", at=timezone.make_aware(datetime(2022, 2, 14, 0, 0, 5)))
    before = DAY - timedelta(days=1)
    compared(city, paid_line("T1", at="23:59:58"), day=before)
    assert compared(city).state == DayState.CLOSED


def test_a_file_with_faults_changes_nothing(city: City) -> None:
    with pytest.raises(FileFaults):
        reconcile(actor=queue_actor(city), provider="other", day=DAY, content=company_file(paid_line("T1"), totals=""))
    assert not ReconciledDay.objects.of(city).filter(provider="other").exists()
    assert cases(city) == []


def test_a_day_that_is_not_over_is_not_compared(city: City) -> None:
    for day in (date(2022, 2, 15), date(2022, 2, 16)):
        with pytest.raises(HuiminError) as refused:
            compared(city, day=day)
        assert refused.value.code == "day_to_come"
    with pytest.raises(HuiminError):
        ask_for_file(actor=acting(city, "handler"), provider="sandbox", day=date(2022, 2, 15))


def test_only_handlers_and_workers_compare_and_close(city: City) -> None:
    for call in (
        lambda: reconcile(actor=acting(city, "bureau"), provider="other", day=DAY, content=""),
        lambda: close_day(actor=acting(city, "insurer"), provider="other", day=DAY, note="x"),
        lambda: ask_for_file(actor=acting(city, "admin"), provider="other", day=DAY),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_closing_asks_for_a_day_that_was_compared_and_for_a_reason(city: City) -> None:
    for note, code in (("", "note_missing"), ("x", "day_unknown")):
        with pytest.raises(HuiminError) as refused:
            close_day(actor=acting(city, "handler"), provider="other", day=DAY, note=note)
        assert refused.value.code == code


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


def paid_in_the_sandbox(city: City, sandbox: Played, *references: str) -> None:
    """Payments that the sandbox's company took, and whose notices went astray: nobody listens there."""
    for reference in references:
        fields = {"reference": reference, "amount": "158.00", "subject": "x", "notify": "", "back": "", "day": str(DAY)}
        sandbox.sandbox.company.open(fields)
        sandbox.sandbox.company.pay(reference, "lost")


def received_of_sandbox(city: City, sandbox: Played) -> None:
    for one in sandbox.sandbox.company.booked:
        Receipt.objects.create(
            city=city,
            provider="sandbox",
            transaction=one.transaction,
            reference=one.reference,
            amount=one.amount,
            purpose=Purpose.UNALLOCATED,
            received_at=NOON,
        )


def fetched(city: City) -> Task:
    ask_for_file(actor=acting(city, "handler"), provider="sandbox", day=DAY)
    work_off()
    task: Task = Task.objects.of(city).filter(kind="reconcile").order_by("-pk")[0]
    return task


def test_a_worker_fetches_the_sandboxs_file_over_http_and_compares_it(city: City, sandbox: Played) -> None:
    paid_in_the_sandbox(city, sandbox, "A1", "A2")
    received_of_sandbox(city, sandbox)
    assert fetched(city).status == Status.DONE
    row = ReconciledDay.objects.of(city).get(provider="sandbox", day=DAY)
    assert (row.matched, row.matched_amount, row.file.fees) == (2, 316_00, 62)


def test_the_task_of_each_morning_compares_the_day_before(city: City, sandbox: Played) -> None:
    assert today(city) == DAY + timedelta(days=1)
    enqueue(city=city, kind="reconcile", key="morning")
    work_off()
    assert list(ReconciledDay.objects.of(city).values_list("provider", "day")) == [("sandbox", DAY)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("file_lacks", "missing_with_them"), ("file_other_amount", "file_other_amount"), ("file_twice", "file_twice")],
)
def test_what_the_sandbox_writes_wrongly_is_found(city: City, sandbox: Played, kind: str, expected: str) -> None:
    paid_in_the_sandbox(city, sandbox, "A1")
    received_of_sandbox(city, sandbox)
    sandbox.behaviour("payment-company").press(kind)
    fetched(city)
    assert PaymentCase.objects.of(city).filter(kind=expected, reference="A1", closed_at=None).exists()


@pytest.mark.parametrize("kind", ["file_torn", "file_other_totals"])
def test_a_file_that_nobody_can_use_fails_before_a_person_and_compares_nothing(
    city: City, sandbox: Played, kind: str
) -> None:
    sandbox.behaviour("payment-company").press(kind)
    task = fetched(city)
    assert (task.status, task.fault_code) == (Status.FAILED, "file_faults")
    assert not ReconciledDay.objects.of(city).filter(provider="sandbox").exists()


def test_a_file_that_came_changed_is_fetched_again(city: City, sandbox: Played) -> None:
    sandbox.behaviour("payment-company").press("contradict")
    assert fetched(city).status in (Status.WAITING, Status.DONE)
