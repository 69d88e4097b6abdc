"""Steps for every address of the API: the host and the kind of body are checked, and every error gets an answer.

The API is answered before sessions, languages and cookies are looked at: it uses none of them. Whatever goes wrong, a
client gets a problem document, never a page.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import resolve

from huimin.platform.api.problems import problem
from huimin.platform.foundation.unavailable import trouble_of

__all__ = ["ApiFirst"]

log = logging.getLogger("huimin.api")
_ROOT, _NOTICES = "/api/v1/", ("/api/v1/payments/", "/api/v1/messages/")
_KNOWN = (
    (Http404, "not_found", "the API has no such address; /api/v1/openapi.json lists them"),
    (DisallowedHost, "bad_host", "this server does not answer to the host that the request names"),
    (RequestDataTooBig, "request_too_large", "the body is longer than this server takes"),
    (UnreadablePostError, "bad_request", "the body ended before its announced length"),
)


class ApiFirst:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        try:
            return _answered(request)
        except Exception as error:  # noqa: BLE001 - the last resort: it is logged, and the client gets an answer
            return _failed(error)


def _answered(request: HttpRequest) -> HttpResponse:
    # Called only because it checks the host against ALLOWED_HOSTS.
    request.get_host()
    if not request.path_info.startswith(_ROOT) or "\0" in request.path_info:
        raise Http404
    refused = _unknown_kind(request)
    if refused is not None:
        return refused
    request.resolver_match = match = resolve(request.path_info)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if response.status_code == 405:  # noqa: PLR2004
        allowed = response.headers.get("Allow", "")
        response = problem("method_not_allowed", f"found {request.method}; expected {allowed}")
        response.headers["Allow"] = allowed
    return response


def _unknown_kind(request: HttpRequest) -> HttpResponse | None:
    """The answer to a body that declares another type than JSON. Payment companies' notices may have any type."""
    kind = (request.content_type or "").lower()
    if request.method != "POST" or not kind or kind == "application/json" or kind.endswith("+json"):
        return None
    if request.path_info.startswith(_NOTICES):
        return None
    return problem("unsupported_media_type", "the body is of another kind; expected application/json")


def _failed(error: Exception) -> HttpResponse:
    for kind, code, sentence in _KNOWN:
        if isinstance(error, kind):
            return problem(code, sentence)
    trouble = trouble_of(error)
    if trouble is not None:
        log.warning("a request met %s", trouble.code)
        return problem(trouble.code, trouble.sentence, retry_after=trouble.retry_after)
    number = secrets.token_hex(6)
    log.error("internal error %s", number, exc_info=error)
    if isinstance(error, DataError):
        # A field that no rule has checked.
        sentence = "a text is longer than its column, or holds a character that no column takes"
        return problem("bad_text", sentence, id=number)
    sentence = f"the server could not answer; nothing was changed. The error is logged under {number}"
    return problem("internal_error", sentence, id=number)
