"""The OpenAPI document's examples are what the platform answers, and the document names every problem that it gives.

`make golden` writes the examples again, for reading, where an answer was changed on purpose.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api_examples import BILL, BULK_FILE, EXAMPLES, ORDER, PART, examples_of, examples_of_everywhere
from api_statement_examples import STATEMENT_ANSWER, STATEMENT_SHEET
from huimin.error_catalogue import error_catalogue
from huimin.platform.api.operations import ALWAYS, OPERATIONS
from huimin.platform.api.v1 import api as described
from huimin.platform.foundation.models import City
from platform_support import Caller, person

REQUESTS = {
    "post /settlements": BILL,
    "post /settlements/trials": BILL,
    "post /orders": ORDER,
    "post /eligibility": person(0),
    "post /hospital-statements/{month}/answers": STATEMENT_ANSWER,
    "post /hospital-statements/{month}/sheet": STATEMENT_SHEET,
    "post /bulk-files": BULK_FILE,
    "post /bulk-files/{file}/parts": PART,
}
NOTICE = {
    "notice_id": "N20220215-0001",
    "reference": "4f1c9a60d2e87b35c0a1e6d9",
    "status": "paid",
    "amount": "158.00",
    "transaction": "T20220215-0001",
    "paid_at": "2022-02-15T09:30:00+08:00",
}
AGREEMENT = {
    "agreement": "7b20c94fe1d85a36f0b1e2d4",
    "state": "in_force",
    "number": "W20220201-0001",
    "at": "2022-02-01T09:30:00+08:00",
}


@pytest.fixture
def asked(api: Caller, covered: City) -> dict[str, Any]:
    """All examples as the platform answers them now."""
    shown: dict[str, Any] = {operation: {"answers": {}, "problems": {}} for operation in OPERATIONS}
    for operation, kind, name, document in examples_of(api, covered):
        shown[operation][kind][name] = document
    for operation, body in REQUESTS.items():
        shown[operation]["request"] = body
    shown["post /payments/{city_code}/{provider_code}/notices"]["request"] = NOTICE
    shown["post /payments/{city_code}/{provider_code}/agreements"]["request"] = AGREEMENT
    shown["post /messages/{city_code}/replies"]["request"] = {"key": "1:notice:was-it-you-7-12", "text": "T"}
    return {"everywhere": examples_of_everywhere(api, covered), **shown}


def test_each_example_is_what_the_platform_answers(asked: dict[str, Any]) -> None:
    if os.environ.get("HUIMIN_WRITE_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(asked, ensure_ascii=False, indent=1) + "\n", "utf-8")
    shown = json.loads(EXAMPLES.read_text("utf-8"))
    assert set(shown) == set(asked)
    for operation, kinds in asked.items():
        for kind, documents in kinds.items():
            assert shown[operation][kind] == documents, f"{operation}, {kind}: read the difference, then `make golden`"


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(described.get_openapi_schema(), default=str))
    return found


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path.removeprefix('/api/v1')}": operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_is_described_and_none_that_is_not_there() -> None:
    assert set(operations()) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_problem_of_an_operation_has_an_example_under_its_status(name: str) -> None:
    operation = operations()[name]
    for code in (*OPERATIONS[name].problems, *ALWAYS):
        status = str(error_catalogue()[code].status)
        shown = operation["responses"][status]["content"]["application/problem+json"]["examples"][code]
        assert (shown["value"]["code"], shown["value"]["status"]) == (code, int(status))
        assert shown["value"]["type"] == f"/problems/{code}"
        assert shown["summary"] == error_catalogue()[code].en


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_example_fits_the_schema_that_the_document_gives(name: str) -> None:
    whole, operation = document(), operations()[name]
    checked = 0
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for part in (*operation["responses"].values(), *bodies):
        for content in part.get("content", {}).values():
            schema = {**content.get("schema", {}), "components": whole["components"]}
            Draft202012Validator.check_schema(content.get("schema", {}))
            values = [one["value"] for one in content.get("examples", {}).values()]
            for value in [*values, *([content["example"]] if "example" in content else [])]:
                Draft202012Validator(schema).validate(value)
                checked += 1
    assert checked > len(ALWAYS)


def test_a_client_signs_by_three_headers_and_a_payment_company_by_one() -> None:
    schemes = document()["components"]["securitySchemes"]
    for name, operation in operations().items():
        (needed,) = operation["security"]
        headers = {schemes[scheme]["name"] for scheme in needed}
        ours = {"X-Huimin-Client", "X-Huimin-Timestamp", "X-Huimin-Signature"}
        theirs = "X-Message-Signature" if "messages" in name else "X-Payment-Signature"
        assert headers == (ours if OPERATIONS[name].signed else {theirs})


def test_the_document_names_the_header_of_the_key_as_it_is_sent() -> None:
    names = {
        one["name"] for operation in operations().values() for one in operation["parameters"] if one["in"] == "header"
    }
    assert names == {"Idempotency-Key"}


def test_names_of_operations_do_not_depend_on_where_the_code_stands() -> None:
    assert {name: one["operationId"] for name, one in operations().items()} == {
        name: one.name for name, one in OPERATIONS.items()
    }


def test_exactly_the_problems_of_the_api_have_a_status_in_the_catalogue() -> None:
    of_api = {code for one in OPERATIONS.values() for code in one.problems} | {*ALWAYS, "method_not_allowed"}
    assert {code for code, entry in error_catalogue().items() if entry.status is not None} == of_api


def test_the_document_knows_each_step_of_an_explanation() -> None:
    parts = document()["components"]["schemas"]
    either = parts["SettlementOut"]["properties"]["explanation"]["anyOf"]
    assert either == [{"$ref": "#/components/schemas/ExplanationOut"}, {"type": "null"}]
    step = parts["ExplanationOut"]["properties"]["steps"]["items"]["$ref"].rpartition("/")[2]
    assert set(parts[step]["required"]) == {
        *("kind", "benefit", "amount", "payment", "rate", "detail", "source", "reasons"),
    }
