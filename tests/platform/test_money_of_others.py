"""Cases, receipts, refunds and days: what is asked for of one is found without what belongs to others beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from acting import acting
from company_files import DAY, company_file, paid_line
from huimin.errors import HuiminError
from huimin.platform.foundation.actors import provider_actor, queue_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.gateways.api import Notice
from huimin.platform.ledger.api import Verification
from huimin.platform.payments.cases import close_case, close_cases_about, open_case, open_cases
from huimin.platform.payments.early import came_early
from huimin.platform.payments.entries import receipt_entry
from huimin.platform.payments.means import MeansKind, collector_of
from huimin.platform.payments.models import (
    Allocation,
    CompanyFile,
    Payment,
    PaymentCase,
    PaymentStatus,
    Purpose,
    Receipt,
    ReconciledDay,
)
from huimin.platform.payments.notices import record_notice
from huimin.platform.payments.providers import payment_company, usual_company
from huimin.platform.payments.reconciliation.company import receipts_of_day
from huimin.platform.payments.reconciliation.reading import (
    days_open,
    differences_of_day,
    reconciled_day,
    reconciled_days,
)
from huimin.platform.payments.reconciliation.services import (
    ask_for_file,
    cases_of_day,
    close_day,
    reconcile,
)
from huimin.platform.payments.refunds.deciding import large_refund, try_refund_again
from huimin.platform.payments.refunds.models import Refund, RefundReason, RefundStatus
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund
from huimin.platform.payments.refunds.reading import open_refunds, refunds_open, refunds_under
from huimin.platform.payments.selectors import owed_back_beside, paid_beside, payments_of, received
from huimin.platform.payments.unanswered import (
    MOST_QUERIES,
    ask_later,
    ask_soon,
    payments_to_query,
)
from huimin.platform.payments.verification import recompute_receipts, recompute_refunds
from huimin.platform.tasks.models import Task
from neighbours import beside, number
from platform_support import resident

NOON = timezone.make_aware(datetime(2022, 2, 14, 12))


def a_payment(city: City, **columns: Any) -> Payment:
    usual = {"reference": f"P{number()}", "provider": "sandbox", "amount": 158_00, "created_at": NOON}
    made: Payment = Payment.objects.create(city=city, **{**usual, **columns})
    return made


def a_receipt(city: City, **columns: Any) -> Receipt:
    usual = {
        "provider": "other",
        "transaction": f"T{number()}",
        "reference": f"P{number()}",
        "amount": 158_00,
        "purpose": Purpose.UNALLOCATED,
        "received_at": NOON,
    }
    made: Receipt = Receipt.objects.create(city=city, **{**usual, **columns})
    return made


def a_case(city: City, kind: str = "paid_again", key: str = "", **columns: Any) -> PaymentCase:
    made: PaymentCase = PaymentCase.objects.create(
        city=city, kind=kind, key=key or f"notice:{number()}", **{"opened_at": NOON, **columns}
    )
    return made


def a_refund(city: City, payment: Payment, **columns: Any) -> Refund:
    usual = {
        "key": f"F{number()}",
        "source": f"order:{number()}",
        "reason": RefundReason.NO_COVER,
        "payment": payment,
        "provider": payment.provider,
        "reference": payment.reference,
        "transaction": f"T{number()}",
        "amount": 158_00,
        "payee": resident(city),
        "created_at": NOON,
        "status": RefundStatus.WAITING,
    }
    made: Refund = Refund.objects.create(city=city, **{**usual, **columns})
    return made


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(HuiminError, check=lambda error: error.code == code)


# Cases


def opened(city: City, kind: str, key: str, **more: Any) -> None:
    usual = {"payment_id": None, "reference": "R", "amount": 5, "detail": {"x": 1}, "at": NOON}
    open_case(city=city, kind=kind, key=key, **{**usual, **more})


def test_a_case_is_opened_once_for_one_thing_and_again_for_another_or_another_kind(city: City) -> None:
    for kind, key in (("paid_again", "A"), ("paid_again", "A"), ("paid_again", "B"), ("other_amount", "A")):
        opened(city, kind, key)
    rows = PaymentCase.objects.of(city).filter(key__in=["A", "B"]).order_by("pk")
    assert [(row.kind, row.key) for row in rows] == [("paid_again", "A"), ("paid_again", "B"), ("other_amount", "A")]
    shown = open_cases(city, 1).rows[0]
    assert (shown.kind, shown.reference, shown.amount, shown.detail, shown.opened_at) == (
        "paid_again",
        "R",
        5,
        {"x": 1},
        NOON,
    )


def test_money_that_went_back_closes_the_open_cases_about_it_and_no_other(city: City) -> None:
    about = [a_case(city, kind, "notice:sandbox:T1") for kind in ("other_amount", "paid_again", "no_cover")]
    of_order = a_case(city, "no_cover", "order:R1")
    closed = a_case(city, "no_cover", "order:R2", closed_at=NOON, closed_by="staff:1", note="by hand")
    others = [a_case(city, "contradiction", "notice:sandbox:T1"), a_case(city, "paid_again", "notice:sandbox:T2")]
    sources, at = ["receipt:sandbox:T1", "order:R1", "order:R2"], now(city)
    close_cases_about(city=city, sources=sources, by="queue", note="refunded", at=at)
    rows = {row.pk: (row.closed_by, row.note, row.closed_at) for row in PaymentCase.objects.of(city)}
    assert {rows[one.pk] for one in (*about, of_order)} == {("queue", "refunded", at)}
    assert rows[closed.pk] == ("staff:1", "by hand", NOON)
    assert {rows[one.pk] for one in others} == {("", "", None)}


def test_a_person_closes_one_case_and_it_is_in_the_audit(city: City) -> None:
    one, other = a_case(city), a_case(city)
    handler = acting(city, "handler")
    close_case(actor=handler, case_id=one.pk, note="done")
    assert [case.id for case in open_cases(city, 1)] == [other.pk]
    event = AuditEvent.objects.of(city).get(action="payment_case_closed")
    assert (event.actor, event.subject) == (handler.text, f"payment_case:{one.pk}")


# Notices and receipts


def test_money_owed_back_is_of_its_payment_and_paid_for_nothing(city: City) -> None:
    before = paid_beside(city)
    payment, other = a_payment(city, status=PaymentStatus.PAID), a_payment(city)
    usual = {"provider": "sandbox", "payment": payment}
    again = a_receipt(city, **usual, purpose=Purpose.OWED_BACK)
    less = a_receipt(city, **usual, purpose=Purpose.OWED_BACK, amount=157_99)
    a_receipt(city, **usual, purpose=Purpose.COVER)
    a_receipt(city, provider="sandbox", payment=other, purpose=Purpose.OWED_BACK, amount=1)
    a_receipt(city, purpose=Purpose.UNALLOCATED)
    assert owed_back_beside(city, payment.pk) == 315_99
    found = [one for one in paid_beside(city) if one not in before]
    assert [(one.source, one.amount, one.payment_id, one.paid_again) for one in found] == [
        (again.source, 158_00, payment.pk, True),
        (less.source, 157_99, payment.pk, False),
        (found[2].source, 1, other.pk, False),
    ]


def test_payments_are_given_by_their_keys_and_all_where_none_are_named(city: City) -> None:
    one, other = a_payment(city), a_payment(city)
    assert {key: facts.reference for key, facts in payments_of(city, [one.pk]).items()} == {one.pk: one.reference}
    assert payments_of(city, []) == {}
    assert payments_of(city).keys() >= {one.pk, other.pk}


def test_what_was_received_is_told_by_receipt_and_by_the_payment_that_it_came_to_pay(city: City) -> None:
    payment, late = a_payment(city), a_payment(city)
    told, early, lost = a_receipt(city, payment=payment), a_receipt(city, amount=3), a_receipt(city, amount=2)
    Allocation.objects.create(city=city, receipt=early, payment=late, recorded_at=NOON)
    found = received(city)
    assert found[told.source, payment.pk] == 158_00
    assert found[early.source, late.pk] == 3
    assert found[lost.source, None] == 2


def notice(payment: Payment, **changes: Any) -> Notice:
    usual = {
        "notice_id": "N1",
        "reference": payment.reference,
        "status": "paid",
        "amount": payment.amount,
        "transaction": f"T{number()}",
    }
    return Notice(**{**usual, **changes})


@pytest.mark.parametrize(
    ("change", "early"),
    [
        ({}, True),
        ({"reference": "another"}, False),
        ({"amount": 157_99}, False),
        ({"status": "failed"}, False),
    ],
)
def test_money_came_early_if_the_notice_says_again_what_the_receipt_says_and_the_payment_waits_for(
    city: City, change: dict[str, Any], early: bool
) -> None:
    payment = a_payment(city)
    receipt = a_receipt(city, reference=payment.reference)
    assert came_early(receipt, payment, notice(payment, **change)) == early
    assert not came_early(receipt, None, notice(payment, **change))
    assert not came_early(receipt, a_payment(city, status=PaymentStatus.PAID), notice(payment, **change))
    allocated = beside(receipt, transaction=f"T{number()}", purpose=Purpose.OWED_BACK)
    assert not came_early(allocated, payment, notice(payment, **change))


def test_what_came_before_its_order_is_allocated_once_and_its_case_closed(city: City) -> None:
    payment, actor = a_payment(city), provider_actor(city, "sandbox")
    receipt = a_receipt(city, provider="sandbox", reference=payment.reference)
    key = f"notice:sandbox:{receipt.transaction}"
    cases = [
        a_case(city, "unknown_payment", key),
        a_case(city, "unknown_payment", f"{key}0"),
        a_case(city, "paid_again", key),
    ]
    said = notice(payment, transaction=receipt.transaction)
    outcome = record_notice(actor=actor, notice=said, at=now(city), came=now(city), look_first=True)
    assert (outcome.newly_paid, outcome.owed_back) == (True, False)
    assert Allocation.objects.of(city).get(receipt=receipt).payment_id == payment.pk
    notes = dict(PaymentCase.objects.of(city).values_list("pk", "note"))
    assert [notes[one.pk] != "" for one in cases] == [True, False, False]
    assert payment.reference in notes[cases[0].pk]
    event = AuditEvent.objects.of(city).get(action="receipt_allocated")
    assert (event.actor, event.subject) == ("provider:sandbox", receipt.source)


@pytest.mark.parametrize(
    ("kind", "change", "amount"),
    [
        ("other_amount", {"amount": 157_99}, 157_99),
        ("unknown_payment", {"reference": "nobody's"}, 158_00),
    ],
)
def test_money_that_fits_no_order_has_a_case_with_what_was_said_and_asked(
    city: City, kind: str, change: dict[str, Any], amount: int
) -> None:
    payment, actor, at = a_payment(city), provider_actor(city, "sandbox"), now(city)
    said = notice(payment, **change)
    outcome = record_notice(actor=actor, notice=said, at=at, came=at)
    assert (outcome.newly_paid, outcome.owed_back) == (False, kind == "other_amount")
    case = PaymentCase.objects.of(city).get(kind=kind, key=f"notice:sandbox:{said.transaction}")
    asked = 158_00 if kind == "other_amount" else 0
    assert case.detail == {"notice": "N1", "status": "paid", "said": amount, "asked": asked}
    assert (case.amount, case.reference, case.opened_at) == (amount, said.reference, at)
    event = AuditEvent.objects.of(city).get(action=f"notice_{kind}")
    assert event.detail == {"reference": said.reference, "notice": "N1", "status": "paid", "amount": amount}
    assert (event.actor, event.subject) == ("provider:sandbox", f"notice:sandbox:{said.transaction}")


def test_a_notice_pays_what_was_asked_of_its_own_company(city: City) -> None:
    payment, at = a_payment(city), now(city)
    Payment.objects.of(city).filter(pk=payment.pk).update(provider="other")
    outcome = record_notice(actor=provider_actor(city, "sandbox"), notice=notice(payment), at=at, came=at)
    assert (outcome.payment, outcome.newly_paid) == (None, False)
    assert Payment.objects.of(city).get(pk=payment.pk).status != "paid"


def test_a_transaction_that_is_told_otherwise_than_before_is_a_contradiction_without_money(city: City) -> None:
    payment, actor = a_payment(city), provider_actor(city, "sandbox")
    said = notice(payment)
    record_notice(actor=actor, notice=said, at=now(city), came=now(city))
    for change in ({"amount": 1}, {"status": "failed"}, {"reference": "another"}):
        other = notice(payment, **{"transaction": said.transaction, **change})
        record_notice(actor=actor, notice=other, at=now(city), came=now(city), look_first=True)
    record_notice(actor=actor, notice=said, at=now(city), came=now(city), look_first=True)
    cases = PaymentCase.objects.of(city).filter(kind="contradiction").order_by("pk")
    key = f"notice:sandbox:{said.transaction}"
    assert [(case.key, case.amount) for case in cases] == [
        (f"{key}:paid:1:{payment.reference}", 0),
        (f"{key}:failed:15800:{payment.reference}", 0),
        (f"{key}:paid:15800:another", 0),
    ]
    assert Receipt.objects.of(city).filter(transaction=said.transaction).count() == 1


@pytest.mark.parametrize(
    ("said", "believed"),
    [(NOON, True), (NOON - timedelta(seconds=1), False), (None, False)],
)
def test_when_it_was_paid_is_believed_from_the_moment_of_the_order_on(
    city: City, said: datetime | None, believed: bool
) -> None:
    payment, at = a_payment(city), now(city)
    outcome = record_notice(actor=provider_actor(city, "sandbox"), notice=notice(payment, paid_at=said), at=at, came=at)
    assert outcome.payment is not None
    assert outcome.payment.paid_at == (said if believed else at)


def test_a_time_of_paying_is_believed_up_to_the_moment_of_the_notice(city: City) -> None:
    at = now(city)
    for said, kept in ((at, at), (at + timedelta(seconds=1), None)):
        payment = a_payment(city)
        named = notice(payment, paid_at=said)
        record_notice(actor=provider_actor(city, "sandbox"), notice=named, at=at, came=at)
        assert Receipt.objects.of(city).get(transaction=named.transaction).paid_at == kept
        assert Payment.objects.of(city).get(pk=payment.pk).paid_at == at


def test_a_means_that_nobody_collects_is_named_beside_those_that_are() -> None:
    with pytest.raises(LookupError, match=r"found the means of payment 'shells'.*collected: .*account"):
        collector_of("shells")  # type: ignore[arg-type]
    assert collector_of(MeansKind.PERSONAL_ACCOUNT).given_back is not None


def test_a_payment_company_that_is_not_ours_is_refused_by_its_code(city: City) -> None:
    assert usual_company() == "sandbox"
    with refused("unknown_provider"):
        payment_company("another", city)


# Asking about payments without a notice


def test_payments_are_asked_about_when_their_time_has_come_and_ever_later(city: City) -> None:
    Payment.objects.of(city).update(query_at=None)
    real = timezone.now()
    due = a_payment(city, query_at=real - timedelta(seconds=1))
    fifth = a_payment(city, query_at=real - timedelta(seconds=2), queries=4)
    long = a_payment(city, query_at=real - timedelta(seconds=3), queries=9)
    last = a_payment(city, query_at=real - timedelta(seconds=4), queries=MOST_QUERIES - 1)
    a_payment(city, query_at=real + timedelta(minutes=1))
    a_payment(city, query_at=real - timedelta(seconds=1), status=PaymentStatus.PAID)
    a_payment(city)
    assert [one.id for one in payments_to_query()] == [last.pk, long.pk, fifth.pk, due.pk]
    after = {row.pk: row for row in Payment.objects.of(city)}
    assert [after[one.pk].queries for one in (due, fifth, long, last)] == [1, 5, 10, MOST_QUERIES]
    waits = [after[one.pk].query_at - real for one in (due, fifth, long)]
    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 16, 360]
    assert after[last.pk].query_at is None
    assert payments_to_query() == []


def test_a_payer_who_says_that_they_paid_has_their_own_payment_asked_about_now(city: City) -> None:
    Payment.objects.of(city).update(query_at=None)
    mine, other, paid = a_payment(city), a_payment(city), a_payment(city, status=PaymentStatus.PAID)
    for one in (mine, paid):
        ask_soon(city=city, payment_id=one.pk)
    after = dict(Payment.objects.of(city).values_list("pk", "query_at"))
    assert [after[one.pk] is None for one in (mine, other, paid)] == [False, True, True]
    (facts,) = payments_to_query()
    ask_later([facts], timedelta(minutes=3))
    row = Payment.objects.of(city).get(pk=mine.pk)
    assert row.queries == 0
    assert timedelta(minutes=2) < row.query_at - timezone.now() <= timedelta(minutes=3)


# Refunds


def test_refunds_that_are_not_done_are_open_and_each_is_found_by_its_fact(city: City) -> None:
    payment = a_payment(city)
    late, early = a_refund(city, payment), a_refund(city, payment, created_at=NOON - timedelta(days=1))
    done = a_refund(city, payment, done_at=NOON, status=RefundStatus.DONE)
    assert [one.id for one in open_refunds(city, 1)] == [early.pk, late.pk]
    assert refunds_open(city) == 2
    found = refunds_under(city, [done.source, "order:nobody"])
    assert {source: (one.id, one.done_at) for source, one in found.items()} == {done.source: (done.pk, NOON)}
    assert refunds_under(city, []) == {}


def test_what_is_left_of_a_transaction_is_counted_without_refunds_of_others(city: City) -> None:
    payment = a_payment(city)
    for other in ({"transaction": "T1", "provider": "another"}, {"transaction": "T2"}):
        a_refund(city, payment, **other)
    a_refund(city, payment, transaction="T1", amount=100_00)
    paid = Paid(payment.pk, "sandbox", payment.reference, "T1", 158_00)

    def owes(fen: int) -> bool:
        owed = Owed(f"order:{number()}", RefundReason.NO_COVER, paid, fen, resident(city).pk)
        return owe_refund(city=city, owed=owed, by="test", at=now(city))

    with refused("refund_too_high"):
        owes(58_01)
    assert owes(58_00)


def test_a_large_refund_is_proposed_by_who_pays_back_and_agreed_by_who_agrees_to_refunds() -> None:
    case = large_refund()
    assert (str(case.propose), str(case.agree)) == ("pay_back", "agree_to_refund")


def test_a_refund_that_is_tried_again_has_another_key_and_an_audit(city: City) -> None:
    refund, handler = a_refund(city, a_payment(city), status=RefundStatus.REFUSED, fault="no"), acting(city, "handler")
    other = a_refund(city, a_payment(city), status=RefundStatus.REFUSED, fault="no")
    try_refund_again(actor=handler, refund_id=refund.pk, note="once more")
    after = {row.pk: row for row in Refund.objects.of(city)}
    assert (after[refund.pk].status, after[refund.pk].fault, after[refund.pk].tries) == ("waiting", "", 1)
    assert after[refund.pk].company_key == f"{refund.key}-1"
    assert (after[other.pk].status, after[other.pk].company_key) == ("refused", other.key)
    event = AuditEvent.objects.of(city).get(action="refund_tried_again")
    assert (event.actor, event.subject) == (handler.text, f"refund:{refund.pk}")
    assert Task.objects.of(city).filter(kind="pay_back", key=f"refund-{refund.pk}-1").count() == 1


def test_the_books_count_receipts_and_refunds_and_say_where_more_goes_back_than_came(city: City) -> None:
    payment = a_payment(city)
    receipt = a_receipt(city, payment=payment, purpose=Purpose.OWED_BACK)
    a_refund(city, payment, provider="other", transaction=receipt.transaction, status=RefundStatus.DONE)
    result = Verification(city.code)
    entries = list(recompute_refunds(city, result))
    assert (result.counts["refunds"], len(entries), result.faults) == (1, 1, [])
    a_refund(city, payment, provider="other", transaction=receipt.transaction, amount=7)
    result = Verification(city.code)
    assert len(list(recompute_refunds(city, result))) == 1
    assert result.faults == [f"refunds: 7 fen more go back of other {receipt.transaction} than it brought"]
    result = Verification(city.code)
    list(recompute_receipts(city, result))
    assert result.counts["receipts"] == Receipt.objects.of(city).count()


# Days with a payment company


def compared(city: City, *lines: str, provider: str = "other", day: date = DAY) -> ReconciledDay:
    content = company_file(*lines).replace(str(DAY), str(day))
    reconcile(actor=queue_actor(city), provider=provider, day=day, content=content)
    found: ReconciledDay = ReconciledDay.objects.of(city).get(provider=provider, day=day)
    return found


def test_receipts_are_of_the_day_from_its_first_moment_to_its_last_and_of_the_company(city: City) -> None:
    start = timezone.make_aware(datetime(2022, 2, 14))
    end = start + timedelta(days=1)
    first = a_receipt(city, received_at=start)
    last = a_receipt(city, received_at=end - timedelta(microseconds=1))
    paid = a_receipt(city, received_at=end, paid_at=end - timedelta(seconds=1))
    for other in ({"received_at": end}, {"received_at": start - timedelta(microseconds=1)}, {"provider": "another"}):
        a_receipt(city, **other)
    a_receipt(city, received_at=start, paid_at=end)
    found = {one.transaction: one for one in receipts_of_day(city, "other", DAY)}
    assert set(found) == {first.transaction, last.transaction, paid.transaction}
    assert (found[first.transaction].reference, found[first.transaction].amount) == (first.reference, 158_00)


def test_a_day_is_compared_with_what_the_same_company_had_and_its_cases_are_its_own(city: City) -> None:
    earlier = a_receipt(city, received_at=NOON - timedelta(days=9), reference="RT1", transaction="T1")
    a_receipt(city, provider="another", reference="RT2", transaction="T2")
    day = compared(city, paid_line("T1"), paid_line("T2"))
    assert (day.matched, day.differences, earlier.amount) == (1, 1, 158_00)
    elsewhere = compared(city, paid_line("T2"), paid_line("T3"), provider="another")
    before = compared(city, paid_line("T4"), day=DAY - timedelta(days=1))
    assert (elsewhere.matched, elsewhere.differences, before.differences) == (1, 1, 1)
    assert [cases_of_day(city, one, day_of) for one, day_of in (("other", DAY), ("another", DAY))] == [1, 1]
    ((case, note),) = differences_of_day(city, "other", DAY)
    assert (case.kind, case.reference, note) == ("missing_with_us", "RT2", "")
    assert case.detail == {"day": str(DAY), "transaction": "T2", "theirs": 158_00, "ours": None}
    # The notice of another company's day does not explain this one's.
    a_case(city, "unknown_payment", f"other:{DAY}:T9")
    assert cases_of_day(city, "other", DAY) == 1
    a_receipt(city, reference="RT2", transaction="T2")
    compared(city, paid_line("T1"), paid_line("T2"))
    notes = dict(PaymentCase.objects.of(city).filter(kind="missing_with_us").values_list("key", "note"))
    assert {key: note != "" for key, note in notes.items()} == {
        f"other:{DAY}:T2": True,
        f"another:{DAY}:T3": False,
        f"other:{DAY - timedelta(days=1)}:T4": False,
    }
    assert PaymentCase.objects.of(city).get(kind="unknown_payment", key=f"other:{DAY}:T9").closed_at is None


def test_only_the_same_companys_file_of_a_day_beside_explains_a_receipt(city: City) -> None:
    midnight = timezone.make_aware(datetime(2022, 2, 14, 0, 0, 5))
    for transaction in ("T1", "T2", "T3"):
        a_receipt(city, received_at=midnight, reference=f"R{transaction}", transaction=transaction)
    compared(city, paid_line("T1", at="23:59:58"), day=DAY - timedelta(days=1))
    compared(city, paid_line("T2", at="23:59:58"), day=DAY - timedelta(days=2))
    compared(city, paid_line("T3", at="23:59:58"), day=DAY - timedelta(days=1), provider="another")
    compared(city)
    found = [case.detail["transaction"] for case, _note in differences_of_day(city, "other", DAY)]
    assert found == ["T2", "T3"]


def test_days_are_shown_with_what_their_file_said_and_open_until_they_are_closed(city: City) -> None:
    before, content = days_open(city), company_file(paid_line("T1"))
    open_one = compared(city, paid_line("T1"))
    agreed = compared(city, provider="another")
    assert days_open(city) == before + 1
    ReconciledDay.objects.of(city).filter(provider="other", day=DAY).update(state="agrees")
    assert days_open(city) == before + 1
    ReconciledDay.objects.of(city).filter(provider="other", day=DAY).update(state="open")
    facts = reconciled_day(city, "other", DAY)
    assert facts is not None
    assert (facts.provider, facts.day, facts.state, facts.rows, facts.paid, facts.fees, facts.closed_at) == (
        *("other", DAY, "open", 1, 158_00, 32, None),
    )
    assert reconciled_day(city, "third", DAY) is reconciled_day(city, "other", DAY - timedelta(days=3)) is None
    shown = [(one.provider, one.day) for one in reconciled_days(city, 1)]
    assert shown.index(("another", DAY)) < shown.index(("other", DAY))
    file = CompanyFile.objects.of(city).get(pk=open_one.file_id)
    assert (file.content, file.rows, file.paid, file.read_by) == (content, 1, 158_00, "queue")
    assert (agreed.state, agreed.closed_by) == ("closed", "queue")


def test_closing_a_day_leaves_the_days_of_others_open(city: City) -> None:
    handler = acting(city, "handler")
    rows = [compared(city, paid_line("T1"), provider=one) for one in ("other", "another")]
    rows.append(compared(city, paid_line("T2"), day=DAY - timedelta(days=1)))
    for case in PaymentCase.objects.of(city).filter(kind="missing_with_us"):
        close_case(actor=handler, case_id=case.pk, note="seen")
    close_day(actor=handler, provider="other", day=DAY, note="explained")
    states = dict(ReconciledDay.objects.of(city).values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["closed", "open", "open"]
    event = AuditEvent.objects.of(city).get(action="day_closed", subject=f"day:other:{DAY}")
    assert event.actor == handler.text
    assert event.detail == {"matched": 0, "differences": 1}


def test_who_asks_for_a_companys_file_is_in_the_audit_and_a_worker_gets_the_day(city: City) -> None:
    handler = acting(city, "handler")
    ask_for_file(actor=handler, provider="sandbox", day=DAY)
    event = AuditEvent.objects.of(city).get(action="company_file_asked")
    assert (event.actor, event.subject) == (handler.text, f"day:sandbox:{DAY}")
    task = Task.objects.of(city).filter(kind="reconcile").latest("pk")
    assert f'"{DAY}"' in task.payload
    with refused("day_to_come") as caught:
        ask_for_file(actor=handler, provider="sandbox", day=date(2022, 2, 15))
    assert caught.value.values == {"day": "2022-02-15"}


@pytest.mark.parametrize(
    ("theirs", "ours", "fen"), [("158.00", 157_98, 2), ("157.98", 158_00, 2), ("158.00", 158_00, 158_00)]
)
def test_the_amount_in_question_is_what_one_side_has_more_or_the_whole_under_another_reference(
    city: City, theirs: str, ours: int, fen: int
) -> None:
    a_receipt(city, transaction="T1", reference="RT1" if ours != 158_00 or theirs != "158.00" else "RX", amount=ours)
    compared(city, paid_line("T1", theirs))
    assert PaymentCase.objects.of(city).get(kind="file_other_amount").amount == fen


def test_a_receipt_that_pays_an_order_has_its_entry_there_and_not_here(city: City) -> None:
    receipt = a_receipt(city)
    assert receipt_entry(receipt) is not None
    assert receipt_entry(beside(receipt, transaction="T0", purpose=Purpose.COVER)) is None
