"""What a payment provider says, in every order and twice: money is received once, and each notice is accounted for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from acting import acting
from cast import WANG_FANG
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.gateways.signing import hmac_hex
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.cases import close_case, open_cases
from huimin.platform.payments.models import Payment, PaymentCase, PaymentNotice, Receipt
from huimin.platform.payments.unanswered import FIRST_QUERY_AFTER
from huimin.platform.tasks.models import Task
from platform_support import Caller, person
from tampering import behind_the_triggers


def an_order(api: Caller, index: int = 0, key: str | None = None) -> str:
    body = {
        "applicant": person(index),
        "insured": [{**person(index), "relation": "self"}],
        "terms_opened": True,
    }
    return str(api.post("channel-1", "/api/v1/orders", body, key=key).json()["reference"])


def verdicts(city: City, reference: str) -> list[str]:
    rows = PaymentNotice.objects.of(city).filter(reference=reference).order_by("pk")
    return list(rows.values_list("verdict", flat=True))


def cases(city: City) -> list[tuple[str, int]]:
    return [(case.kind, case.amount) for case in open_cases(city, 1)]


def change(before: dict[Any, int], city: City) -> dict[Any, int]:
    after = balances(city)
    found = {key: after.get(key, 0) - before.get(key, 0) for key in after.keys() | before.keys()}
    return {key: fen for key, fen in found.items() if fen}


def test_money_of_another_amount_is_received_and_owed_back_and_a_person_sees_it(api: Caller, city: City) -> None:
    reference, before = an_order(api), balances(city)
    assert api.pay(reference, "157.99").content == b"success"
    assert verdicts(city, reference) == ["other_amount"]
    assert change(before, city) == {("provider_clearing", "provider:sandbox"): 157_99, ("refund_payable", ""): -157_99}
    assert cases(city) == [("other_amount", 157_99)]
    event = AuditEvent.objects.of(city).get(action="notice_other_amount")
    assert (event.actor, event.detail["amount"]) == ("provider:sandbox", 157_99)
    order = api.get("channel-1", f"/api/v1/orders/{reference}").json()
    assert (order["status"], order["owed_back"]) == ("waiting", "157.99")
    (message,) = Task.objects.of(city).filter(finished_at=None, kind="notice")
    assert '"premium_owed_back"' in message.payload
    assert verify_city(city).faults == []


def test_the_same_notice_of_another_amount_three_times_is_one_receipt_and_one_case(api: Caller, city: City) -> None:
    reference, before = an_order(api), balances(city)
    for _ in range(3):
        assert api.pay(reference, "1.00").content == b"success"
    assert verdicts(city, reference) == ["other_amount", "repeat", "repeat"]
    assert change(before, city) == {("provider_clearing", "provider:sandbox"): 1_00, ("refund_payable", ""): -1_00}
    assert cases(city) == [("other_amount", 1_00)]


def test_after_another_amount_the_right_one_issues_the_policy(api: Caller, city: City) -> None:
    reference = an_order(api)
    api.pay(reference, "157.99")
    api.pay(reference, "158.00", notice="N2", transaction="T2")
    assert verdicts(city, reference) == ["other_amount", "paid"]
    order = api.get("channel-1", f"/api/v1/orders/{reference}").json()
    assert (order["status"], order["owed_back"]) == ("issued", "157.99")
    assert verify_city(city).faults == []


def test_paid_by_two_transactions_the_second_is_owed_back(api: Caller, city: City) -> None:
    reference = an_order(api)
    api.pay(reference, "158.00")
    before = balances(city)
    for _ in range(2):
        api.pay(reference, "158.00", notice="N2", transaction="T2")
    assert verdicts(city, reference) == ["paid", "paid_again", "repeat"]
    assert change(before, city) == {("provider_clearing", "provider:sandbox"): 158_00, ("refund_payable", ""): -158_00}
    assert cases(city) == [("paid_again", 158_00)]
    assert Policy.objects.of(city).filter(insured__psn_no=WANG_FANG).count() == 1
    assert verify_city(city).faults == []


def test_money_for_no_order_of_ours_is_kept_as_unallocated(api: Caller, city: City) -> None:
    before = balances(city)
    for _ in range(2):
        assert api.pay("nothing-of-ours", "158.00").content == b"success"
    assert verdicts(city, "nothing-of-ours") == ["unknown_payment", "repeat"]
    unallocated = {
        ("provider_clearing", "provider:sandbox"): 158_00,
        ("receipt_unallocated", "provider:sandbox"): -158_00,
    }
    assert change(before, city) == unallocated
    assert cases(city) == [("unknown_payment", 158_00)]
    assert verify_city(city).faults == []


EARLY = "ab" * 12


@pytest.fixture
def ordered_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next order has the reference `EARLY`, so that a notice can come before it."""
    monkeypatch.setattr("huimin.platform.enrolment.services.secrets.token_hex", lambda _size: EARLY)


