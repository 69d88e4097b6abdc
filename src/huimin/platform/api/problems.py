"""Errors as RFC 9457 problem documents with a stable code."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from huimin.errors import HuiminError

__all__ = ["STATUS_OF_CODE", "problem", "register_handlers"]

STATUS_OF_CODE = {
    "conflicting_duplicate": 409,
    "idempotency_key_reused": 409,
    "not_eligible": 409,
    "terms_not_opened": 409,
    "unknown_member": 404,
    "unknown_payment": 404,
    "not_found": 404,
    "bad_signature": 401,
    "wrong_kind_of_client": 403,
    "payment_provider": 502,
}
"""The HTTP status of a code; any other is 422."""


def problem(code: str, detail: str, **extra: Any) -> HttpResponse:
    """A problem document. `type` is a relative reference, so that it works on any host."""
    status = STATUS_OF_CODE.get(code, 422)
    document = {
        "type": f"/api/v1/problems/{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        **extra,
    }
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type="application/problem+json")


def register_handlers(api: NinjaAPI) -> None:
    @api.exception_handler(HuiminError)
    def on_huimin_error(request: HttpRequest, error: HuiminError) -> HttpResponse:
        return problem(error.code, error.message)

    @api.exception_handler(AuthenticationError)
    def on_authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem("bad_signature", "the request is not signed by a client that this server knows")

    @api.exception_handler(ValidationError)
    def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Only places and messages: the values may be personal.
        faults = [
            {"place": ".".join(str(part) for part in fault["loc"][1:]), "expected": fault["msg"]}
            for fault in error.errors
        ]
        return problem("bad_request", "the request is not of the expected form", faults=faults)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem("bad_request", "the request's body is not JSON")
