"""The outbox worker: takes what waits in the database to the message gateway, after commit, until it is received."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import OutboxMessage
from huimin.platform.foundation.unavailable import trouble_of
from huimin.platform.foundation.working import keep_working
from huimin.platform.payments.providers import sign
from huimin.platform.people.models import Resident

__all__ = ["MOST_REFUSALS", "GatewayDownError", "deliver_waiting", "run"]

log = logging.getLogger("huimin.outbox")
_BATCH = 50
MOST_REFUSALS = 24
"""Attempts after which a message that the gateway does not take is given up: half a day after it was due."""
_LONGEST_WAIT = 3600
_LONGEST_PAUSE = 60.0
_TIMEOUT = 5


class GatewayDownError(Exception):
    """Nobody answers at the gateway's address: the fault is not the message's."""


class UndeliverableError(Exception):
    """A message that no further attempt would bring to anybody. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run(pause: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Deliver until told to stop. While the gateway cannot be reached, rounds come ever more rarely."""
    wait = pause

    def once() -> bool:
        nonlocal wait
        try:
            found = bool(deliver_waiting())
        except GatewayDownError as error:
            wait = min(max(2 * wait, pause), _LONGEST_PAUSE)
            log.warning("the message gateway cannot be reached (%s); next round in %.0f s", error, wait)
            time.sleep(wait)
            return False
        wait = pause
        return found

    keep_working(once, pause, until)


def deliver_waiting() -> int:
    """One round. Returns how many messages were delivered. Raises GatewayDownError at the first that finds no gateway.

    A message is delivered outside a transaction and marked after; if the machine stops between, it goes twice, with
    the same key. A failure is tried again after 1, 2, 4 … seconds, an hour at most. A message that cannot be read,
    names nobody or is never taken is given up, with the reason, and the others go on.
    """
    messages = _taken()
    delivered = 0
    for place, message in enumerate(messages):
        try:
            delivered += _delivered(message)
        except GatewayDownError:
            # Nobody looked at these: it counts for none of them.
            rest = [one.pk for one in messages[place:]]
            OutboxMessage.objects.filter(pk__in=rest).update(attempts=F("attempts") - 1, next_attempt_at=timezone.now())
            raise
    return delivered


def _taken() -> list[OutboxMessage]:
    """The next messages, which other workers leave alone for a minute."""
    now = timezone.now()
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(delivered_at=None, given_up_at=None, next_attempt_at__lte=now)
        rows = rows.order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        messages = list(rows.select_related(None)[:_BATCH])
        for message in messages:
            message.attempts += 1
            wait = min(2 ** (message.attempts - 1), _LONGEST_WAIT)
            message.next_attempt_at = now + timedelta(seconds=max(wait, 60) if message.attempts == 1 else wait)
            message.save(update_fields=["attempts", "next_attempt_at"])
    return messages


def _delivered(message: OutboxMessage) -> bool:
    """Whether the gateway took it. Raises GatewayDownError; what else goes wrong is kept with the message."""
    rows = OutboxMessage.objects.filter(pk=message.pk)
    try:
        refusal = _deliver(message)
    except UndeliverableError as error:
        rows.update(failure=error.code, given_up_at=timezone.now())
        log.error("message %s is given up: %s", message.pk, error.code)
        return False
    if refusal:
        given_up = timezone.now() if message.attempts >= MOST_REFUSALS else None
        rows.update(failure=refusal, given_up_at=given_up)
        log.warning("message %s was not taken (%s, attempt %s)", message.pk, refusal, message.attempts)
        return False
    rows.update(delivered_at=timezone.now(), failure="")
    return True


def _deliver(message: OutboxMessage) -> str:
    """Empty where the gateway took it, else its refusal. Raises GatewayDownError, UndeliverableError."""
    body = _body(message)
    request = Request(  # noqa: S310 - the gateway is a setting
        f"{settings.MESSAGE_GATEWAY}/messages",
        data=body,
        headers={"Content-Type": "application/json", "X-Message-Signature": sign(shared_key("message gateway"), body)},
    )
    try:
        with urlopen(request, timeout=_TIMEOUT):  # noqa: S310
            pass
    except HTTPError as error:
        return f"refused_{error.code}"
    except (URLError, TimeoutError, ConnectionError, HTTPException) as error:
        raise GatewayDownError(type(error).__name__) from error
    return ""


def _body(message: OutboxMessage) -> bytes:
    try:
        return json.dumps(_content(message), ensure_ascii=False).encode()
    except Resident.DoesNotExist as error:
        raise UndeliverableError("names_nobody") from error
    except Exception as error:
        # Whatever makes one message unreadable (another key, changed bytes, a form of before) must not stop the others.
        if trouble_of(error) is not None:
            raise
        log.exception("message %s cannot be read", message.pk)
        raise UndeliverableError("unreadable") from error


def _content(message: OutboxMessage) -> dict[str, str]:
    """The message as the gateway gets it. A resident's telephone is looked up now, not kept in the outbox."""
    payload = json.loads(message.payload)
    resident_id = payload.pop("resident", None)
    if resident_id is not None:
        payload["telephone"] = Resident.objects.of(message.city).get(pk=resident_id).telephone
    return {"key": f"{message.city_id}:{message.topic}:{message.key}", **payload}
