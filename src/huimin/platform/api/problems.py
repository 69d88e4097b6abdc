"""Errors as RFC 9457 problem documents with a stable code."""

from __future__ import annotations

import json
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from huimin.error_catalogue import entry_of
from huimin.errors import HuiminError

__all__ = ["RETRY_AFTER", "problem", "register_handlers", "status_of"]

_UNPROCESSABLE = 422
RETRY_AFTER = {408: 1, 429: 5, 503: 1}
"""In how many seconds it is worth trying again, by status, if nothing else is known."""


def status_of(code: str) -> int:
    """The HTTP status of a code according to the error catalogue; 422 for a code that the API was not expected to
    give.
    """
    entry = entry_of(code)
    return entry.status if entry is not None and entry.status is not None else _UNPROCESSABLE


def problem(code: str, detail: str, *, retry_after: int | None = None, **extra: Any) -> HttpResponse:
    """A problem document. Its `type` is the address, on this host, of the page that explains the code."""
    status = status_of(code)
    document = {
        "type": f"/problems/{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        **extra,
    }
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = HttpResponse(body, status=status, content_type="application/problem+json")
    wait = RETRY_AFTER.get(status) if retry_after is None else retry_after
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def register_handlers(api: NinjaAPI) -> None:
    @api.exception_handler(HuiminError)
    def on_huimin_error(request: HttpRequest, error: HuiminError) -> HttpResponse:
        # Errors of trials and of parties outside say when it is worth asking again.
        wait = getattr(error, "retry_after", None)
        return problem(error.code, error.message, retry_after=None if wait is None else ceil(wait))

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
