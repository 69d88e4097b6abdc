"""The message gateway: takes text messages to telephones by templates that are registered with it (短信网关)."""

from __future__ import annotations

import enum
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from django.conf import settings

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.gateways.door import Answer, Call, Door
from huimin.platform.gateways.doors import door_to
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.signing import hmac_hex

__all__ = ["MessageGateway", "Receipt", "ReceiptState", "Reply", "TextMessage", "message_gateway"]

_PARTY = "message_gateway"
REPLY_HEADER = "X-Message-Signature"
_NOT_KNOWN = "text_not_known"
_SECRET = frozenset({"code"})
"""Parameters of templates that the record of exchanges does not keep: one-time codes."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """`key` is ours; the gateway sends a message of one key once. `parameters` are what the template has blanks for."""

    key: str
    telephone: str
    template: str
    parameters: Mapping[str, str]


class ReceiptState(enum.StrEnum):
    ACCEPTED = "accepted"
    """The gateway has it. It may be on its way for a while."""
    DELIVERED = "delivered"
    """It is on the telephone."""
    FAILED = "failed"
    """It will not get there: the receipt's reason says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the gateway says became of a message. `reason` is its code for why it failed, else empty."""

    key: str
    state: ReceiptState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody replied to a message of ours, which `key` names."""

    key: str
    text: str


class MessageGateway(Protocol):
    def send(self, message: TextMessage) -> Receipt:
        """Hand a message over. Raises a DoorError; after `Unclear` or `Duplicate`, query the receipt."""
        ...

    def read_reply(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """A reply that the gateway tells of. Raises HuiminError (`bad_signature`, `bad_reply`)."""
        ...

    def query_receipt(self, key: str) -> Receipt | None:
        """What became of the message with this key; None where the gateway has none. Raises a DoorError."""
        ...


class _HttpGateway:
    """The gateway over HTTP, as the sandbox speaks it: `POST /texts`, `GET /texts/KEY`."""

    def __init__(self, door: Door, city: City) -> None:
        self._door, self._city = door, city

    def send(self, message: TextMessage) -> Receipt:
        content = {
            "key": message.key,
            "telephone": message.telephone,
            "template": message.template,
            "parameters": dict(message.parameters),
            "replies": f"{settings.PUBLIC_ADDRESS}/api/v1/messages/{self._city.code}/replies",
        }
        answer = self._door.call(self._city, Call("send", "POST", "texts", message.key, content, _SECRET))
        return _receipt(answer, "send", message.key)

    def read_reply(self, headers: Mapping[str, str], body: bytes) -> Reply:
        given = headers.get(REPLY_HEADER, "")
        if not hmac.compare_digest(given.encode(), hmac_hex(self._door.signer.answer_key, body).encode()):
            raise HuiminError("the reply's signature is not the message gateway's", code="bad_signature")
        try:
            content = json.loads(body)
            reply = Reply(content["key"], content["text"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HuiminError("expected a reply with key and text", code="bad_reply") from error
        if not isinstance(reply.key, str) or not isinstance(reply.text, str):
            raise HuiminError("expected key and text of a reply as text", code="bad_reply")
        return reply

    def query_receipt(self, key: str) -> Receipt | None:
        try:
            answer = self._door.call(self._city, Call("query_receipt", "GET", f"texts/{quote(key, safe='')}", key))
        except Refused as failure:
            if failure.reason == _NOT_KNOWN:
                return None
            raise
        return _receipt(answer, "query_receipt", key)


def _receipt(answer: Answer, operation: str, key: str) -> Receipt:
    """The receipt that an answer holds. One of another message, or in a state that nobody knows, says nothing."""
    content = answer.content
    if content.get("key") != key or content.get("state") not in {*ReceiptState}:
        raise Unclear(_PARTY, operation, "contradicts")
    reason = content.get("reason")
    return Receipt(key, ReceiptState(content["state"]), reason if isinstance(reason, str) else "")


def message_gateway(city: City) -> MessageGateway:
    """The gateway that takes this city's messages."""
    key = "message gateway"
    return _HttpGateway(door_to(_PARTY, settings.MESSAGE_GATEWAY, request_key=key, answer_key=key), city)
