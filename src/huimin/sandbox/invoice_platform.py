"""The invoice platform: issues invoices and red ones, a while after it was asked, each with a number and a PDF.

What it issued before it was started again it does not remember: it takes a red invoice by what the call says, and gives
the same key the same number.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from huimin.sandbox.invoice_file import invoice_pdf
from huimin.sandbox.wire import Answer, Request, fen_of, json_answer, problem, yuan_of

__all__ = ["TO_CONFIRM", "Invoice", "Invoices"]

TO_CONFIRM = "to_confirm"
"""A way to go wrong that only this party has: the buyer has used the invoice, and must confirm the red one."""
_ADDRESSES = "Expected POST /invoices or /red-invoices, GET /invoices/KEY or /files/KEY."
_NOT_REGISTERED = "999999"
"""No division of the country has this number: an organisation that has it in its code is known to nobody."""
_NUMBER, _SERIAL = re.compile(r"\d{20}"), 10**15
_AREA, _CHANNEL = "32", "2"


@dataclass(slots=True)
class Invoice:
    """`amount` in fen, of a red one what it takes back; `of`: the number of the invoice that a red one names."""

    key: str
    content: bytes
    said: Mapping[str, Any]
    amount: int
    state: str = "accepted"
    number: str = ""
    issued_on: str = ""
    reason: str = ""

    @property
    def of(self) -> str:
        return str(self.said.get("of", ""))

    @property
    def yuan(self) -> str:
        return ("-" if self.of else "") + yuan_of(self.amount)


@dataclass(slots=True)
class Invoices:
    issued: dict[str, Invoice] = field(default_factory=dict)
    """By the platform's key, in the order in which they were asked for."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, kind: str) -> Answer:
        if request.method == "GET" and request.path.startswith("invoices/"):
            return self._told(unquote(request.path.removeprefix("invoices/")))
        if request.method == "GET" and request.path.startswith("files/"):
            return self._file(unquote(request.path.removeprefix("files/")))
        refusals: Mapping[str, Callable[[Mapping[str, Any]], Answer | None]] = {
            "invoices": _refuse_buyer,
            "red-invoices": self._refuse_red,
        }
        refusal = refusals.get(request.path) if request.method == "POST" else None
        if refusal is None:
            return problem(404, "no_such_address", _ADDRESSES)
        try:
            return self._take(request, refusal, kind)
        except (ValueError, KeyError, TypeError, AttributeError):
            return problem(422, "bad_invoice", "Expected key (the Idempotency-Key), seller, amount, tax and the rest.")

    def newest_first(self) -> list[Invoice]:
        return list(reversed(self.issued.values()))

    def confirm(self, key: str, agrees: bool) -> None:
        """The buyer confirms that a red invoice is issued, or lets the time for it pass."""
        with self._lock:
            held = self.issued.get(key)
            if held is not None and held.state == TO_CONFIRM:
                held.state = "accepted" if agrees else "failed"
                held.reason = "" if agrees else "not_confirmed"

    def _take(self, request: Request, refuse: Callable[[Mapping[str, Any]], Answer | None], kind: str) -> Answer:
        """What comes again under its key is one invoice; another one under that key is refused."""
        said = json.loads(request.body)
        if said["key"] != request.key:
            raise ValueError("the key is not that of the call")
        with self._lock:
            known = self.issued.get(request.key)
            if known is None:
                refusal = refuse(said)
                if refusal is not None:
                    return refusal
                known = Invoice(request.key, request.body, said, fen_of(said["amount"]))
                known.state = TO_CONFIRM if kind == TO_CONFIRM and known.of else "accepted"
                self.issued[known.key] = known
            elif known.content != request.body:
                return problem(409, "key_reused", "This key was used for another invoice.")
        return _said(known)

    def _refuse_red(self, said: Mapping[str, Any]) -> Answer | None:
        number, amount = said["of"], fen_of(said["amount"])
        if not _NUMBER.fullmatch(number):
            return problem(422, "invoice_not_known", "No invoice has this number.")
        of = next((one for one in self.issued.values() if one.number == number), None)
        gone = sum(one.amount for one in self.issued.values() if one.of == number and one.state != "failed")
        if amount <= 0 or (of is not None and amount > of.amount - gone):
            return problem(422, "more_than_is_left", "So much is not left of this invoice.")
        return None

    def _told(self, key: str) -> Answer:
        """By the time of a question it is issued."""
        with self._lock:
            known = self.issued.get(key)
            if known is None:
                return problem(404, "invoice_not_known", "No invoice has this key.")
            if known.state == "accepted":
                known.issued_on = known.said.get("day") or time.strftime("%Y-%m-%d")
                known.number, known.state = _number(known), "issued"
        return _said(known)

    def _file(self, key: str) -> Answer:
        known = self.issued.get(key)
        if known is None or known.state != "issued":
            return problem(404, "invoice_not_known", "No invoice with this key is issued.")
        data = invoice_pdf(known.said, known.number, known.issued_on)
        content = base64.b64encode(data).decode()
        return json_answer({"key": key, "content": content, "sha256": hashlib.sha256(data).hexdigest()})


def _refuse_buyer(said: Mapping[str, Any]) -> Answer | None:
    if fen_of(said["amount"]) <= 0 or not said["buyer"]["name"]:
        return problem(422, "amount_not_possible", "Expected an amount above zero and a buyer's name.")
    if said["buyer"]["number"][2:8] == _NOT_REGISTERED:
        return problem(422, "buyer_not_registered", "No taxpayer with this number is registered.")
    return None


def _number(invoice: Invoice) -> str:
    """20 digits: the year, the area, the channel, a serial number, which here follows from the key."""
    serial = int(hashlib.sha256(invoice.key.encode()).hexdigest(), 16) % _SERIAL
    return f"{invoice.issued_on[2:4]}{_AREA}{_CHANNEL}{serial:015d}"


def _said(invoice: Invoice) -> Answer:
    said = {"key": invoice.key, "state": invoice.state, "amount": yuan_of(invoice.amount)}
    if invoice.state == "issued":
        said |= {"number": invoice.number, "issued_on": invoice.issued_on}
    return json_answer({**said, **({"reason": invoice.reason} if invoice.reason else {})})
