"""The outbox worker: takes what waits in the database to the message gateway, after commit, until it is received."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import OutboxMessage
from huimin.platform.payments.providers import sign
from huimin.platform.people.models import Resident

__all__ = ["GatewayDownError", "deliver_waiting", "run"]

log = logging.getLogger("huimin.outbox")
_BATCH = 50
_LONGEST_WAIT = 3600
_LONGEST_PAUSE = 60.0
_TIMEOUT = 5


class GatewayDownError(Exception):
    """Nobody answers at the gateway's address: the fault is not the message's."""


def run(pause: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Deliver until told to stop. While the gateway cannot be reached, rounds come ever more rarely."""
    wait = pause
    while not until():
        try:
            wait = 0 if deliver_waiting() else pause
        except GatewayDownError as error:
            wait = min(max(2 * wait, pause), _LONGEST_PAUSE)
            log.warning("the message gateway cannot be reached (%s); next round in %.0f s", error, wait)
        time.sleep(wait)


def deliver_waiting() -> int:
    """One round. Returns how many messages were delivered. Raises GatewayDownError at the first that finds no gateway.

    A message is delivered outside a transaction and marked after; if the machine stops between, it goes twice, with
    the same key. A failure is tried again after 1, 2, 4 … seconds, an hour at most.
    """
    now = timezone.now()
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(delivered_at=None, next_attempt_at__lte=now).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        messages = list(rows.select_related(None)[:_BATCH])
        for message in messages:
            # Taken for a minute: another worker leaves it alone while this one delivers.
            message.attempts += 1
            wait = min(2 ** (message.attempts - 1), _LONGEST_WAIT)
            message.next_attempt_at = now + timedelta(seconds=max(wait, 60) if message.attempts == 1 else wait)
            message.save(update_fields=["attempts", "next_attempt_at"])
    return sum(_deliver(message) for message in messages)


def _deliver(message: OutboxMessage) -> bool:
    body = json.dumps(_content(message), ensure_ascii=False).encode()
    request = Request(  # noqa: S310 - the gateway is a setting
        f"{settings.MESSAGE_GATEWAY}/messages",
        data=body,
        headers={"Content-Type": "application/json", "X-Message-Signature": sign(shared_key("message gateway"), body)},
    )
    try:
        with urlopen(request, timeout=_TIMEOUT):  # noqa: S310
            pass
    except HTTPError as error:
        log.warning("message %s was not taken (%s); it is sent again", message.pk, error.code)
        return False
    except (URLError, TimeoutError, ConnectionError) as error:
        raise GatewayDownError(type(error).__name__) from error
    OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=timezone.now())
    return True


def _content(message: OutboxMessage) -> dict[str, str]:
    """The message as the gateway gets it. A resident's telephone is looked up now, not kept in the outbox."""
    payload = json.loads(message.payload)
    resident_id = payload.pop("resident", None)
    if resident_id is not None:
        payload["telephone"] = Resident.objects.of(message.city).get(pk=resident_id).telephone
    return {"key": f"{message.city_id}:{message.topic}:{message.key}", **payload}
