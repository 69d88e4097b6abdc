"""Requests signed by clients with HMAC-SHA256, so that a key never travels.

Headers: `X-Huimin-Client` (key id), `X-Huimin-Timestamp` (Unix seconds), `X-Huimin-Signature` (hexadecimal) over

    METHOD \\n path as sent \\n timestamp \\n Idempotency-Key \\n SHA-256 of the body, hexadecimal

A captured request can be sent again for five minutes: a write then gets its first answer again, a read is a read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.authorising import NotAllowed, admits
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.selectors import active_client

__all__ = ["SignedClient", "client_of", "looks_signed", "signature"]

_VALID_SECONDS = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[!-~]{1,80}")


def signature(secret: str, method: str, path: str, timestamp: str, idempotency_key: str, body: bytes) -> str:
    """What a client puts into X-Huimin-Signature."""
    content = "\n".join([method, path, timestamp, idempotency_key, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), content.encode(), hashlib.sha256).hexdigest()


def looks_signed(headers: Mapping[str, str], now: float) -> bool:
    """Whether the headers can belong to a signed request, before its body is read. Names are in lower case.

    They must be present and well formed, and the timestamp fresh. Whether the signature is right depends on the body.
    """
    timestamp = headers.get("x-huimin-timestamp", "")
    return (
        _TIMESTAMP.fullmatch(timestamp) is not None
        and abs(now - int(timestamp)) <= _VALID_SECONDS
        and _KEY_ID.fullmatch(headers.get("x-huimin-client", "")) is not None
        and _SIGNATURE.fullmatch(headers.get("x-huimin-signature", "")) is not None
    )


class SignedClient:
    """Authenticates an API client; the endpoint finds it at `request.auth`.

    A client that signs correctly but may do none of the endpoint's actions gets NotAllowed, which is answered with
    status 403.
    """

    def __init__(self, *actions: Action) -> None:
        self.actions = actions

    def __call__(self, request: HttpRequest) -> ApiClient | None:
        headers = request.headers
        if not looks_signed({name.lower(): value for name, value in headers.items()}, time.time()):
            return None
        timestamp, key_id = headers["X-Huimin-Timestamp"], headers["X-Huimin-Client"]
        client = active_client(key_id)
        if client is None:
            return None
        key = headers.get("Idempotency-Key", "")
        method, given = request.method or "", headers.get("X-Huimin-Signature", "")
        for path in _paths(request):
            if hmac.compare_digest(signature(client.secret, method, path, timestamp, key, request.body), given):
                return self._admitted(client)
        return None

    def _admitted(self, client: ApiClient) -> ApiClient:
        actor = client_actor(client)
        if not admits(actor, *self.actions):
            raise NotAllowed.of(actor, *self.actions)
        return client


def _paths(request: HttpRequest) -> Iterator[str]:
    """The path as the client may have escaped it; all of these are one address.

    The server gets the path unescaped, and clients escape the id at its end in different ways: only where it is needed
    (RFC 3986), as JavaScript's encodeURIComponent does, or everything except letters, digits and `-._~`.
    """
    whole = request.get_full_path()
    yield whole
    ids = list(request.resolver_match.kwargs.values()) if request.resolver_match else []
    query = whole.partition("?")[1:]
    for last in ids[-1:]:
        if isinstance(last, str) and request.path.endswith(last):
            before = escape_uri_path(request.path.removesuffix(last))
            for unescaped in ("!'()*", ""):
                yield "".join([before, quote(last, safe=unescaped), *query])


def client_of(request: HttpRequest) -> ApiClient:
    """Who signed a request that a `SignedClient` let in."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    return client
