"""Money that is owed back goes back by the road by which it came, once, whatever the payment company does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acting import acting
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import OrderLine
from huimin.platform.enrolment.refunding import begin_refunds
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.gateways.payment_company import RefundRequest
from huimin.platform.ledger.models import Posting
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import PaymentCase, Receipt
from huimin.platform.payments.providers import payment_company
from huimin.platform.payments.refunds.deciding import agree_to_refund, propose_refund, try_refund_again
from huimin.platform.payments.refunds.models import Refund, RefundReason, RefundStatus
from huimin.platform.payments.refunds.owing import Owed, Paid, owe_refund, subject_of
from huimin.platform.tasks.models import Task
from huimin.sandbox.misbehaving import CALL_KINDS
from platform_support import Caller
from refunds_support import an_order, paid_at_the_company, retry_now
from served import free_port
from work_support import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings: Any, city: City) -> Iterator[Played]:
    with played(settings) as found:
        # Nobody answers where notices go: the test brings them itself.
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def the_refund(city: City) -> Refund:
    found: Refund = Refund.objects.of(city).get()
    return found


def owed_and_held(city: City) -> tuple[int, int]:
    """Fen that are owed back, and that the company has for us, since the demonstration was loaded."""
    rows = Posting.objects.of(city).values_list("account", "amount")
    sums = {"refund_payable": 0, "provider_clearing": 0}
    for account, fen in rows:
        if account in sums:
            sums[account] += fen
    return -sums["refund_payable"], sums["provider_clearing"]


def happened(city: City) -> list[str]:
    return [event.kind for event in history_of(city, subject_of(the_refund(city).pk)).events]


def paid_twice(api: Caller, sandbox: Played) -> dict[str, Any]:
    order = an_order(api, 0)
    paid_at_the_company(sandbox, api, order, "again")
    return order


def test_what_was_paid_twice_goes_back_once_and_its_case_is_closed(api: Caller, city: City, sandbox: Played) -> None:
    _owed, held = owed_and_held(city)
    paid_twice(api, sandbox)
    assert owed_and_held(city) == (158_00, held + 2 * 158_00)
    work_off()  # the company accepts
    assert the_refund(city).status == RefundStatus.ASKED
    assert owed_and_held(city)[0] == 158_00
    retry_now(city)  # and is asked whether it is done
    assert the_refund(city).status == RefundStatus.DONE
    assert the_refund(city).reason == RefundReason.PAID_AGAIN
    assert owed_and_held(city) == (0, held + 158_00)
    assert happened(city) == ["owed", "asked", "done"]
    (case,) = PaymentCase.objects.of(city).filter(kind="paid_again")
    assert (case.closed_by, case.note) == ("queue", "refunded")
    assert [refund.amount for refund in sandbox.sandbox.company.refunds.values()] == [158_00]
    assert Task.objects.of(city).filter(kind="notice", payload__isnull=False, key__startswith="refunded-").count() == 1
    assert verify_city(city).faults == []


def test_another_amount_goes_back_whole(api: Caller, city: City, sandbox: Played) -> None:
    paid_at_the_company(sandbox, api, an_order(api, 0), "other")
    assert the_refund(city).reason == RefundReason.OTHER_AMOUNT
    work_off()
    retry_now(city)
    assert (the_refund(city).amount, the_refund(city).status) == (159_00, RefundStatus.DONE)
    assert owed_and_held(city)[0] == 0


def test_of_an_order_of_two_the_part_of_one_who_is_covered_meanwhile_goes_back(
    api: Caller, city: City, sandbox: Played
) -> None:
    both, alone = an_order(api, 0, 1), an_order(api, 1)
    paid_at_the_company(sandbox, api, alone)
    paid_at_the_company(sandbox, api, both)
    assert (the_refund(city).amount, the_refund(city).reason) == (158_00, RefundReason.NO_COVER)
    work_off()
    retry_now(city)
    assert owed_and_held(city)[0] == 0
    assert not PaymentCase.objects.of(city).filter(kind="no_cover", closed_at=None).exists()
    assert verify_city(city).faults == []


@pytest.mark.parametrize("way", CALL_KINDS)
def test_however_the_company_goes_wrong_the_money_goes_back_once(
    api: Caller, city: City, sandbox: Played, way: str
) -> None:
    paid_twice(api, sandbox)
    sandbox.behaviour("payment-company").press(way)
    for _ in range(4):
        retry_now(city)
    if way == "refuse":
        assert the_refund(city).status == RefundStatus.REFUSED
        try_refund_again(actor=acting(city, "handler"), refund_id=the_refund(city).pk, note="once more")
        work_off()
        retry_now(city)
    assert the_refund(city).status == RefundStatus.DONE
    assert [refund.amount for refund in sandbox.sandbox.company.refunds.values()] == [158_00]
    assert owed_and_held(city)[0] == 0


def test_a_refund_that_the_company_refuses_waits_for_a_person_who_has_it_tried_again(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_twice(api, sandbox)
    held = sandbox.sandbox.company.orders[the_refund(city).reference]
    kept = dict(held.transactions)
    held.transactions.clear()
    work_off()
    refused = the_refund(city)
    assert (refused.status, refused.fault) == (RefundStatus.REFUSED, "transaction_not_known")
    assert owed_and_held(city)[0] == 158_00
    handler = acting(city, "handler")
    with pytest.raises(HuiminError) as error:
        try_refund_again(actor=handler, refund_id=refused.pk, note=" ")
    assert error.value.code == "note_missing"
    held.transactions.update(kept)
    try_refund_again(actor=handler, refund_id=refused.pk, note="the company has mended it")
    with pytest.raises(HuiminError) as error:
        try_refund_again(actor=handler, refund_id=refused.pk, note="again")
    assert error.value.code == "refund_not_open"
    work_off()
    retry_now(city)
    assert the_refund(city).status == RefundStatus.DONE
    assert happened(city) == ["owed", "asked", "refused", "tried_again", "asked", "done"]
    assert owed_and_held(city)[0] == 0


def test_a_refund_above_the_citys_amount_is_paid_when_two_people_agree(
    api: Caller, city: City, sandbox: Played
) -> None:
    City.objects.filter(pk=city.pk).update(second_person_above=157_99)
    city.refresh_from_db()
    paid_twice(api, sandbox)
    refund = the_refund(city)
    assert refund.status == RefundStatus.FOR_SECOND_PERSON
    assert work_off() == 0
    handler, approver = acting(city, "handler"), acting(city, "approver")
    with pytest.raises(HuiminError) as error:
        agree_to_refund(actor=approver, refund_id=refund.pk, agrees=True, note="looked at")
    assert error.value.code == "nothing_to_agree"
    propose_refund(actor=handler, refund_id=refund.pk, note="paid twice, the company shows both")
    with pytest.raises(NotAllowed):
        agree_to_refund(actor=handler, refund_id=refund.pk, agrees=True, note="mine")
    agree_to_refund(actor=approver, refund_id=refund.pk, agrees=True, note="both are there")
    work_off()
    retry_now(city)
    assert the_refund(city).status == RefundStatus.DONE
    assert happened(city) == ["owed", "approved", "asked", "done"]


def test_a_refund_of_just_the_citys_amount_needs_no_second_person(api: Caller, city: City, sandbox: Played) -> None:
    City.objects.filter(pk=city.pk).update(second_person_above=158_00)
    city.refresh_from_db()
    paid_twice(api, sandbox)
    assert the_refund(city).status == RefundStatus.WAITING


def test_what_was_owed_before_there_were_refunds_is_begun_by_one_command_and_once(
    api: Caller, city: City, sandbox: Played
) -> None:
    both, alone = an_order(api, 0, 1), an_order(api, 1)
    paid_at_the_company(sandbox, api, alone, "again")
    paid_at_the_company(sandbox, api, both)
    Task.objects.of(city).filter(kind="pay_back").delete()
    with_triggers_off(city)
    assert OrderLine.objects.of(city).filter(refund_due=True).count() == 1
    with pytest.raises(NotAllowed):
        begin_refunds(actor=acting(city, "bureau"))
    assert begin_refunds(actor=command_actor(city)) == 2
    assert begin_refunds(actor=command_actor(city)) == 0
    assert sorted(Refund.objects.of(city).values_list("reason", flat=True)) == ["no_cover", "paid_again"]


def with_triggers_off(city: City) -> None:
    """As if the refunds had never been: rows are never deleted otherwise."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER payments_refund_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE payments_refund DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM payments_refund")


