"""Refusals before a body is read, by length, headers and sender, and their texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from huimin.platform.api.problems import problem
from huimin.platform.api.signatures import looks_signed
from huimin.platform.processes.messages import Answer, Head

__all__ = ["Limits", "limits_from", "refusal", "refuse_head"]

_SIGNED = ("/api/v1/settlements", "/api/v1/orders", "/api/v1/eligibility", "/api/v1/plan")
"""Addresses at which every request is signed by a client."""
_ONCE = (
    *("host", "content-length", "content-type", "idempotency-key", "x-payment-signature"),
    *("x-huimin-client", "x-huimin-timestamp", "x-huimin-signature"),
)
"""Headers that may come only once, because it would be open which of two counts."""
_LONGEST_HEADER = 8_192
_SENTENCES = {
    "too_many_requests": (
        "this address has as many requests under way as one client may have; wait for an answer before sending more",
        "您的网络同时发出的请求太多，请稍候再试。",
    ),
    "request_too_slow": (
        "the body did not come in time; send the request again",
        "提交的内容没有按时传完，请再试一次。",
    ),
    "request_too_large": ("the body is longer than this server takes", "提交的内容太大，请缩小后再试。"),
    "overloaded": (
        "more requests are waiting than the server can answer in time; send it again",
        "现在访问的人较多，请稍候再试。",
    ),
    "duplicate_header": ("a header that may come once came twice", "请求的格式不对，请刷新页面再试。"),
    "header_too_long": ("a header is longer than this server takes", "请求的格式不对，请刷新页面再试。"),
    "bad_signature": ("the request is not signed by a client that this server knows", ""),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one worker. `proxies` has the addresses that are trusted to name the client."""

    threads: int = 4
    proxies: frozenset[str] = frozenset()
    body_bytes: int = 1_000_000
    body_seconds: float = 10.0
    file_bytes: int = 201_000_000
    """The longest form with files: the longest list that a page promises to take, and what stands around it."""
    file_seconds: float = 300.0
    files_at_once: int = 32
    """How many such forms may be under way. Each is kept on disk until it is answered."""
    requests_of_client: int = 64
    waiting: int = 256
    """How many complete requests may wait for a thread."""
    waiting_seconds: float = 10.0
    """After so many seconds the client no longer waits, so that the request is refused instead of answered."""


def limits_from(environment: Mapping[str, str]) -> Limits:
    """Limits as the environment sets them (docs/operations.md)."""
    given = environment.get("HUIMIN_PROXIES", "")
    return Limits(
        threads=int(environment.get("HUIMIN_THREADS", "4")),
        proxies=frozenset(address.strip() for address in given.split(",") if address.strip()),
        body_bytes=int(environment.get("HUIMIN_BODY_BYTES", "1000000")),
        body_seconds=float(environment.get("HUIMIN_BODY_SECONDS", "10")),
        file_bytes=int(environment.get("HUIMIN_FILE_BYTES", "201000000")),
        file_seconds=float(environment.get("HUIMIN_FILE_SECONDS", "300")),
        files_at_once=int(environment.get("HUIMIN_FILES_AT_ONCE", "32")),
        requests_of_client=int(environment.get("HUIMIN_REQUESTS_OF_CLIENT", "64")),
    )


def refuse_head(head: Head, limits: Limits, now: float) -> Answer | None:
    """Why a request is refused before its body is read; None where it is not. `now`: Unix seconds."""
    for name in _ONCE:
        if len(head.all(name)) > 1:
            return refusal(head, "duplicate_header")
    if any(len(name) + len(value) > _LONGEST_HEADER for name, value in head.headers):
        return refusal(head, "header_too_long")
    if head.length > (limits.file_bytes if head.has_files else limits.body_bytes):
        return refusal(head, "request_too_large")
    if head.path.startswith(_SIGNED) and not looks_signed(dict(head.headers), now):
        return refusal(head, "bad_signature")
    return None


def refusal(head: Head, code: str) -> Answer:
    """A problem document under /api/, a short page in both languages elsewhere."""
    english, chinese = _SENTENCES[code]
    response = problem(code, english)
    headers = [(name.lower(), value) for name, value in response.items()]
    body = response.content
    if not head.path.startswith("/api/"):
        headers = [(name, value) for name, value in headers if name != "content-type"]
        headers.append(("content-type", "text/html; charset=utf-8"))
        body = _page(chinese, english)
    common = [("x-content-type-options", "nosniff"), ("cache-control", "no-store"), ("content-length", str(len(body)))]
    return Answer(response.status_code, [*headers, *common], body)


def _page(chinese: str, english: str) -> bytes:
    head = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f'{head}<title>惠民保</title><p>{escape(chinese)}</p><p lang="en">{escape(english.capitalize())}.</p>'.encode()
    )
