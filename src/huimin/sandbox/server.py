"""The sandbox's HTTP side: which address does what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from huimin.sandbox import pages
from huimin.sandbox.cashier import Cashier
from huimin.sandbox.hospital import Hospital
from huimin.sandbox.messages import Inbox
from huimin.sandbox.signing import signed_by

__all__ = ["Answer", "Sandbox", "make_server"]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def _page(html: str, status: int = 200) -> Answer:
    return Answer(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


@dataclass(slots=True)
class Sandbox:
    """Everything the sandbox remembers, in memory: it is gone when it stops."""

    keys: Mapping[str, str]
    """Keys by purpose, as the platform names them: its requests, our notices, its messages."""
    cashier: Cashier
    inbox: Inbox
    hospital: Hospital

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Sandbox:
        keys = json.loads(environment.get("HUIMIN_SANDBOX_KEYS", "{}"))
        hospitals = json.loads(environment.get("HUIMIN_SANDBOX_HOSPITALS", "{}"))
        platform = environment.get("HUIMIN_SANDBOX_PLATFORM", "http://127.0.0.1:8000")
        return cls(keys, Cashier(keys.get("payment notice", "")), Inbox(), Hospital(platform, hospitals))

    def get(self, path: str, query: str) -> Answer:
        fields = dict(parse_qsl(query, keep_blank_values=True))
        if path == "/":
            return _page(pages.index())
        if path == "/pay":
            return self._asked_to_pay(query, fields)
        if path == "/outcome":
            return self._outcome(query, fields)
        if path == "/messages":
            return _page(pages.inbox(self.inbox.newest_first()))
        if path == "/hospital":
            return _page(pages.hospital(self.hospital, self.hospital.example(), None))
        return _page(pages.notice("没有这个页面", "There is no such page."), 404)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path == "/messages":
            if not signed_by(self.keys.get("message gateway", ""), body, headers.get("X-Message-Signature", "")):
                return Answer(401, b"bad signature")
            self.inbox.receive(json.loads(body))
            return Answer(200, b"received")
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if path == "/pay":
            back = self.cashier.pay(fields.get("reference", ""), fields.get("how", ""))
            return Answer(303, b"", {"Location": back}) if back else self.get("/nothing", "")
        if path == "/hospital":
            status, answer = self.hospital.send(fields)
            return _page(pages.hospital(self.hospital, fields, (status, answer)))
        return Answer(404, b"")

    def _asked_to_pay(self, query: str, fields: dict[str, str]) -> Answer:
        given = fields.pop("signature", "")
        content = query.rsplit("&signature=", 1)[0].encode()
        if not signed_by(self.keys.get("payment request", ""), content, given):
            return _page(pages.notice("签名不正确", "The signature of this payment request is wrong."), 400)
        self.cashier.open(fields)
        return _page(pages.cashier(fields))

    def _outcome(self, query: str, fields: dict[str, str]) -> Answer:
        content = query.rsplit("&signature=", 1)[0].encode()
        if not signed_by(self.keys.get("payment request", ""), content, fields.get("signature", "")):
            return Answer(401, b"bad signature")
        body, signature = self.cashier.outcome(fields.get("reference", ""))
        return Answer(200, body, {"X-Payment-Signature": signature, "Content-Type": "application/json"})


def make_server(port: int, sandbox: Sandbox) -> ThreadingHTTPServer:
    """A server on 127.0.0.1; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(lambda: sandbox.get(parts.path, parts.query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._send(lambda: sandbox.post(urlsplit(self.path).path, dict(self.headers), body))

        def _send(self, answer_of: Callable[[], Answer]) -> None:
            answer = answer_of()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: addresses here carry payment references."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
