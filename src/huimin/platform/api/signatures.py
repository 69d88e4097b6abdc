"""Requests signed by clients with HMAC-SHA256, so that a key never travels.

Headers: `X-Huimin-Client` (key id), `X-Huimin-Timestamp` (Unix seconds), `X-Huimin-Signature` (hexadecimal) over

    METHOD \\n path \\n timestamp \\n Idempotency-Key \\n SHA-256 of the body, hexadecimal

A captured request can be sent again for five minutes: a write then gets its first answer again, a read is a read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping

from django.http import HttpRequest

from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.selectors import active_client

__all__ = ["SignedClient", "looks_signed", "signature"]

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

    They are there, each is of its form, and the timestamp is fresh; whether the signature is right, the body decides.
    """
    timestamp = headers.get("x-huimin-timestamp", "")
    return (
        _TIMESTAMP.fullmatch(timestamp) is not None
        and abs(now - int(timestamp)) <= _VALID_SECONDS
        and _KEY_ID.fullmatch(headers.get("x-huimin-client", "")) is not None
        and _SIGNATURE.fullmatch(headers.get("x-huimin-signature", "")) is not None
    )


class SignedClient:
    """Authenticates an API client; the endpoint finds it at `request.auth`."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def __call__(self, request: HttpRequest) -> ApiClient | None:
        headers = request.headers
        if not looks_signed({name.lower(): value for name, value in headers.items()}, time.time()):
            return None
        timestamp, key_id = headers["X-Huimin-Timestamp"], headers["X-Huimin-Client"]
        client = active_client(key_id, self.kinds)
        if client is None:
            return None
        key = headers.get("Idempotency-Key", "")
        expected = signature(client.secret, request.method or "", request.get_full_path(), timestamp, key, request.body)
        return client if hmac.compare_digest(expected, headers.get("X-Huimin-Signature", "")) else None
