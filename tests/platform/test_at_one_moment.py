"""Requests at one moment: real threads, each with a connection of its own, on PostgreSQL.

SQLite takes the write lock when a transaction begins, so that there nothing runs side by side.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest

from at_once import all_at_once
from cast import FATHER, WANG_FANG
from claims_support import staff
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.models import BenefitDecisionVersion, Finding, ReviewItem, SettlementFact
from huimin.platform.claims.reviews import find
from huimin.platform.demonstration.load import load_demonstration
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.models import City, RecordedFinding
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import PaymentNotice, Receipt, Refund
from huimin.platform.pool.models import RoundingStatement
from huimin.platform.pool.statements import close_months
from platform_support import Caller, a_bill, order_for, person
from rounds_support import MOST_ROUNDS, counted

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="nothing runs side by side on SQLite"),
]


@pytest.fixture
def city(transactional_db: None) -> City:
    """These tests commit, and the database is emptied after each: each loads its own city."""
    load_demonstration(residents=80, orders=4, bills=4)
    return City.objects.get(code="demo")


def test_bills_of_one_member_are_decided_one_after_the_other(api: Caller, covered: City) -> None:
    bills = [a_bill(f"S{n}", f"2022-04-{n + 10}", 9_000_00) for n in range(6)]
    answers = all_at_once([lambda bill=bill: api.settle(bill) for bill in bills])
    assert [answer.status_code for answer in answers] == [200] * 6
    assert SettlementFact.objects.of(covered).filter(setl_id__startswith="S").count() == 6
    # 54,000.00 less the deductible of 10,000.00, at 65 % less 10 points: nobody's deductible was counted twice.
    versions = BenefitDecisionVersion.objects.of(covered).filter(settlement__setl_id__startswith="S")
    assert sum(version.change for version in versions) == 24_200_00
    assert verify_city(covered).faults == []


def test_one_bill_sent_four_times_at_one_moment_is_one_fact(api: Caller, covered: City) -> None:
    bill = a_bill("A", "2022-04-18", 20_000_00)
    answers = all_at_once([lambda: api.settle(bill) for _ in range(4)])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1


def test_a_settlement_of_its_own_transaction_is_committed_in_the_round_of_its_writes(
    api: Caller, covered: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    took = counted(api, a_bill("B", "2022-04-18", 20_000_00), monkeypatch)
    assert (took.rounds, took.committed_with_writes) == (MOST_ROUNDS, True)


def an_order(api: Caller, index: int) -> str:
    body = order_for(index)
    return str(api.post("channel-1", "/api/v1/orders", body).json()["reference"])


def test_one_transaction_told_of_two_orders_at_one_moment_pays_one_of_them(api: Caller, city: City) -> None:
    orders = [an_order(api, 0), an_order(api, 1)]
    answers = all_at_once([lambda one=one: api.pay(one, "158.00", transaction="T", notice=one) for one in orders])
    assert [answer.content for answer in answers] == [b"success", b"success"]
    notices = PaymentNotice.objects.of(city).filter(transaction="T")
    assert sorted(notices.values_list("verdict", flat=True)) == ["contradiction", "paid"]
    assert Receipt.objects.of(city).filter(transaction="T").count() == 1
    assert verify_city(city).faults == []


def test_money_of_no_order_told_four_times_at_one_moment_is_one_receipt(api: Caller, city: City) -> None:
    answers = all_at_once([lambda: api.pay("nothing-of-ours", "158.00") for _ in range(4)])
    assert {answer.content for answer in answers} == {b"success"}
    assert Receipt.objects.of(city).filter(reference="nothing-of-ours").count() == 1
    notices = PaymentNotice.objects.of(city).filter(reference="nothing-of-ours")
    assert sorted(notices.values_list("verdict", flat=True)) == ["repeat"] * 3 + ["unknown_payment"]
    assert verify_city(city).faults == []


def test_a_month_closed_by_two_at_one_moment_is_closed_once(city: City) -> None:
    City.objects.filter(pk=city.pk).update(demonstration_day=date(2022, 3, 2))
    city.refresh_from_db()
    done = all_at_once([lambda: close_months(actor=command_actor(city)) for _ in range(2)])
    assert sum(len(one) for one in done) == RoundingStatement.objects.of(city).count() == 3
    assert verify_city(city).faults == []


def test_one_id_sent_for_two_members_at_one_moment_is_one_bill_and_a_case(api: Caller, covered: City) -> None:
    bills = [a_bill("A", "2022-04-18", 20_000_00), {**a_bill("A", "2022-04-18", 20_000_00), "psn_no": WANG_FANG}]
    answers = all_at_once([lambda bill=bill: api.settle(bill) for bill in bills])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1
    assert ReviewItem.objects.of(covered).filter(setl_id="A", code="conflicting_duplicate").count() == 1
    assert verify_city(covered).faults == []


def test_a_bill_released_and_refused_at_one_moment_has_one_outcome(api: Caller, covered: City) -> None:
    """And the books follow that outcome."""
    Policy.objects.of(covered).filter(psn_no=FATHER).update(psn_no="P-later")
    for number in range(4):
        api.settle(a_bill(f"U{number}", "2022-04-18", 20_000_00))
    Policy.objects.of(covered).filter(psn_no="P-later").update(psn_no=FATHER)
    handler = staff(covered, "handler")
    for item in ReviewItem.objects.of(covered).filter(setl_id__startswith="U"):

        def decide(finding: Finding, item: ReviewItem = item) -> bool:
            try:
                find(actor=handler, review_id=item.pk, finding=finding, note="seen")
            except ReviewError as error:
                assert error.code == "review_closed"
                return False
            return True

        done = all_at_once([lambda f=f: decide(f) for f in (Finding.RELEASE, Finding.REFUSE, Finding.RELEASE)])
        assert sum(done) == 1
        item.refresh_from_db()
        assert SettlementFact.objects.of(covered).filter(setl_id=item.setl_id).exists() == (item.outcome == "released")
    assert RecordedFinding.objects.of(covered).count() == 4
    assert verify_city(covered).faults == []


def test_a_bill_sent_again_while_it_is_released_is_decided_once(api: Caller, covered: City) -> None:
    Policy.objects.of(covered).filter(psn_no=FATHER).update(psn_no="P-later")
    bill = a_bill("U", "2022-04-18", 20_000_00)
    api.settle(bill)
    Policy.objects.of(covered).filter(psn_no="P-later").update(psn_no=FATHER)
    item, handler = ReviewItem.objects.of(covered).get(setl_id="U"), staff(covered, "handler")

    def release() -> str:
        try:
            find(actor=handler, review_id=item.pk, finding=Finding.RELEASE, note="seen")
        except ReviewError as error:
            return error.code
        return "released"

    released, sent = all_at_once([release, lambda: api.settle(bill)])
    assert sent.status_code == 200
    assert released in ("released", "review_closed")
    item.refresh_from_db()
    assert item.outcome in ("released", "decided_on_resend")
    assert SettlementFact.objects.of(covered).filter(setl_id="U").count() == 1
    assert verify_city(covered).faults == []


def test_one_order_sent_four_times_at_one_moment_is_one_order(api: Caller, city: City) -> None:
    body = order_for(0)
    answers = all_at_once([lambda: api.post("channel-1", "/api/v1/orders", body, key="same")] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["reference"] for answer in answers}) == 1


def repeated(call: Any) -> Any:
    """As channels and companies do: what is answered 503, since fifty wait for one row, is sent again."""
    for _ in range(20):
        answer = call()
        if answer.status_code != 503:
            return answer
    raise AssertionError("answered 503 twenty times")


def test_one_order_sent_and_paid_fifty_times_in_parallel_is_one_policy_and_one_payment(api: Caller, city: City) -> None:
    body = order_for(0)
    placed = all_at_once([lambda: repeated(lambda: api.post("channel-1", "/api/v1/orders", body, key="same"))] * 50)
    assert {answer.status_code for answer in placed} == {200}
    (reference,) = {answer.json()["reference"] for answer in placed}
    told = all_at_once(
        [lambda number=number: api.pay(reference, "158.00", notice=f"N{number}") for number in range(50)]
    )
    assert {answer.content for answer in told} == {b"success"}
    assert Policy.objects.of(city).filter(psn_no=WANG_FANG).count() == 1
    assert Receipt.objects.of(city).filter(reference=reference).count() == 1
    verdicts = PaymentNotice.objects.of(city).filter(reference=reference).values_list("verdict", flat=True)
    assert sorted(verdicts) == ["paid", *["repeat"] * 49]
    assert verify_city(city).faults == []


def test_of_two_who_pay_for_one_parent_at_one_moment_one_has_the_policy_and_the_other_the_money(
    api: Caller, city: City
) -> None:
    """The daughter and the mother both enrol the father, and neither knows of the other."""
    father = {**person(1), "relation": "parent"}, {**person(1), "relation": "spouse"}
    orders = [
        api.post("channel-1", "/api/v1/orders", {"applicant": payer, "insured": [insured], "terms_opened": True}).json()
        for payer, insured in zip((person(0), person(2)), father, strict=True)
    ]
    references = [order["reference"] for order in orders]
    all_at_once([lambda one=one: api.pay(one, "158.00", notice=one) for one in references])
    (policy,) = Policy.objects.of(city).filter(psn_no=FATHER)
    (refund,) = Refund.objects.of(city)
    assert {policy.order_line.order.reference, refund.reference} == set(references)
    assert (refund.amount, refund.payee_id) != (0, policy.holder_id)
    assert refund.amount == 158_00
    assert verify_city(city).faults == []


def test_one_person_paid_for_twice_at_one_moment_has_one_policy(api: Caller, city: City) -> None:
    body = order_for(0)
    orders = [api.post("channel-1", "/api/v1/orders", body).json()["reference"] for _ in range(4)]
    all_at_once([lambda order=order: api.pay(order, "158.00", notice=order) for order in orders])
    (policy,) = Policy.objects.of(city).filter(psn_no=WANG_FANG)
    assert policy.cover_to == date(2022, 12, 31)
    assert verify_city(city).faults == []
