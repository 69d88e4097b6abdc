"""The walk by API: enrol and pay, settle, reverse, a late bill, and books that agree."""

from __future__ import annotations

from typing import Any

from api_examples import BILL
from cast import FATHER, WANG_FANG
from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.foundation.models import City
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.pool.models import Insurer
from huimin.platform.tasks.models import Task
from platform_support import Caller, a_bill, person


def balance(city: City, account: str) -> int:
    return sum(amount for (name, _), amount in balances(city).items() if name == account)


def insurers_at(city: City, account: str) -> dict[str, int]:
    return {party: amount for (name, party), amount in balances(city).items() if name == account}


def test_a_resident_and_a_parent_enrol_pay_and_get_two_policies(api: Caller, city: City) -> None:
    premium_before = balance(city, "insurer_premium")
    plan = api.get("channel-1", "/api/v1/plan?language=en").json()
    assert plan["price"] == "158.00"
    assert len(plan["headlines"]) == 3
    assert api.post("channel-1", "/api/v1/eligibility", person(0)).json() == {
        "eligible": True,
        "reasons": [],
        "price": "158.00",
        "cover_from": "2022-02-16",
        "cover_to": "2022-12-31",
        "other_cover": [],
    }
    body = {
        "applicant": person(0),
        "insured": [{**person(0), "relation": "self"}, {**person(1), "relation": "parent"}],
        "terms_opened": True,
    }
    order = api.post("channel-1", "/api/v1/orders", body).json()
    assert (order["status"], order["total"], order["policies"]) == ("waiting", "316.00", [])
    assert api.pay(order["reference"], "316.00").content == b"success"
    paid = api.get("channel-1", f"/api/v1/orders/{order['reference']}").json()
    assert paid["status"] == "issued"
    assert [(p["cover_from"], p["cover_to"]) for p in paid["policies"]] == [("2022-02-16", "2022-12-31")] * 2
    assert len({p["number"] for p in paid["policies"]}) == 2
    assert balance(city, "insurer_premium") - premium_before == -316_00
    assert len(insurers_at(city, "insurer_premium")) == Insurer.objects.of(city).count() == 11
    assert Task.objects.of(city).filter(finished_at=None).count() == 1
    assert verify_city(city).faults == []
    again = api.post("channel-1", "/api/v1/eligibility", person(0)).json()
    nothing = {"price": None, "cover_from": None, "cover_to": None, "other_cover": []}
    assert again == {"eligible": False, "reasons": ["covered_already"], **nothing}


def test_a_hospital_gets_the_payment_with_its_explanation_within_the_request(api: Caller, covered: City) -> None:
    response = api.settle(BILL)
    assert response.status_code == 200, response.content
    answer = response.json()
    assert (answer["status"], answer["payable"]) == ("adjudicated", "69025.20")
    assert [b["payable"] for b in answer["benefits"]] == ["69025.20", "0.00", "0.00"]
    assert answer["explanation"]["bill"] == "172172.38"
    assert {p["kind"]: p["amount"] for p in answer["explanation"]["parts"] if p["kind"] != "benefit"} == {
        "funds": "53327.27",
        "person": "49819.91",
    }
    assert balance(covered, "claims_unshared") == 0
    assert verify_city(covered).faults == []


def test_a_parent_with_a_pre_existing_condition_at_first_enrolment_gets_ten_points_less(
    api: Caller, covered: City
) -> None:
    body = {**a_bill("PRE", "2022-04-19 10:00:00", 115_227_53, 3_617_58)}
    answer = api.settle(body).json()
    assert [b["payable"] for b in answer["benefits"]] == ["58502.45", "0.00", "3619.93"]
    tier = next(step for step in answer["explanation"]["steps"] if step["kind"] == "tier")
    (reason,) = tier["reasons"]
    assert (tier["rate"], reason["kind"], reason["points"]) == ("55%", "adjustment", "-10")
    assert {demand["fact"]: demand["values"] for demand in reason["when"]} == {
        "pre_existing": [True],
        "continuous_years": [0, 0],
    }
    assert tier["source"].split(":")[0] == reason["source"].split(":")[0] == "study"
    assert "首次参保且有既往症：−10 个百分点" in answer["explanation"]["text_zh"]


def test_the_same_message_gets_the_same_answer_even_after_later_bills(api: Caller, covered: City) -> None:
    body = a_bill("A", "2022-04-19 12:00:00", 20_000_00)
    first = api.settle(body)
    api.settle(a_bill("EARLIER", "2022-04-19 08:00:00", 9_000_00))
    repeat = api.settle(body)
    assert (repeat.status_code, repeat.json()) == (200, first.json())
    assert api.get("hospital-1", "/api/v1/settlements/A").json() == first.json()
    assert SettlementFact.objects.of(covered).filter(setl_id="A").count() == 1


def test_the_same_id_with_other_amounts_is_a_conflict_and_is_kept(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-19", 20_000_00))
    other = api.settle(a_bill("A", "2022-04-19", 30_000_00))
    assert (other.status_code, other.json()["code"]) == (409, "conflicting_duplicate")
    elsewhere = api.settle({**a_bill("A", "2022-04-19", 20_000_00), "psn_no": WANG_FANG})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "conflicting_duplicate")
    assert ReviewItem.objects.of(covered).filter(setl_id="A", closed_at=None).count() == 2


