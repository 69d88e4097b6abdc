"""The OpenAPI document, completed: how requests are signed, every problem that can come, and examples of all of it."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from http.client import responses
from importlib.resources import files
from typing import Any

from ninja import NinjaAPI

from huimin.error_catalogue import entry_of
from huimin.platform.api.operations import ALWAYS, OPERATIONS, Described
from huimin.platform.api.problems import RETRY_AFTER, status_of

__all__ = ["EXCEL", "DescribedAPI", "examples"]

_ROOT = "/api/v1"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFERENCE = "#/components/schemas/{model}"
_ABOUT = """\
Hospitals and pharmacies send settlements, channels enrol people, payment companies notify.

**Signing.** Every request of a client carries `X-Huimin-Client`, `X-Huimin-Timestamp` and `X-Huimin-Signature`. The
signature is HMAC-SHA256, hexadecimal, under the client's secret, over five lines joined by `\\n`: the method, the path
as it is sent (with its query), the timestamp in Unix seconds, the Idempotency-Key (empty where there is none), and the
SHA-256 of the body in hexadecimal. The timestamp may differ from the server's clock by 300 seconds.

**Amounts** are text in yuan with two decimals. **Days and times** are the city's local ones.

**Errors** are problem documents (RFC 9457). Rely on `code`; `type` is the address, on the same host, of a page that
says what the code means and what to do; `detail` may change its wording. Where `Retry-After` stands, the same request
may be sent again, with the same Idempotency-Key.

**Versions.** Under `/api/v1/` fields and codes are added, never taken away or given another meaning: ignore fields that
you do not know, and treat a code that you do not know by its status.
"""
_SCHEMES = {
    "client": ("X-Huimin-Client", "The client's key id."),
    "timestamp": ("X-Huimin-Timestamp", "Unix seconds; at most 300 from the server's clock."),
    "signature": ("X-Huimin-Signature", "HMAC-SHA256 in hexadecimal, as described above."),
    "provider": ("X-Payment-Signature", "HMAC-SHA256 in hexadecimal over the body, under the payment company's key."),
    "gateway": ("X-Message-Signature", "HMAC-SHA256 in hexadecimal over the body, under the message gateway's key."),
}


class DescribedAPI(NinjaAPI):
    """An API whose OpenAPI document says everything that a client has to know."""

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        document["info"]["description"] = _ABOUT
        parts = document["components"]
        parts["securitySchemes"] = {
            name: {"type": "apiKey", "in": "header", "name": header, "description": words}
            for name, (header, words) in _SCHEMES.items()
        }
        parts["schemas"]["Problem"] = _problem_schema()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                name = f"{method} {path[path.index(_ROOT) + len(_ROOT) :]}"
                _complete(operation, OPERATIONS[name], examples()[name])
        return document


@cache
def examples() -> dict[str, Any]:
    """By operation: a request, the answers to it, and a problem document for each code. All were really answered."""
    found: dict[str, Any] = json.loads((files(__package__) / "examples.json").read_text("utf-8"))
    return found


def _complete(operation: dict[str, Any], described: Described, shown: dict[str, Any]) -> None:
    operation["operationId"], operation["summary"] = described.name, described.summary
    operation["description"] = f"{operation.get('description', '')}\n\n**Sent again:** {described.repeat}"
    schemes = ("client", "timestamp", "signature") if described.signed else (described.signer,)
    operation["security"] = [{scheme: [] for scheme in schemes}]
    for parameter in operation["parameters"]:
        if parameter["in"] == "header":
            parameter["name"] = parameter["name"].replace("_", "-").title()
    if "request" in shown:
        body = operation.setdefault("requestBody", {"required": True, "content": {"application/json": {}}})
        (content,) = body["content"].values()
        content["example"] = shown["request"]
    _complete_answer(operation["responses"][200], shown["answers"])
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in (*described.problems, *ALWAYS):
        by_status[status_of(code)].append(code)
    for status, codes in sorted(by_status.items()):
        operation["responses"][status] = _problem_response(status, codes, shown["problems"])


def _complete_answer(response: dict[str, Any], answers: dict[str, Any]) -> None:
    text = next((value for value in answers.values() if isinstance(value, str)), None)
    if text is not None and text.startswith("%PDF"):
        response["content"] = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
        return
    if text is not None and text.startswith("PK"):
        response["content"] = {EXCEL: {"schema": {"type": "string", "format": "binary"}}}
        return
    if text is not None:
        kind = "text/csv" if text.startswith("row,") else "text/plain"
        response["content"] = {kind: {"schema": {"type": "string"}, "example": text}}
        return
    shown = {name.replace(" ", "_"): {"summary": name, "value": value} for name, value in answers.items()}
    response["content"]["application/json"]["examples"] = shown


def _problem_response(status: int, codes: list[str], shown: dict[str, Any]) -> dict[str, Any]:
    found = {code: {"summary": _sentence(code), "value": _example(code, shown)} for code in codes}
    words = f"{responses[status]}: {', '.join(f'`{code}`' for code in codes)}"
    response: dict[str, Any] = {
        "description": words,
        "content": {
            "application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="Problem")}, "examples": found}
        },
    }
    if status in RETRY_AFTER:
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait"}}
    return response


def _example(code: str, shown: dict[str, Any]) -> dict[str, Any]:
    """The document that was really answered; a code that is the same everywhere has one shared example."""
    found: dict[str, Any] = shown.get(code) or examples()["everywhere"][code]
    return found


def _sentence(code: str) -> str:
    entry = entry_of(code)
    return entry.en if entry is not None else code


def _texts(*names: str) -> dict[str, Any]:
    """The schema of an object in which each of these is text."""
    return {"type": "object", "required": list(names), "properties": {name: {"type": "string"} for name in names}}


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    place = _texts("place", "expected")
    change = _texts("what", "benefit", "name_zh", "name_en", "before", "after")
    cause = _texts("cause", "setl_id", "text_zh", "text_en")
    return {
        "title": "Problem",
        "description": "RFC 9457. The catalogue of codes stands at /problems/ on the same host.",
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {**text, "format": "uri-reference", "description": "the page that explains the code"},
            "title": text,
            "status": {"type": "integer"},
            "code": {**text, "description": "stable: what a program relies on"},
            "detail": {**text, "description": "what was found and what was expected, for people"},
            "faults": {
                "type": "array",
                "items": place,
                "description": "with `bad_request` and `answers_refused`: every place that is wrong",
            },
            "setl_id": {**text, "description": "for a bill that is kept for a person: its id"},
            "review": {
                "type": ["integer", "null"],
                "description": "for a bill that is kept for a person: the number of its case",
            },
            "trial": {**text, "description": "with `trial_outdated`: the trial that cannot be confirmed any more"},
            "replaced_by": {**text, "description": "with `trial_outdated`: the trial that can be, until `valid_until`"},
            "valid_until": text,
            "changes": {"type": "array", "items": change, "description": "with `trial_outdated`: every other figure"},
            "causes": {"type": "array", "items": cause, "description": "with `trial_outdated`: what came meanwhile"},
            "id": {**text, "description": "the number under which the server's log has an unforeseen error"},
        },
    }
