"""Requests signed by clients with HMAC-SHA256, so that a key never travels.

Headers: `X-Huimin-Client` (key id), `X-Huimin-Timestamp` (Unix seconds), `X-Huimin-Signature` (hexadecimal) over

    METHOD \\n path \\n timestamp \\n Idempotency-Key \\n SHA-256 of the body, hexadecimal

A captured request can be sent again for five minutes: a write then gets its first answer again, a read is a read.
"""

from __future__ import annotations

import hashlib
import hmac
import time

from django.http import HttpRequest

from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.selectors import active_client

__all__ = ["SignedClient", "signature"]

_VALID_SECONDS = 300


def signature(secret: str, method: str, path: str, timestamp: str, idempotency_key: str, body: bytes) -> str:
    """What a client puts into X-Huimin-Signature."""
    content = "\n".join([method, path, timestamp, idempotency_key, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), content.encode(), hashlib.sha256).hexdigest()


class SignedClient:
    """Authenticates an API client; the endpoint finds it at `request.auth`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, request: HttpRequest) -> ApiClient | None:
        headers = request.headers
        timestamp = headers.get("X-Huimin-Timestamp", "")
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > _VALID_SECONDS:
            return None
        key_id = headers.get("X-Huimin-Client", "")
        client = active_client(key_id, self.kind)
        if client is None:
            return None
        key = headers.get("Idempotency-Key", "")
        expected = signature(client.secret, request.method or "", request.get_full_path(), timestamp, key, request.body)
        return client if hmac.compare_digest(expected, headers.get("X-Huimin-Signature", "")) else None