def held(api: Caller, body: dict[str, str]) -> tuple[int, str]:
    response = api.settle(body)
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_what_cannot_be_decided_is_answered_with_a_stable_code_and_kept_for_review(api: Caller, covered: City) -> None:
    good = a_bill("X", "2022-04-19", 20_000_00)
    unbalanced = {**good, "setl_id": "U", "medfee_sumamt": "34411.99"}
    assert held(api, {**good, "setl_id": "M", "psn_no": "P-nobody"}) == (404, "unknown_member")
    assert held(api, {**good, "setl_id": "D", "setl_time": "2022-02-15"}) == (422, "uncovered_date")
    assert held(api, unbalanced) == (422, "unbalanced_total")
    assert held(api, {**good, "setl_id": "F", "setl_time": "2022-06-01"}) == (422, "settlement_in_future")
    assert held(api, {**good, "setl_id": "B", "psn_part_amt": "1.234"}) == (422, "bad_amount")
    assert held(api, {**good, "setl_id": "P", "med_type": "41"}) == (422, "unknown_terms")
    assert held(api, {**good, "setl_id": "T", "setl_time": "yesterday"}) == (422, "bad_date")
    missing = {name: value for name, value in good.items() if name != "psn_part_amt"}
    assert held(api, {**missing, "setl_id": "N"}) == (422, "missing_amount")
    kept = ReviewItem.objects.of(covered).filter(closed_at=None)
    assert {item.setl_id for item in kept} >= {"M", "D", "U", "F", "B", "P", "T", "N"}
    assert "4411.99" in kept.get(setl_id="U").reason
    count = kept.count()
    assert held(api, unbalanced) == (422, "unbalanced_total")
    assert kept.count() == count
    assert not SettlementFact.objects.of(covered).filter(policy__psn_no=FATHER).exists()


def test_a_reversal_gives_back_every_fen_where_it_came_from(api: Caller, covered: City) -> None:
    before = balances(covered)
    api.settle(a_bill("A", "2022-04-19", 77_777_77, 33_333_33))
    assert balances(covered) != before
    answer = api.settle({"setl_id": "R", "psn_no": FATHER, "setl_time": "2022-04-19", "reverses": "A"}).json()
    assert (answer["status"], answer["payable"]) == ("reversal", "0.00")
    assert answer["changed"][0]["setl_id"] == "A"
    after = {key: amount for key, amount in balances(covered).items() if amount}
    assert after == {key: amount for key, amount in before.items() if amount}
    assert verify_city(covered).faults == []


def test_a_late_bill_dated_earlier_changes_later_decisions_as_new_versions(api: Caller, covered: City) -> None:
    api.settle(a_bill("LATER", "2022-04-18 15:00:00", 30_000_00))
    late = api.settle(a_bill("LATE", "2022-03-01", 10_000_00)).json()
    assert late["payable"] == "0.00"
    assert late["changed"] == [{"setl_id": "LATER", "before": "11000.00", "after": "16500.00"}]
    versions = BenefitDecisionVersion.objects.of(covered).filter(settlement__setl_id="LATER", benefit="in_catalogue")
    assert list(versions.order_by("version").values_list("version", "payable", "change")) == [
        (1, 11_000_00, 11_000_00),
        (2, 16_500_00, 5_500_00),
    ]
    assert verify_city(covered).faults == []


def test_a_reversal_may_arrive_before_the_bill_it_reverses(api: Caller, covered: City) -> None:
    waiting = api.settle({"setl_id": "R", "psn_no": FATHER, "setl_time": "2022-04-19", "reverses": "A"})
    assert waiting.json()["status"] == "reversal_waiting"
    arrived = api.settle(a_bill("A", "2022-04-18", 50_000_00)).json()
    assert (arrived["status"], arrived["payable"]) == ("cancelled", "0.00")
    assert verify_city(covered).faults == []


def test_a_request_that_is_not_signed_or_not_by_that_kind_of_client_is_refused(api: Caller, client: Any) -> None:
    body = a_bill("S", "2022-04-19", 1)
    assert client.post("/api/v1/settlements", body, content_type="application/json").status_code == 401
    forged = api.post("hospital-1", "/api/v1/settlements", body, **{"X-Huimin-Signature": "0" * 64})
    assert (forged.status_code, forged.json()["code"]) == (401, "bad_signature")
    stale = api.post("hospital-1", "/api/v1/settlements", body, **{"X-Huimin-Timestamp": "1600000000"})
    assert stale.status_code == 401
    other = api.post("channel-1", "/api/v1/settlements", body)
    assert (other.status_code, other.json()["code"]) == (403, "not_allowed")
    assert api.post("hospital-1", "/api/v1/eligibility", person(0)).status_code == 403


def test_a_request_of_the_wrong_form_says_where_and_repeats_no_value(api: Caller, city: City) -> None:
    response = api.settle({**a_bill("S", "2022-04-19", 1), "medfee_sumamt": 12.5})  # type: ignore[dict-item]
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")
    assert "medfee_sumamt" in response.json()["faults"][0]["place"]
    assert b"12.5" not in response.content
    unknown = {"applicant": {**person(0), "password": "x"}, "insured": [], "terms_opened": True}
    assert api.post("channel-1", "/api/v1/orders", unknown).status_code == 422


def test_the_openapi_document_is_served(client: Any) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/settlements" in document["paths"]
