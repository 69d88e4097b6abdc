"""The invoice platform over HTTP, as the sandbox speaks it: `POST /invoices` and `/red-invoices`, `GET /invoices/KEY`
and `/files/KEY`.

No provider's own layout is followed: each has another. What they have in common is here: a request number of ours, a
buyer with or without a taxpayer number, an amount with its tax, a later answer with a number of 20 digits, a file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.conf import settings

from huimin.errors import InputError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.foundation.models import City
from huimin.platform.gateways.door import Call, Door
from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.invoice_platform import (
    InvoiceAnswer,
    InvoicePlatform,
    InvoiceRequest,
    InvoiceState,
    Party,
    RedRequest,
)

__all__ = ["HttpInvoicePlatform", "invoice_platform"]

_PARTY = "invoice_platform"
_NUMBER = re.compile(r"\d{20}")
_NOT_KNOWN = "invoice_not_known"
_SECRET = frozenset({"buyer"})
_PDF = b"%PDF-"
_LONGEST_REASON = 40


class HttpInvoicePlatform:
    def __init__(self, door: Door, city: City) -> None:
        self._door, self._city = door, city

    def issue(self, request: InvoiceRequest) -> InvoiceAnswer:
        content = {
            "key": request.key,
            "seller": _party(request.seller),
            "buyer": _party(request.buyer),
            "item": request.item,
            "amount": format_yuan(request.amount),
            "tax": format_yuan(request.tax),
            "tax_rate": "exempt" if request.tax_rate is None else str(request.tax_rate),
            "remark": request.remark,
            **_day(request.day),
        }
        return self._asked(Call("issue", "POST", "invoices", request.key, content, _SECRET), request.amount)

    def issue_red(self, request: RedRequest) -> InvoiceAnswer:
        content = {
            "key": request.key,
            "of": request.of,
            "seller": _party(request.seller),
            "amount": format_yuan(request.amount),
            "tax": format_yuan(request.tax),
            "reason": request.reason,
            **_day(request.day),
        }
        return self._asked(Call("issue_red", "POST", "red-invoices", request.key, content), request.amount)

    def query(self, key: str) -> InvoiceAnswer | None:
        try:
            return self._asked(Call("query", "GET", f"invoices/{quote(key, safe='')}", key), None)
        except Refused as failure:
            if failure.reason == _NOT_KNOWN:
                return None
            raise

    def file(self, key: str) -> bytes:
        call = Call("file", "GET", f"files/{quote(key, safe='')}", key)
        content = self._door.call(self._city, call).content
        try:
            data = base64.b64decode(str(content.get("content", "")), validate=True)
        except ValueError as error:
            raise Unclear(_PARTY, call.operation, "unreadable") from error
        right = content.get("key") == key and hashlib.sha256(data).hexdigest() == content.get("sha256")
        if not right or not data.startswith(_PDF):
            raise Unclear(_PARTY, call.operation, "contradicts")
        return data

    def _asked(self, call: Call, amount: int | None) -> InvoiceAnswer:
        """The answer, if it is about what was asked. `amount` is None for a query."""
        content = self._door.call(self._city, call).content
        try:
            return _answer(content, call.key, amount)
        except (ValueError, KeyError, TypeError) as error:
            raise Unclear(_PARTY, call.operation, "contradicts") from error


def _answer(content: Mapping[str, Any], key: str, amount: int | None) -> InvoiceAnswer:
    """Raises ValueError where it is of another invoice, or says what cannot be."""
    state, said = InvoiceState(content["state"]), parse_yuan(content["amount"])
    if content["key"] != key or amount not in (None, said):
        raise InputError("it is of another invoice")
    number, day, reason = str(content.get("number", "")), None, content.get("reason", "")
    if state is InvoiceState.ISSUED:
        day = date.fromisoformat(content["issued_on"])
        if not _NUMBER.fullmatch(number):
            raise InputError("its number does not have 20 digits")
    reason = reason[:_LONGEST_REASON] if isinstance(reason, str) else ""
    return InvoiceAnswer(key, state, said, number if state is InvoiceState.ISSUED else "", day, reason)


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "number": party.number}


def _day(day: date | None) -> dict[str, str]:
    return {} if day is None else {"day": day.isoformat()}


def invoice_platform(city: City) -> InvoicePlatform:
    """The platform that issues invoices for this city."""
    key = "invoices"
    return HttpInvoicePlatform(door_to(_PARTY, settings.INVOICE_PLATFORM, request_key=key, answer_key=key), city)
