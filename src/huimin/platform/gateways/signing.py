"""How we and a party outside sign: HMAC-SHA256 over lines that say what is asked or answered, and of what call.

A request and its answer have different first lines, and both name the number of the call: no answer can be played back
as one to another call, and nothing of ours can be sent back to us as an answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["CALL_HEADER", "SIGNATURE_HEADER", "Signer", "hmac_hex"]

CALL_HEADER = "X-Door-Call"
TIMESTAMP_HEADER = "X-Door-Timestamp"
SIGNATURE_HEADER = "X-Door-Signature"


def hmac_hex(key: str, content: bytes) -> str:
    """HMAC-SHA256, hexadecimal."""
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """The two keys that we share with a party: ours for what we ask, the party's for what it answers."""

    request_key: str
    answer_key: str

    def headers(self, method: str, target: str, key: str, content: bytes) -> dict[str, str]:
        """The headers of a request. `target` is path and query as sent, `key` the idempotency key."""
        call, timestamp = secrets.token_hex(12), str(int(time.time()))
        lines = ("request", method, target, call, timestamp, key, hashlib.sha256(content).hexdigest())
        signature = hmac_hex(self.request_key, "\n".join(lines).encode())
        return {CALL_HEADER: call, TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature}

    def is_answer(self, asked: Mapping[str, str], status: int, given: str, content: bytes) -> bool:
        """Whether an answer is the party's own to the request with these headers. `given`: its signature."""
        lines = ("answer", asked[CALL_HEADER], str(status), hashlib.sha256(content).hexdigest())
        return hmac.compare_digest(given.encode(), hmac_hex(self.answer_key, "\n".join(lines).encode()).encode())
