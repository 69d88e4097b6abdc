"""The one interface to payment providers, and the sandbox's implementation of it.

A provider takes the payer on a page of its own and tells us the outcome by a signed notice, perhaps late, perhaps more
than once, perhaps never; then it can be asked. A real provider implements the same three methods.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from huimin.errors import HuiminError
from huimin.money import format_yuan, parse_yuan
from huimin.platform.foundation.keys import shared_key

__all__ = ["Notice", "PaymentProvider", "ProviderError", "SandboxProvider", "provider", "sign"]

SIGNATURE_HEADER = "X-Payment-Signature"
_LONGEST = 80


class ProviderError(HuiminError):
    code = "payment_provider"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider says of a payment: status is paid or failed, amount in fen. One transaction is one attempt."""

    notice_id: str
    reference: str
    status: str
    amount: int
    transaction: str
    paid_at: datetime | None = None
    """When the payer paid, where the provider says so: a notice may come long after."""


class PaymentProvider(Protocol):
    code: str

    def payer_address(self, *, reference: str, amount: int, subject: str, notify: str, back: str) -> str:
        """Where to send the payer. `notify` is called with the outcome, `back` is where the payer returns."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A notice whose signature was checked. Raises ProviderError (`bad_signature`, `bad_notice`)."""
        ...

    def ask(self, reference: str) -> Notice | None:
        """The outcome as the provider knows it now; None while there is none. Raises ProviderError."""
        ...


def sign(key: str, content: bytes) -> str:
    """HMAC-SHA256, hexadecimal."""
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


class SandboxProvider:
    """Speaks with the sandbox server as one would with a real company: over HTTP, both sides signing.

    What we sign and what it signs have a key each, so that nothing of ours can be sent back to us as a notice.
    """

    code = "sandbox"
    _TIMEOUT = 5

    def __init__(self, gateway: str, *, request_key: str, notice_key: str) -> None:
        self._gateway, self._request_key, self._notice_key = gateway, request_key, notice_key

    def payer_address(self, *, reference: str, amount: int, subject: str, notify: str, back: str) -> str:
        fields = {
            "reference": reference,
            "amount": format_yuan(amount),
            "subject": subject,
            "notify": notify,
            "back": back,
        }
        query = urlencode(fields)
        return f"{self._gateway}/pay?{query}&signature={sign(self._request_key, query.encode())}"

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        given = headers.get(SIGNATURE_HEADER, "")
        if not hmac.compare_digest(given.encode(), sign(self._notice_key, body).encode()):
            raise ProviderError("the notice's signature is not the provider's", code="bad_signature")
        return self._notice(body)

    def ask(self, reference: str) -> Notice | None:
        query = urlencode({"reference": reference})
        address = f"{self._gateway}/outcome?{query}&signature={sign(self._request_key, query.encode())}"
        try:
            with urlopen(Request(address), timeout=self._TIMEOUT) as answer:  # noqa: S310 - the gateway is a setting
                body, headers = answer.read(), answer.headers
        except (URLError, TimeoutError) as error:
            raise ProviderError("the payment company does not answer") from error
        return self.read_notice(headers, body) if body != b"null" else None

    @staticmethod
    def _notice(body: bytes) -> Notice:
        try:
            content = json.loads(body)
            said = content.get("paid_at")
            notice = Notice(
                notice_id=_word(content["notice_id"], _LONGEST),
                reference=_word(content["reference"], _LONGEST),
                status={"paid": "paid", "failed": "failed"}[content["status"]],
                amount=parse_yuan(content["amount"]),
                transaction=_word(content["transaction"], _LONGEST),
                paid_at=None if said is None else _moment(said),
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise ProviderError(f"the notice lacks or garbles a field: {error}", code="bad_notice") from error
        if notice.status == "paid" and notice.amount <= 0:
            found = format_yuan(notice.amount)
            raise ProviderError(f"the notice says that {found} yuan were paid; expected more than 0", code="bad_notice")
        return notice


def _word(value: object, most: int) -> str:
    """Text without blanks and control characters: it goes into columns and keys."""
    text = value if isinstance(value, str) else ""
    if not 1 <= len(text) <= most or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"found {str(value)[:_LONGEST]!r}; expected 1 to {most} ASCII characters without blanks")
    return text


def _moment(value: object) -> datetime:
    """A moment with its time zone, `2022-02-10T09:30:00+08:00`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"found paid_at {str(value)[:_LONGEST]!r}; expected one like 2022-02-10T09:30:00+08:00")
    if not MINYEAR < moment.year < MAXYEAR:
        # Its local time in another zone may lie outside the calendar, and then nobody could show it.
        raise ValueError(f"found paid_at in the year {moment.year}; expected the time of a payment")
    return moment


def provider(code: str) -> PaymentProvider:
    """The provider with this code. Raises ProviderError (`unknown_provider`)."""
    if code != SandboxProvider.code:
        raise ProviderError(f"found provider {code!r}; expected sandbox", code="unknown_provider")
    return SandboxProvider(
        settings.PAYMENT_GATEWAY,
        request_key=shared_key("payment request"),
        notice_key=shared_key("payment notice"),
    )
