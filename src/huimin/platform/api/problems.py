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
    "method_not_allowed": 405,
    "bad_host": 400,
    "broken_json": 400,
    "duplicate_header": 400,
    "header_too_long": 431,
    "request_too_slow": 408,
    "request_too_large": 413,
    "unsupported_media_type": 415,
    "too_many_requests": 429,
    "too_many_lookups": 429,
    "database_unavailable": 503,
    "database_busy": 503,
    "database_slow": 503,
    "storage_full": 503,
    "overloaded": 503,
    "internal_error": 500,
}
"""The HTTP status of a code; any other is 422."""


_RETRY_AFTER = {408: 1, 429: 5, 503: 1}
"""Seconds after which it is worth trying again, by status, where nothing else is known."""


def problem(code: str, detail: str, *, retry_after: int | None = None, **extra: Any) -> HttpResponse:
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
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = HttpResponse(body, status=status, content_type="application/problem+json")
    wait = _RETRY_AFTER.get(status) if retry_after is None else retry_after
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


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
        cause = error.__cause__
        if isinstance(cause, HuiminError):
            return problem(cause.code, cause.message)
        return problem("broken_json", "the request's body is not JSON")
