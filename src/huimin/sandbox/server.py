"""The sandbox's HTTP side. One process, one port: the first part of an address is the party, or a page for people."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

from huimin.sandbox.bank import Bank
from huimin.sandbox.bureau import Bureau
from huimin.sandbox.hospital import Hospital
from huimin.sandbox.invoice_platform import Invoices
from huimin.sandbox.message_gateway import Gateway
from huimin.sandbox.pages import STYLE, rendered
from huimin.sandbox.parties import (
    bank_party,
    bureau_party,
    hospital_party,
    invoice_platform_party,
    message_gateway_party,
    payment_company_party,
    skeleton,
)
from huimin.sandbox.party import Party
from huimin.sandbox.payment_company import Company
from huimin.sandbox.wire import Answer, Request, page

__all__ = ["Sandbox", "make_server"]

_SEE_OTHER = 303
_MOST_BYTES = 1_000_000


@dataclass(slots=True)
class Sandbox:
    """Everything the sandbox remembers, in memory: it is gone when it stops."""

    company: Company
    gateway: Gateway
    bureau: Bureau
    bank: Bank
    invoices: Invoices
    parties: dict[str, Party] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Sandbox:
        """Keys by purpose, as the platform names them, and its hospitals, both as JSON; a seed for misbehaviour.

        `HUIMIN_SANDBOX_REGISTER` is a file with the people whom the bureau knows.
        """
        keys = json.loads(environment.get("HUIMIN_SANDBOX_KEYS", "{}"))
        hospitals = json.loads(environment.get("HUIMIN_SANDBOX_HOSPITALS", "{}"))
        platform = environment.get("HUIMIN_SANDBOX_PLATFORM", "http://127.0.0.1:8000")
        payment, company = payment_company_party(keys)
        messages, gateway = message_gateway_party(keys)
        register = environment.get("HUIMIN_SANDBOX_REGISTER")
        people = json.loads(Path(register).read_text("utf-8")) if register else ()
        insured, bureau = bureau_party(keys, people)
        paying, bank = bank_party(keys)
        invoicing, invoices = invoice_platform_party(keys)
        others = [skeleton(code) for code in ("pharmacy", "bill-verification")]
        known = [payment, messages, hospital_party(Hospital(platform, hospitals)), insured, paying, invoicing]
        parties = [*known, *others]
        percent, seed = environment.get("HUIMIN_SANDBOX_PERCENT", "0"), environment.get("HUIMIN_SANDBOX_SEED", "0")
        for party in parties:
            party.behaviour.sow(int(seed), int(percent))
        return cls(company, gateway, bureau, bank, invoices, {party.code: party for party in parties})

    def serve(self, request: Request) -> Answer:
        """The one way in: `request.path` is the whole path here."""
        language = _language(request)
        if request.method == "GET" and request.path == "/":
            return page(rendered("index.html", language, parties=self.parties.values()))
        if request.method == "GET" and request.path == "/sandbox.css":
            return Answer(200, STYLE, {"Content-Type": "text/css; charset=utf-8"})
        if request.method == "POST" and request.path == "/language":
            return _change_language(request)
        code, _, rest = request.path.removeprefix("/").partition("/")
        party = self.parties.get(code)
        if party is None:
            return page(rendered("notice.html", language, title="not_found"), 404)
        return self._at(party, rest, request, language)

    def _at(self, party: Party, rest: str, request: Request, language: str) -> Answer:
        here = Request(request.method, request.target, rest, request.query, request.headers, request.body)
        found = party.pages.get((request.method, rest))
        if found is not None:
            return found(here, language)
        if request.method == "GET" and rest == "":
            return page(rendered("party.html", language, party=party, **party.shown()))
        if request.method == "POST" and rest == "behaviour":
            _behave(party, here.fields)
            return Answer(_SEE_OTHER, headers={"Location": f"/{party.code}/"})
        return party.called(here)


def _behave(party: Party, fields: Mapping[str, str]) -> None:
    """A button of the page: what the next call does, or a seed for all that come."""
    if "next" in fields:
        party.behaviour.press(fields["next"])
        return
    seed, percent = (fields.get(name, "").strip() for name in ("seed", "percent"))
    party.behaviour.sow(_whole(seed), _whole(percent))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0  # noqa: PLR2004 - a billion is plenty


def _language(request: Request) -> str:
    """The same cookie as the platform's pages: who reads those in English reads these so too."""
    with suppress(CookieError):
        cookie = SimpleCookie(request.headers.get("cookie", "")).get("language")
        return "en" if cookie is not None and cookie.value == "en" else "zh"
    return "zh"


def _change_language(request: Request) -> Answer:
    fields = request.fields
    chosen = "en" if fields.get("language") == "en" else "zh-hans"
    back = fields.get("next", "/")
    place = back if back.startswith("/") and not back.startswith("//") else "/"
    return Answer(
        _SEE_OTHER,
        headers={"Location": quote(place, safe="/?&=%:+"), "Set-Cookie": f"language={chosen}; Path=/; SameSite=Lax"},
    )


def make_server(port: int, sandbox: Sandbox) -> ThreadingHTTPServer:
    """A server on 127.0.0.1; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._handle(b"")

        def do_POST(self) -> None:
            self._handle(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)))

        def _handle(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, parts.path, parts.query, headers, body)
            with suppress(BrokenPipeError, ConnectionResetError):
                self._say(sandbox.serve(request))

        def _say(self, answer: Answer) -> None:
            self.close_connection = True
            time.sleep(answer.delay)
            if answer.silent:
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if not answer.dribble:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(answer.dribble)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: addresses here carry payment references."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
