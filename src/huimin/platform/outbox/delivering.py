"""One attempt to deliver a message. The task of the outbox calls `deliver`.

An attempt has an `Outcome` and raises nothing, unless the database itself is in trouble. A message's topic decides
which party it goes to.
"""

from __future__ import annotations

import enum
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huimin.errors import InputError
from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.gateways.api import DoorError, ReceiptState, TextMessage, Unreachable, ask_once, message_gateway
from huimin.platform.messages.api import text_of
from huimin.platform.people.api import telephone_of
from huimin.platform.tasks.api import Task

__all__ = ["End", "Outcome", "deliver", "gateway_key", "words_of"]

log = logging.getLogger("huimin.outbox")


class End(enum.Enum):
    """How an attempt ended, and what it means for the message."""

    DELIVERED = "delivered"
    LET_GO = "let_go"
    """Whoever it was for has died: nothing is sent to their telephone, and nobody has to look."""
    NOT_TAKEN = "not_taken"
    """The party refused it, or nobody knows whether it was taken. It is tried again later, and the attempt counts."""
    UNREACHABLE = "unreachable"
    """Nobody answers at the party's address. That is not the message's fault, so the attempt does not count."""
    HOPELESS = "hopeless"
    """No further attempt could deliver it. It is given up, and a person has to look at it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an attempt. `code` says why the message was not delivered; it never has personal data.

    `retry_after`: seconds after which another attempt makes sense, where that is known; else 0.
    """

    end: End
    code: str = ""
    retry_after: float = 0.0


class _HopelessError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def deliver(message: Task) -> Outcome:
    """Try once to deliver the message. Call it outside a transaction. Raises only if the database is in trouble.

    It is safe to call twice: the receiver recognises a repeat by the message's key.
    """
    try:
        route = _ROUTES.get(message.kind)
        if route is None:
            raise _HopelessError("unknown_topic")
        content = _content(message)
        return Outcome(End.LET_GO) if content.get("telephone") == "" else route(message, content)
    except _HopelessError as error:
        return Outcome(End.HOPELESS, error.code)


def _content(message: Task) -> dict[str, Any]:
    """The content of the message. The telephone of a resident is looked up now, since the outbox does not store it."""
    try:
        content: dict[str, Any] = json.loads(message.payload)
        resident_id = content.pop("resident", None)
        if resident_id is not None:
            content["telephone"] = telephone_of(message.city, resident_id)
            if content["telephone"] is None:
                raise _HopelessError("names_nobody")
        return content
    except _HopelessError:
        raise
    except Exception as error:
        # Whatever makes one message unreadable (another key, changed bytes, an older form) must not stop the others.
        if trouble_of(error) is not None:
            raise
        log.exception("message %s cannot be read", message.pk)
        raise _HopelessError("unreadable") from error


def _text_message(message: Task, content: Mapping[str, Any]) -> Outcome:
    """Hand a text message to the message gateway. If an earlier attempt ended unclear, first ask whether it arrived."""
    gateway = message_gateway(message.city)
    try:
        text = _text(message, content)
    except (KeyError, TypeError) as error:
        raise _HopelessError("unreadable") from error
    except InputError as error:
        raise _HopelessError(error.code) from error
    try:
        receipt = ask_once(
            lambda: gateway.send(text), lambda: gateway.query_receipt(text.key), asked_before=_may_be_there(message)
        )
    except Unreachable as failure:
        return Outcome(End.UNREACHABLE, failure.reason, failure.retry_after)
    except DoorError as failure:
        return Outcome(End.NOT_TAKEN, f"{failure.code.removeprefix('door_')}_{failure.reason}")
    if receipt.state is ReceiptState.FAILED:
        return Outcome(End.HOPELESS, "not_received")
    return Outcome(End.DELIVERED)


def _text(message: Task, content: Mapping[str, Any]) -> TextMessage:
    parameters = {name: str(value) for name, value in content.items() if name not in ("telephone", "template")}
    text_of(content["template"], parameters)
    return TextMessage(gateway_key(message), content["telephone"], content["template"], parameters)


def gateway_key(message: Task) -> str:
    """By which the gateway knows repeats of a message, and says to which a reply came."""
    return f"{message.city_id}:{message.kind}:{message.key}"


def words_of(message: Task) -> tuple[int, str, str] | None:
    """For whom a message is, its template and its words; None where it is for nobody of the register, as a code is."""
    content: dict[str, Any] = json.loads(message.payload)
    if content.get("resident") is None:
        return None
    parameters = {name: str(value) for name, value in content.items()}
    return content["resident"], content["template"], text_of(content["template"], parameters)


def _may_be_there(message: Task) -> bool:
    """Whether an earlier attempt may have delivered it: the attempt ended unclear, or its worker ended first."""
    unclear = message.fault_code.startswith(("unclear", "duplicate"))
    return unclear or message.losses > 0 or (message.attempts > 1 and not message.fault_code)


_ROUTES: Mapping[str, Callable[[Task, Mapping[str, Any]], Outcome]] = {
    "notice": _text_message,
    "message": _text_message,
}
"""Which function delivers messages of a topic. A topic that is not here cannot be delivered."""