def test_never_more_goes_back_of_a_payment_than_it_brought(api: Caller, city: City, sandbox: Played) -> None:
    order = an_order(api, 0)
    paid_at_the_company(sandbox, api, order)
    receipt = Receipt.objects.of(city).get(reference=order["reference"])
    paid = Paid(receipt.payment_id or 0, "sandbox", receipt.reference, receipt.transaction, 158_00)

    def owes(source: str, fen: int) -> bool:
        owed = Owed(source, RefundReason.WITHDRAWN, paid, fen, order_payee(city))
        return owe_refund(city=city, owed=owed, by="command", at=receipt.received_at)

    def is_refused(source: str, fen: int) -> bool:
        with pytest.raises(HuiminError) as error:
            owes(source, fen)
        return error.value.code == "refund_too_high"

    assert is_refused("policy:A", 158_01)
    assert is_refused("policy:A", 0)
    assert owes("policy:A", 157_99)
    assert not owes("policy:A", 157_99)
    assert is_refused("policy:B", 2)
    assert owes("policy:B", 1)


def order_payee(city: City) -> int:
    line = OrderLine.objects.of(city).select_related("order").order_by("pk").last()
    assert line is not None
    return int(line.order.applicant_id)


def test_a_refund_that_the_company_has_done_under_our_key_is_not_asked_for_again(
    api: Caller, city: City, sandbox: Played
) -> None:
    paid_twice(api, sandbox)
    refund = the_refund(city)
    Refund.objects.of(city).update(status=RefundStatus.ASKED)
    company = payment_company("sandbox", city)
    company.refund(RefundRequest(refund.company_key, refund.reference, refund.transaction, refund.amount))
    retry_now(city)
    assert the_refund(city).status == RefundStatus.DONE
    assert len(sandbox.sandbox.company.refunds) == 1


@pytest.mark.parametrize("status", [RefundStatus.DONE, RefundStatus.REFUSED, RefundStatus.FOR_SECOND_PERSON])
def test_a_refund_that_is_not_to_be_asked_for_any_more_is_not(
    api: Caller, city: City, sandbox: Played, status: RefundStatus
) -> None:
    """Its task was still in the queue."""
    paid_twice(api, sandbox)
    Refund.objects.of(city).filter(pk=the_refund(city).pk).update(status=status)
    work_off()
    assert (the_refund(city).status, happened(city)) == (status, ["owed"])
    assert sandbox.sandbox.company.refunds == {}
    assert not Task.objects.of(city).filter(kind="pay_back", finished_at=None).exists()
