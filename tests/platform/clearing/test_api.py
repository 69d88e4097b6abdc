"""A hospital reads its statements and answers them by the API, its own alone."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from api_statement_examples import STATEMENTS
from clearing_support import HOSPITAL, a_hospital, billed, stated_month, states
from huimin.platform.clearing import reading
from huimin.platform.clearing.models import HospitalStatement
from huimin.platform.foundation.models import ApiClient, City
from platform_support import Caller

pytestmark = pytest.mark.django_db
APRIL = f"{STATEMENTS}/2022-04"


@pytest.fixture
def statement(api: Caller, covered: City, hospital: ApiClient) -> HospitalStatement:
    billed(api, "A", "2022-04-12", enddate="2022-04-11")
    billed(api, "B", "2022-04-18", 10_000_00)
    return stated_month(covered, hospital)


def test_a_statement_is_read_with_its_lines(api: Caller, statement: HospitalStatement) -> None:
    (one,) = api.get(HOSPITAL, STATEMENTS).json()["statements"]
    whole = api.get(HOSPITAL, APRIL).json()
    assert {name: whole[name] for name in one} == one
    assert (one["month"], one["state"], one["lines"], one["open"]) == ("2022-04", "waiting", 2, 2)
    assert [(row["line"], row["setl_id"], row["discharged_on"]) for row in whole["rows"]] == [
        (1, "A", "2022-04-11"),
        (2, "B", ""),
    ]
    assert round(sum(float(row["amount"]) for row in whole["rows"]) * 100) == statement.amount


def test_lines_come_page_by_page(api: Caller, statement: HospitalStatement, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading.lines_of_statement, "__kwdefaults__", {"state": "", "size": 1})
    pages = [api.get(HOSPITAL, f"{APRIL}?page={number}").json() for number in (1, 2, 9)]
    assert [(page["page"], page["pages"], [row["setl_id"] for row in page["rows"]]) for page in pages] == [
        (1, 2, ["A"]),
        (2, 2, ["B"]),
        (2, 2, ["B"]),
    ]


@pytest.mark.parametrize("month", ["2022-03", "2022-13", "0000-01", "2022-4", "april", "2022-04-01"])
def test_another_month_is_not_there(api: Caller, statement: HospitalStatement, month: str) -> None:
    answer = api.get(HOSPITAL, f"{STATEMENTS}/{month}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nobody_reads_or_answers_anothers(api: Caller, covered: City, statement: HospitalStatement) -> None:
    a_hospital(covered, code="hospital-8")
    for path in (APRIL, f"{APRIL}/sheet"):
        assert api.get("hospital-8", path).status_code == 404
    assert api.post("hospital-8", f"{APRIL}/answers", {"rest": True}).status_code == 404
    assert api.get("hospital-8", STATEMENTS).json()["statements"] == []
    assert states(statement) == ["open", "open"]


def test_answers_are_taken_and_the_same_again_change_nothing(api: Caller, statement: HospitalStatement) -> None:
    body = {"answers": [{"line": 2, "answer": "disputed", "reason": "not_ours"}], "rest": True}
    first = api.post(HOSPITAL, f"{APRIL}/answers", body).json()
    assert (first["state"], first["agreed"], first["disputed"], states(statement)) == (
        "disputed",
        1,
        1,
        ["agreed", "disputed"],
    )
    assert api.post(HOSPITAL, f"{APRIL}/answers", body).json() == first


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ([{"line": 1, "answer": "agreed"}, {"line": 1, "answer": "agreed"}], ["1"]),
        ([{"line": 1, "answer": "disputed"}, {"line": 2, "answer": "agreed", "note": "x"}], ["1", "2"]),
        ([{"line": 3, "answer": "agreed"}, {"line": 1, "answer": "disputed", "reason": "other"}], ["3", "1"]),
    ],
)
def test_every_fault_is_told_and_nothing_is_taken(
    api: Caller, statement: HospitalStatement, answers: list[dict[str, Any]], places: list[str]
) -> None:
    refused = api.post(HOSPITAL, f"{APRIL}/answers", {"answers": answers, "rest": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "answers_refused")
    assert [fault["place"] for fault in refused.json()["faults"]] == places
    assert states(statement) == ["open", "open"]


@pytest.mark.parametrize(
    "answer",
    [
        {"line": 0, "answer": "agreed"},
        {"line": "1", "answer": "agreed"},
        {"line": 1, "answer": "perhaps"},
        {"line": 1, "answer": "disputed", "reason": "dislike"},
        {"line": 1, "answer": "disputed", "reason": "other", "note": "x" * 201},
        {"line": 1, "answer": "agreed", "amount": "1.00"},
    ],
)
def test_what_is_no_answer_is_refused(api: Caller, statement: HospitalStatement, answer: dict[str, Any]) -> None:
    refused = api.post(HOSPITAL, f"{APRIL}/answers", {"answers": [answer]})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_request")


def test_a_sheet_goes_out_and_comes_back(api: Caller, statement: HospitalStatement) -> None:
    book = openpyxl.load_workbook(BytesIO(api.get(HOSPITAL, f"{APRIL}/sheet").content))
    book.active["I8"], book.active["I9"], book.active["J9"] = "同意", "有异议", "已冲销"
    assert _sent(api, book).json()["disputed"] == 1
    assert states(statement) == ["agreed", "disputed"]
    book.active["H8"] = 1
    refused = _sent(api, book)
    assert (refused.json()["code"], refused.json()["faults"][0]["place"]) == ("answers_refused", "H8")


def _sent(api: Caller, book: Any) -> Any:
    content = BytesIO()
    book.save(content)
    return api.post(HOSPITAL, f"{APRIL}/sheet", {"content": base64.b64encode(content.getvalue()).decode()})


@pytest.mark.parametrize("content", ["not base 64!", "", base64.b64encode(b"no workbook").decode()])
def test_what_is_no_sheet_is_refused(api: Caller, statement: HospitalStatement, content: str) -> None:
    refused = api.post(HOSPITAL, f"{APRIL}/sheet", {"content": content})
    assert (refused.status_code, refused.json()["code"]) == (422, "answers_refused")
