"""The hospital's door: one bill under any spelling is one bill, and what cannot be kept is refused with a sentence."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from cast import FATHER
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.foundation.models import City
from platform_support import Caller, a_bill

BILL = a_bill("X1", "2022-04-18", 30_000_00)
SPELLINGS = [
    {"setl_id": "X1 "},
    {"setl_id": "\tX1"},
    {"setl_id": "X1\u200b"},
    {"setl_id": "Ｘ１"},
    {"psn_part_amt": "30000.0"},
    {"psn_part_amt": "30000"},
    {"setl_time": "2022-04-18 00:00:00"},
    {"med_type": "普通住院"},
    {"psn_no": " P00000002"},
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_bill_in_another_spelling_gets_the_first_answer(
    api: Caller, covered: City, spelling: dict[str, str]
) -> None:
    first = api.settle(BILL)
    assert first.status_code == 200
    again = api.settle({**BILL, **spelling})
    assert (again.status_code, again.json()) == (200, first.json())
    assert SettlementFact.objects.of(covered).filter(policy__psn_no=FATHER).count() == 1
    assert not ReviewItem.objects.of(covered).filter(setl_id="X1").exists()


def test_a_field_that_we_do_not_know_is_kept_and_another_value_of_it_is_a_conflict(api: Caller, covered: City) -> None:
    noted = {**BILL, "dept_name": "肿瘤科"}
    assert api.settle(noted).status_code == 200
    assert api.settle({**noted, "dept_name": " 肿瘤科 "}).status_code == 200
    other = api.settle({**noted, "dept_name": "外科"})
    assert (other.status_code, other.json()["code"]) == (409, "conflicting_duplicate")
    assert "肿瘤科" in SettlementFact.objects.of(covered).get(setl_id="X1").body


@pytest.mark.parametrize(
    "name", ["REVERSES", "charity_pay_fen", "Charity_Pay", "ｃharity_pay", "charity_pay ", "ITEMS"]
)
def test_a_known_field_under_another_spelling_of_its_name_is_refused(api: Caller, covered: City, name: str) -> None:
    answer = api.settle({**BILL, name: "1000"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert repr(name) in answer.json()["detail"]
    assert not SettlementFact.objects.of(covered).filter(setl_id="X1").exists()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"dept_name": 5}, "dept_name"),
        ({"dept_name": ["a"]}, "dept_name"),
        ({"dept_name": "a" * 20_001}, "dept_name"),
        ({"n" * 61: "a"}, "found a field name of 61 characters; expected at most 60"),
        ({f"n{number}": "a" for number in range(300 - len(BILL) + 1)}, "found 301 fields; expected at most 300"),
    ],
)
def test_fields_that_we_do_not_know_are_held_to_the_limits_of_all(
    api: Caller, covered: City, fields: dict[str, Any], found: str
) -> None:
    answer = api.settle({**BILL, **fields})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert found in answer.content.decode()
    assert not SettlementFact.objects.of(covered).filter(setl_id="X1").exists()


def test_fields_that_we_do_not_know_are_taken_up_to_the_limits(api: Caller, covered: City) -> None:
    many = {f"n{number}": None for number in range(300 - len(BILL) - 2)}
    assert api.settle({**BILL, **many, "n" * 60: "a", "dept_name": "a" * 20_000}).status_code == 200
    kept = SettlementFact.objects.of(covered).get(setl_id="X1").body
    assert '"n0"' not in kept
    assert "n" * 60 in kept


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"setl_id": " \u200b "}, 422, "missing_id"),
        ({"setl_id": ""}, 422, "bad_request"),
        ({"setl_id": "X\x001"}, 422, "bad_text"),
        ({"setl_id": "㌀" * 20}, 422, "missing_id"),
        ({"psn_no": "P\x00"}, 422, "bad_text"),
        ({"setl_id": "A\nB"}, 422, "bad_text"),
        ({"psn_no": "A\tB"}, 422, "bad_text"),
        ({"reverses": "A\r\nB"}, 422, "bad_text"),
        ({"psn_no": "㌀" * 10}, 422, "bad_text"),
        ({"psn_no": "P" * 31}, 422, "bad_request"),
        ({"reverses": "R" * 61}, 422, "bad_text"),
        ({"dept_name": "a\x00b"}, 422, "bad_text"),
        ({"med_type": "2" * 11}, 422, "unknown_med_type"),
        ({"med_type": "xyz"}, 422, "unknown_med_type"),
        ({"setl_time": "2022-02-10 14+08:00"}, 422, "bad_date"),
        ({"setl_time": "0000-00-00"}, 422, "bad_date"),
        ({"psn_part_amt": "1e4"}, 422, "bad_amount"),
        ({"psn_part_amt": "9" * 150}, 422, "bad_amount"),
        ({"fixmedins_code": "H" * 61}, 422, "bad_text"),
    ],
)
def test_what_no_database_takes_is_refused_with_a_sentence(
    api: Caller, covered: City, fields: dict[str, str], status: int, code: str
) -> None:
    answer = api.settle({**BILL, **fields})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert not SettlementFact.objects.of(covered).filter(policy__psn_no=FATHER).exists()


def sent_under(api: Caller, key: str) -> Any:
    """The bill, signed with this key and sent with it, whatever it is."""
    headers = {"Idempotency-Key": key}
    return api._call("hospital-1", "POST", "/api/v1/settlements", json.dumps(BILL).encode(), key, headers)


@pytest.mark.parametrize("key", ["k" * 121, "", " ", "a b", "\u00e9"])
def test_a_key_that_cannot_be_kept_is_refused(api: Caller, covered: City, key: str) -> None:
    answer = sent_under(api, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert [fault["place"] for fault in answer.json()["faults"]] == ["idempotency_key"]
    assert not SettlementFact.objects.of(covered).filter(setl_id="X1").exists()


@pytest.mark.parametrize("key", ["k" * 120, "!", "~"])
def test_a_key_of_printed_signs_is_taken_up_to_its_length(api: Caller, covered: City, key: str) -> None:
    assert sent_under(api, key).status_code == 200


def test_a_bill_whose_id_has_a_slash_is_found_again(api: Caller, covered: City) -> None:
    sent = api.settle({**BILL, "setl_id": "2022/04/18"})
    assert sent.status_code == 200
    assert api.get("hospital-1", "/api/v1/settlements/2022/04/18").json() == sent.json()


@pytest.mark.parametrize("setl_id", ["2022/04/18", "S:1", "A+B", "a;b=c,d@e&f$", "~x!*'()", "第1号?x=1#2"])
@pytest.mark.parametrize("unescaped", ["", "!'()*"])
def test_a_client_may_escape_an_id_in_the_address_in_its_own_way(
    api: Caller, covered: City, setl_id: str, unescaped: str
) -> None:
    assert api.settle({**BILL, "setl_id": setl_id}).status_code == 200
    found = api.get("hospital-1", f"/api/v1/settlements/{quote(setl_id, safe=unescaped)}")
    assert (found.status_code, found.json()["setl_id"]) == (200, setl_id)


def test_what_the_terms_need_is_asked_for_and_no_more_as_in_files(api: Caller, covered: City) -> None:
    few = {name: BILL[name] for name in ("setl_id", "psn_no", "setl_time", "med_type", "psn_part_amt")}
    lacking = api.settle({**few, "setl_id": "L"})
    assert (lacking.status_code, lacking.json()["code"]) == (422, "missing_amount")
    enough = api.settle({**few, "fulamt_ownpay_amt": "0.00"})
    assert (enough.status_code, enough.json()["payable"]) == (200, "11000.00")
