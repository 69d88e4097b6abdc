"""Whatever comes to the API, a client gets a problem document: never a page, never a bare 500."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin.platform.api import settlements, v1
from huimin.platform.api.operations import OPERATIONS
from huimin.platform.claims.models import SettlementFact
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import JournalEntry
from platform_support import Caller, a_bill, resident, signed_in

pytestmark = pytest.mark.django_db
SETTLEMENTS = "/api/v1/settlements"


def problem_of(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == answer.status_code
    assert {"type", "title", "code", "detail"} <= set(found)
    return found


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/", 404, "not_found"),
        ("POST", "/api/v2/settlements", 404, "not_found"),
        ("GET", "/api/v1/settlements/", 404, "not_found"),
        ("PUT", "/api/v1/settlements", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/orders", 405, "method_not_allowed"),
        ("GET", "/api/v1/payments/demo/sandbox/notices", 405, "method_not_allowed"),
        ("GET", "/api/v1/settlements/%00", 404, "not_found"),
        ("GET", "/api/v1/settlements/%ff", 401, "bad_signature"),
        ("POST", "/api/v1/payments/nowhere/sandbox/notices", 404, "not_found"),
        ("POST", "/api/v1/payments/de%00mo/sandbox/notices", 404, "not_found"),
    ],
)
def test_a_wrong_address_or_method_is_answered_with_a_problem(
    city: City, method: str, path: str, status: int, code: str
) -> None:
    answer = Client().generic(method, path)
    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)
    if status == 405:
        assert answer["Allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "bad_request"),
        (b"{", 400, "broken_json"),
        (b"[]", 422, "bad_request"),
        (b"1", 422, "bad_request"),
        (b'{"setl_id": NaN}', 400, "broken_json"),
        (b'{"a": 1, "a": 2}', 400, "broken_json"),
        (b'{"setl_id": "\xff"}', 400, "broken_json"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "broken_json"),
        (b'{"x":' * 30 + b"1" + b"}" * 30, 400, "broken_json"),
        (b'{"x": ' + b"1" * 5000 + b"}", 400, "broken_json"),
        (b'{"x": "\\u0000"}', 422, "bad_text"),
        (b'{"x\\u0000": ""}', 422, "bad_text"),
        (b'{"x": "\\ud800"}', 422, "bad_text"),
    ],
)
@pytest.mark.parametrize("path", [SETTLEMENTS, "/api/v1/orders", "/api/v1/eligibility"])
def test_a_body_that_is_no_json_object_is_answered_with_what_was_found(
    api: Caller, path: str, body: bytes, status: int, code: str
) -> None:
    client = "hospital-1" if path == SETTLEMENTS else "channel-1"
    answer = api._call(client, "POST", path, body, "key", {})
    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)


def test_a_body_of_another_kind_is_refused(api: Caller) -> None:
    answer = Client().generic("POST", SETTLEMENTS, b"<a/>", content_type="text/xml")
    assert (answer.status_code, problem_of(answer)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(("size", "status"), [(1_000_000, 401), (1_000_001, 413)])
def test_a_body_above_a_megabyte_is_refused(api: Caller, size: int, status: int) -> None:
    path = f"/api/v1/payments/{api.city.code}/sandbox/notices"
    assert Client().generic("POST", path, b" " * size, content_type="application/json").status_code == status


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 401), ("evil.example", 400), ("a b", 400)])
def test_the_api_answers_to_its_own_hosts_only(city: City, host: str, status: int) -> None:
    answer = Client().generic("GET", "/api/v1/plan", headers={"Host": host})
    assert (answer.status_code, problem_of(answer)["code"]) == (
        status,
        "bad_host" if status == 400 else "bad_signature",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Huimin-Timestamp": "9" * 5000},
        {"X-Huimin-Timestamp": "٣٣٣٣"},
        {"X-Huimin-Timestamp": "²"},
        {"X-Huimin-Client": "k" * 5000},
        {"X-Huimin-Client": "a\x00b"},
        {"X-Huimin-Signature": "é" * 64},
        {"X-Huimin-Signature": ""},
    ],
)
def test_headers_of_any_form_are_refused_as_unsigned(api: Caller, headers: dict[str, str]) -> None:
    answer = api.post("hospital-1", SETTLEMENTS, {}, **headers)
    assert (answer.status_code, problem_of(answer)["code"]) == (401, "bad_signature")


def notice(api: Caller, **fields: Any) -> Any:
    from huimin.platform.foundation.keys import shared_key
    from huimin.platform.gateways.signing import hmac_hex

    given = {"notice_id": "N", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "T"}
    body = fields["body"] if "body" in fields else json.dumps({**given, **fields}).encode()
    headers = {"X-Payment-Signature": hmac_hex(shared_key("payment notice"), body)}
    path = f"/api/v1/payments/{api.city.code}/sandbox/notices"
    return Client().generic("POST", path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    "fields",
    [
        {"body": b"[" * 100_000},
        {"body": b"\xff"},
        {"body": b"[]"},
        {"body": b"{}"},
        {"notice_id": "n" * 81},
        {"notice_id": "\x00"},
        {"notice_id": []},
        {"notice_id": ""},
        {"reference": "\x00"},
        {"reference": "r" * 500},
        {"status": []},
        {"status": "perhaps"},
        {"amount": "9" * 5000},
        {"transaction": "\x00"},
        {"transaction": "t" * 500},
        {"transaction": "\ud800"},
    ],
)
def test_a_signed_notice_that_garbles_a_field_is_refused(api: Caller, fields: dict[str, Any]) -> None:
    answer = notice(api, **fields)
    assert (answer.status_code, problem_of(answer)["code"]) == (422, "bad_notice")


def test_what_nobody_foresaw_is_logged_under_the_number_that_the_client_gets(
    api: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with patch.object(settlements, "settlement_answer", side_effect=ZeroDivisionError):
        found = problem_of(api.get("hospital-1", f"{SETTLEMENTS}/A"))
    assert (found["status"], found["code"]) == (500, "internal_error")
    assert found["id"] in caplog.text


class DriverError(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "status", "code"),
    [
        ("08006", 503, "database_unavailable"),
        ("57P01", 503, "database_unavailable"),
        ("53300", 503, "database_unavailable"),
        ("55P03", 503, "database_busy"),
        ("40P01", 503, "database_busy"),
        ("57014", 503, "database_slow"),
        ("53100", 503, "storage_full"),
        ("42P01", 500, "internal_error"),
        ("23505", 500, "internal_error"),
    ],
)
def test_what_the_database_cannot_do_is_a_503_and_what_we_did_wrong_is_not(
    api: Caller, sqlstate: str, status: int, code: str
) -> None:
    error = DatabaseError("a message that may hold values")
    error.__cause__ = DriverError(sqlstate)
    with patch.object(settlements, "settlement_answer", side_effect=error):
        answer = api.get("hospital-1", f"{SETTLEMENTS}/A")
    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)
    assert b"values" not in answer.content
    assert answer.has_header("Retry-After") == (status == 503)


def test_a_page_says_calmly_that_the_database_is_away_in_both_languages(city: City) -> None:
    error = OperationalError("gone")
    error.__cause__ = DriverError("57P01")
    client = Client(raise_request_exception=False)
    with patch("huimin.platform.web.session.city_by_code", side_effect=error):
        chinese = client.get("/demo/")
        english = client.get("/demo/", headers={"Accept-Language": "en"})
    assert (chinese.status_code, english.status_code, chinese["Retry-After"]) == (503, 503, "2")
    assert "系统正忙" in chinese.content.decode()
    assert "busy just now" in english.content.decode()
    assert "系统" not in english.content.decode()


def test_a_page_that_meets_a_fault_of_ours_asks_nothing_more_of_the_database(city: City) -> None:
    client = Client(raise_request_exception=False)
    with (
        patch("huimin.platform.web.views.resident.render", side_effect=ZeroDivisionError),
        patch("huimin.platform.web.context.resident_in_session", side_effect=OperationalError) as asked,
    ):
        answer = client.get("/demo/")
    assert (answer.status_code, asked.call_count) == (500, 0)
    assert 'class="brand"' in answer.content.decode()


def test_an_address_that_no_column_can_hold_is_a_page_and_no_fault(covered: City, api: Caller) -> None:
    client = signed_in(resident(covered))
    client.raise_request_exception = False
    answer = client.get("/demo/claims/A%00/")
    assert answer.status_code == 404
    assert 'class="brand"' in answer.content.decode()


def test_a_full_disk_half_way_through_a_settlement_leaves_nothing_posted(covered: City, api: Caller) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's full disk has a test with a real file")
    before = JournalEntry.objects.of(covered).count(), SettlementFact.objects.of(covered).count()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
        )
        cursor.execute("CREATE TRIGGER full_disk BEFORE INSERT ON tasks_task FOR EACH ROW EXECUTE FUNCTION full_disk()")
    bill = a_bill("FULL", "2022-04-18", 20_000_00)
    answer = api.settle(bill)
    assert (answer.status_code, problem_of(answer)["code"], answer["Retry-After"]) == (503, "storage_full", "60")
    assert before == (JournalEntry.objects.of(covered).count(), SettlementFact.objects.of(covered).count())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON tasks_task")
    assert api.settle(bill).status_code == 200


PARTS = ("setl_id", "reference", "number", "city_code", "provider_code", "file", "trial", "month")
"""The parts of an address that a client fills in."""


def addresses() -> list[tuple[str, str]]:
    schema = v1.api.get_openapi_schema()
    return [(method.upper(), path) for path, methods in schema["paths"].items() for method in methods]


_texts = st.text(max_size=30) | st.sampled_from(["\x00", "\ud800", "9" * 200, "2022-13-45", "1e400", " ", "\u202e"])
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)
_names = st.sampled_from(
    ["setl_id", "psn_no", "setl_time", "med_type", "medfee_sumamt", "reverses", "items", "applicant", "insured", "name"]
)
_bodies = st.one_of(
    st.binary(max_size=200),
    _json.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(_names, _json, max_size=8).map(lambda value: json.dumps(value).encode()),
)
_header_texts = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60)
_headers = st.dictionaries(
    st.sampled_from(["Idempotency-Key", "Content-Type", "Accept", "Cookie", "X-Payment-Signature", "X-Huimin-Client"]),
    _header_texts,
    max_size=3,
)
# What would end the path is escaped: it would be another address, without the part.
_parts = st.text(max_size=20).map(
    lambda text: json.dumps(text)[1:-1].replace("#", "%23").replace("?", "%3F")
) | st.sampled_from(["%00", "%2F", "..", "%ff"])
EXAMPLES = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 150


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    address=st.sampled_from(addresses()),
    part=_parts,
    body=_bodies,
    headers=_headers,
    query=st.text(max_size=20),
)
def test_any_request_gets_an_answer_or_a_problem(
    city: City, address: tuple[str, str], part: str, body: bytes, headers: Mapping[str, str], query: str
) -> None:
    """Signed, so that it reaches what lies behind: any body, headers and parts of the address."""
    method, template = address
    path = template
    for name in PARTS:
        path = path.replace("{" + name + "}", part or "x")
    code = "hospital-1" if "settlements" in path else "channel-1"
    with transaction.atomic():
        answer = Caller(city)._call(code, method, path, body, "key-of-fuzz", dict(headers))
        transaction.set_rollback(True)
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        problem_of(answer)


def test_the_fuzz_reaches_every_address_of_the_api() -> None:
    known = {f"{method.lower()} {path.removeprefix('/api/v1')}" for method, path in addresses()}
    assert known == set(OPERATIONS)
    assert {part for _, path in addresses() for part in re.findall(r"{(\w+)}", path)} == set(PARTS)


@pytest.mark.parametrize("language", ["de", "zh-CN", "", "%00"])
def test_a_language_that_the_plan_is_not_told_in_is_refused(api: Caller, city: City, language: str) -> None:
    answer = api.get("channel-1", f"/api/v1/plan?language={language}")
    assert (answer.status_code, problem_of(answer)["code"]) == (422, "bad_request")