@pytest.mark.usefixtures("ordered_late")
def test_a_notice_that_comes_before_its_order_pays_it_at_the_next_word_about_it(api: Caller, city: City) -> None:
    before = balances(city)
    assert api.pay(EARLY, "158.00").content == b"success"
    assert an_order(api) == EARLY
    for _ in range(2):
        assert api.pay(EARLY, "158.00", notice="N2").content == b"success"
    assert verdicts(city, EARLY) == ["unknown_payment", "paid", "repeat"]
    assert api.get("channel-1", f"/api/v1/orders/{EARLY}").json()["status"] == "issued"
    moved = change(before, city)
    assert moved["provider_clearing", "provider:sandbox"] == 158_00
    assert ("receipt_unallocated", "provider:sandbox") not in moved
    assert Receipt.objects.of(city).filter(reference=EARLY).count() == 1
    (case,) = PaymentCase.objects.of(city)
    assert (case.closed_by, case.note.partition(":")[0]) == ("provider:sandbox", "allocated")
    assert verify_city(city).faults == []


@pytest.mark.usefixtures("ordered_late")
def test_the_company_is_asked_about_such_an_order_within_a_minute(api: Caller, city: City) -> None:
    api.pay(EARLY, "158.00")
    an_order(api)
    (due,) = Payment.objects.of(city).filter(reference=EARLY).values_list("query_at", flat=True)
    assert due is not None
    assert due <= timezone.now() + FIRST_QUERY_AFTER


@pytest.mark.usefixtures("ordered_late")
@pytest.mark.parametrize(("first", "then"), [("157.99", "157.99"), ("157.99", "158.00"), ("158.00", "157.99")])
def test_early_money_of_another_amount_stays_for_a_person(first: str, then: str, api: Caller, city: City) -> None:
    api.pay(EARLY, first)
    an_order(api)
    before = balances(city)
    assert api.pay(EARLY, then, notice="N2").content == b"success"
    assert change(before, city) == {}
    assert api.get("channel-1", f"/api/v1/orders/{EARLY}").json()["status"] == "waiting"
    assert "unknown_payment" in [kind for kind, _fen in cases(city)]
    assert verify_city(city).faults == []


@pytest.mark.usefixtures("ordered_late")
def test_early_money_for_an_order_that_another_transaction_has_paid_stays_for_a_person(api: Caller, city: City) -> None:
    api.pay(EARLY, "158.00")
    an_order(api)
    api.pay(EARLY, "158.00", notice="N2", transaction="T2")
    api.pay(EARLY, "158.00", notice="N3")
    assert verdicts(city, EARLY) == ["unknown_payment", "paid", "repeat"]
    assert cases(city) == [("unknown_payment", 158_00)]
    assert verify_city(city).faults == []


def test_a_failure_of_no_order_of_ours_moves_no_money_and_is_in_the_audit(api: Caller, city: City) -> None:
    before = balances(city)
    assert api.pay("nothing-of-ours", "158.00", status="failed").content == b"success"
    assert (change(before, city), cases(city)) == ({}, [])
    assert AuditEvent.objects.of(city).filter(action="notice_unknown_payment").count() == 1


@pytest.mark.parametrize(("amount", "status"), [("158.00", "failed"), ("157.00", "paid")])
def test_a_notice_that_contradicts_a_receipt_moves_nothing_and_goes_to_a_person(
    amount: str, status: str, api: Caller, city: City
) -> None:
    reference = an_order(api)
    api.pay(reference, "158.00")
    before = balances(city)
    for _ in range(2):
        assert api.pay(reference, amount, status=status, notice="N2").content == b"success"
    assert verdicts(city, reference) == ["paid", "contradiction", "contradiction"]
    assert (change(before, city), cases(city)) == ({}, [("contradiction", 0)])
    assert api.get("channel-1", f"/api/v1/orders/{reference}").json()["status"] == "issued"
    assert verify_city(city).faults == []


def test_one_transaction_that_pays_two_orders_pays_the_first(api: Caller, city: City) -> None:
    first, second = an_order(api, 0), an_order(api, 1)
    api.pay(first, "158.00", transaction="T")
    before = balances(city)
    assert api.pay(second, "158.00", transaction="T").content == b"success"
    assert (verdicts(city, first), verdicts(city, second)) == (["paid"], ["contradiction"])
    assert (change(before, city), cases(city)) == ({}, [("contradiction", 0)])
    assert api.get("channel-1", f"/api/v1/orders/{second}").json()["status"] == "waiting"
    assert verify_city(city).faults == []


