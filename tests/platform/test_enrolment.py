"""Orders and payments: both sides of every condition, repeats, and money that nobody loses."""

from __future__ import annotations

import json
from typing import Any

from cast import FATHER, WANG_FANG
from huimin.platform.enrolment.issuing import policy_number
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.models import AuditEvent, City, IdempotentRequest
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import PaymentNotice
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from platform_support import Caller, order_for, person


def an_order(api: Caller, *people: int, opened: bool = True, key: str | None = None) -> Any:
    insured = [{**person(index), "relation": "self" if index == 0 else "parent"} for index in people]
    body = {"applicant": person(0), "insured": insured, "terms_opened": opened}
    return api.post("channel-1", "/api/v1/orders", body, key=key)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_terms_must_have_been_opened(api: Caller) -> None:
    assert code(an_order(api, 0, opened=False)) == (409, "terms_not_opened")
    assert an_order(api, 0).status_code == 200


def test_a_name_that_does_not_belong_to_the_number_is_not_told_from_a_stranger(api: Caller) -> None:
    wrong = api.post("channel-1", "/api/v1/eligibility", {**person(0), "name": "李芳"})
    stranger = {"id_number": "11010519491231002X", "name": "王芳"}
    assert code(wrong) == code(api.post("channel-1", "/api/v1/eligibility", stranger)) == (422, "not_in_register")


def set_day(city: City, day: str) -> None:
    """As when the calendar was moved more than two seconds ago."""
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    forget_all()


def test_a_mistyped_number_is_named_as_such(api: Caller) -> None:
    mistyped = {"id_number": "110105194912310021", "name": "王芳"}
    assert code(api.post("channel-1", "/api/v1/eligibility", mistyped)) == (422, "bad_identity_number")


def test_nobody_joins_without_basic_insurance_or_outside_the_window(api: Caller, city: City) -> None:
    Resident.objects.of(city).filter(psn_no=WANG_FANG).update(insured=False)
    assert api.post("channel-1", "/api/v1/eligibility", person(0)).json()["reasons"] == ["not_insured"]
    assert code(an_order(api, 0)) == (409, "not_eligible")
    for day, open_ in (("2021-11-30", False), ("2021-12-01", True), ("2022-02-28", True), ("2022-03-01", False)):
        set_day(city, day)
        assert api.post("channel-1", "/api/v1/eligibility", person(1)).json()["eligible"] is open_


def test_before_the_year_begins_cover_starts_with_it_and_later_on_the_day_after(api: Caller, city: City) -> None:
    for day, index, starts in (("2021-12-31", 0, "2022-01-01"), ("2022-01-01", 1, "2022-01-02")):
        set_day(city, day)
        order = api.post(
            "channel-1",
            "/api/v1/orders",
            order_for(index),
        ).json()
        api.pay(order["reference"], "158.00")
        (policy,) = api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()["policies"]
        assert policy["cover_from"] == starts


def test_a_person_named_twice_is_refused(api: Caller) -> None:
    assert code(an_order(api, 0, 0)) == (422, "person_twice")


def test_the_same_key_gets_the_same_order_and_with_other_content_is_refused(api: Caller, city: City) -> None:
    orders = Order.objects.of(city).count()
    first, again = an_order(api, 0, key="k1"), an_order(api, 0, key="k1")
    assert first.json() == again.json()
    assert Order.objects.of(city).count() == orders + 1
    assert code(an_order(api, 0, 1, key="k1")) == (409, "idempotency_key_reused")
    assert IdempotentRequest.objects.of(city).count() == 1


def test_a_repeated_notice_issues_nothing_twice(api: Caller, city: City) -> None:
    order = an_order(api, 0, 1).json()
    for _ in range(3):
        assert api.pay(order["reference"], "316.00").content == b"success"
    assert Policy.objects.of(city).filter(holder__psn_no=WANG_FANG).count() == 2
    verdicts = PaymentNotice.objects.of(city).filter(payment__reference=order["reference"]).order_by("pk")
    assert list(verdicts.values_list("verdict", flat=True)) == ["paid", "repeat", "repeat"]
    assert verify_city(city).faults == []


def test_a_notice_of_another_amount_pays_nothing(api: Caller, city: City) -> None:
    order = an_order(api, 0).json()
    api.pay(order["reference"], "157.99")
    assert api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()["status"] == "waiting"
    api.pay(order["reference"], "158.00", notice="N2", transaction="T2")
    assert api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()["status"] == "issued"


def test_a_failed_attempt_may_be_followed_by_a_good_one(api: Caller) -> None:
    order = an_order(api, 0).json()
    api.pay(order["reference"], "158.00", status="failed")
    api.pay(order["reference"], "158.00", notice="N2")
    assert api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()["status"] == "issued"


def test_a_notice_with_another_signature_is_refused(api: Caller, city: City) -> None:
    order = an_order(api, 0).json()
    assert code(api.pay(order["reference"], "158.00", key="another")) == (401, "bad_signature")
    assert not Policy.objects.of(city).filter(insured__psn_no=WANG_FANG).exists()


def test_paid_twice_for_one_person_the_second_premium_is_owed_back(api: Caller, city: City) -> None:
    first, second = an_order(api, 0, 1).json(), an_order(api, 1, key="other").json()
    api.pay(first["reference"], "316.00")
    api.pay(second["reference"], "158.00", notice="N2")
    assert Policy.objects.of(city).filter(insured__psn_no=FATHER).count() == 1
    assert balances(city)["refund_payable", ""] == -158_00
    waiting = Task.objects.of(city).filter(finished_at=None, kind="notice")
    told = [json.loads(row.payload)["template"] for row in waiting]
    assert sorted(told) == ["policies_issued", "premium_owed_back"]
    assert verify_city(city).faults == []


def test_policy_numbers_differ_for_every_order_and_person() -> None:
    numbers = {policy_number(2022, order, index) for order in range(1, 200) for index in range(10)}
    assert len(numbers) == 199 * 10
    assert all(len(number) == 19 for number in numbers)


def test_no_personal_data_stand_in_audit_or_answers(api: Caller, city: City) -> None:
    an_order(api, 0, 1)
    everything = json.dumps(list(AuditEvent.objects.of(city).values("actor", "action", "subject", "detail")))
    assert person(0)["id_number"] not in everything
    assert "王芳" not in json.dumps(list(IdempotentRequest.objects.of(city).values("answer")), ensure_ascii=False)
