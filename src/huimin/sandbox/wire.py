"""What goes over the wire: requests, answers, problem documents, and the signatures of both sides."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

__all__ = ["Answer", "Request", "Signing", "fen_of", "json_answer", "page", "problem", "sign", "signed_by", "yuan_of"]

_FRESH_SECONDS = 300
_REMEMBERED_CALLS = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is path and query as they were sent; `path` is what follows the party's own part of the address."""

    method: str
    target: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the query, or of the form that was sent."""
        return dict(parse_qsl(self.query if self.method == "GET" else self.body.decode(), keep_blank_values=True))

    @property
    def key(self) -> str:
        """The platform's key of what it asks. A header holds ASCII only: other characters come with per cents."""
        return unquote(self.headers.get("idempotency-key", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """`silent`: the connection is closed without a word. `delay`: seconds before it; `dribble`: seconds a byte."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False
    delay: float = 0.0
    dribble: float = 0.0

    def having(self, **headers: str) -> Answer:
        """The same with further headers; `_` in a name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


def json_answer(content: Any, status: int = 200) -> Answer:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json"})


def problem(status: int, code: str, detail: str) -> Answer:
    """A problem document (RFC 9457)."""
    content = {"type": f"urn:huimin:sandbox:{code}", "title": code, "status": status, "code": code, "detail": detail}
    return replace(json_answer(content, status), headers={"Content-Type": "application/problem+json"})


def page(html: str, status: int = 200) -> Answer:
    return Answer(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


def sign(key: str, content: bytes) -> str:
    """HMAC-SHA256, hexadecimal."""
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def signed_by(key: str, content: bytes, signature: str) -> bool:
    return bool(key) and hmac.compare_digest(sign(key, content).encode(), signature.encode())


def fen_of(yuan: str) -> int:
    """Yuan with two decimals, as the platform writes them."""
    whole, fen = yuan.split(".")
    return int(whole) * 100 + int(fen)


def yuan_of(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@dataclass(slots=True)
class Signing:
    """A party's two keys: the platform signs what it asks with the first, the party what it answers with the second."""

    request_key: str
    answer_key: str
    _calls: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_CALLS))

    def refusal(self, request: Request) -> Answer | None:
        """Why the request is not accepted as the platform's; None where it is accepted. The same call is accepted
        once.
        """
        given = request.headers
        call, timestamp = given.get("x-door-call", ""), given.get("x-door-timestamp", "")
        digest = hashlib.sha256(request.body).hexdigest()
        lines = ("request", request.method, request.target, call, timestamp, given.get("idempotency-key", ""), digest)
        if not signed_by(self.request_key, "\n".join(lines).encode(), given.get("x-door-signature", "")):
            return problem(401, "bad_signature", "The signature is not the platform's.")
        if abs(time.time() - int(timestamp)) > _FRESH_SECONDS or call in self._calls:
            return problem(401, "played_back", "This call is too old, or was made before.")
        self._calls.append(call)
        return None

    def signed(self, request: Request, answer: Answer) -> Answer:
        call = request.headers.get("x-door-call", "")
        lines = ("answer", call, str(answer.status), hashlib.sha256(answer.body).hexdigest())
        return answer.having(X_Door_Signature=sign(self.answer_key, "\n".join(lines).encode()))