def test_a_failure_of_another_attempt_that_comes_late_changes_nothing(api: Caller, city: City) -> None:
    reference = an_order(api)
    api.pay(reference, "158.00")
    api.pay(reference, "158.00", status="failed", notice="N0", transaction="T0")
    assert verdicts(city, reference) == ["paid", "late_failure"]
    assert api.get("channel-1", f"/api/v1/orders/{reference}").json()["status"] == "issued"
    assert cases(city) == []


def send(city: City, body: bytes) -> Any:
    return Client().generic(
        "POST",
        f"/api/v1/payments/{city.code}/sandbox/notices",
        body,
        content_type="application/json",
        headers={"X-Payment-Signature": hmac_hex(shared_key("payment notice"), body)},
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"not JSON",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"notice_id": "N", "reference": "R", "status": "refunded", "amount": "1.00", "transaction": "T"}',
        b'{"notice_id": "N", "reference": "R", "status": ["paid"], "amount": "1.00", "transaction": "T"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": "0.00", "transaction": "T"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": "-1.00", "transaction": "T"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": 1.5, "transaction": "T"}',
        b'{"notice_id": "N\\u0000", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "T"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "'
        + b"T" * 81
        + b'"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "T", "paid_at": "x"}',
        b'{"notice_id": "N", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "T", '
        b'"paid_at": "2022-02-15T10:00:00"}',
    ],
)
def test_what_the_provider_signed_and_we_cannot_read_is_kept_once(body: bytes, api: Caller, city: City) -> None:
    for _ in range(2):
        answer = send(city, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_notice")
    assert cases(city) == [("unreadable", 0)]
    assert PaymentCase.objects.of(city).get().content[:60] == body.decode("utf-8", "backslashreplace")[:60]


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_of_payment_at_the_edge_of_the_calendar_is_refused_and_kept(said: str, api: Caller, city: City) -> None:
    answer = api.pay(an_order(api), "158.00", paid_at=said)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_notice")
    assert said[:4].lstrip("0") in answer.json()["detail"]
    assert [kind for kind, _ in cases(city)] == ["unreadable"]


def test_what_somebody_else_signed_is_not_kept(api: Caller, city: City) -> None:
    assert api.pay("R", "1.00", key="another key").status_code == 401
    assert (cases(city), PaymentNotice.objects.of(city).filter(reference="R").count()) == ([], 0)


def test_a_case_is_closed_once_with_a_note(api: Caller, city: City) -> None:
    api.pay("nothing-of-ours", "158.00")
    (case,) = open_cases(city, 1)
    with pytest.raises(HuiminError, match="note"):
        close_case(case_id=case.id, note=" ", actor=acting(city, "handler"))
    close_case(case_id=case.id, note="returned by the provider", actor=acting(city, "handler"))
    assert cases(city) == []
    with pytest.raises(HuiminError, match="closed"):
        close_case(case_id=case.id, note="again", actor=acting(city, "handler"))
    assert AuditEvent.objects.of(city).filter(action="payment_case_closed").count() == 1


def test_verification_finds_money_and_contradictions_whose_cases_were_deleted(api: Caller, city: City) -> None:
    reference = an_order(api)
    api.pay("nothing-of-ours", "158.00", transaction="A")
    api.pay("nothing-of-ours", "158.00", status="failed", transaction="F")
    api.pay(reference, "157.99", transaction="B")
    api.pay(reference, "158.00", transaction="C")
    api.pay(reference, "158.00", transaction="D")
    api.pay(reference, "158.01", transaction="D", notice="N2")
    assert verify_city(city).faults == []
    with behind_the_triggers("payments_paymentcase") as cursor:
        cursor.execute("DELETE FROM payments_paymentcase WHERE city_id = %s", [city.pk])
    found = [("A", 158_00, "unknown_payment"), ("B", 157_99, "other_amount"), ("D", 158_00, "paid_again")]
    assert verify_city(city).faults == [
        f"payments: sandbox {transaction}, {fen} fen, came in as {verdict} and has no case for a person to look at"
        for transaction, fen, verdict in [*found, ("D", 158_01, "contradiction")]
    ]


def test_verification_finds_a_receipt_without_its_entry_and_an_order_without_its_receipt(
    api: Caller, city: City
) -> None:
    """As when somebody wrote a receipt by hand, or made an order paid without one."""
    reference = an_order(api)
    api.pay(reference, "158.00")
    Receipt.objects.insert(
        [
            Receipt(
                city=city,
                provider="sandbox",
                transaction="by-hand",
                reference="R",
                amount=1,
                purpose="owed_back",
                received_at=Receipt.objects.of(city).first().received_at,
            )
        ]
    )
    (fault,) = verify_city(city).faults
    assert fault.startswith("receipt:sandbox:by-hand")
    receipt = Receipt.objects.of(city).get(reference=reference)
    receipt.payment.provider_transaction = "another"
    receipt.payment.save()
    assert any(f"order:{reference}" in fault for fault in verify_city(city).faults)
