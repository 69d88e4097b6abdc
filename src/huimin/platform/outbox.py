"""The outbox worker: takes what waits in the database to the message gateway, after commit, until it is received."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from huimin.platform.delivering import End, deliver
from huimin.platform.enrolment.asking import ask_about_payments
from huimin.platform.foundation.models import OutboxMessage
from huimin.platform.foundation.working import keep_working

__all__ = ["MOST_REFUSALS", "GatewayDownError", "deliver_waiting", "run"]

log = logging.getLogger("huimin.outbox")
_BATCH = 50
MOST_REFUSALS = 24
"""Attempts after which a message that the gateway does not take is given up: half a day after it was due."""
_LONGEST_WAIT = 3600
_LONGEST_PAUSE = 60.0


class GatewayDownError(Exception):
    """Nobody answers at the gateway's address: the fault is not the message's."""


def run(pause: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Deliver, and ask about payments that wait, until told to stop.

    While the message gateway cannot be reached, rounds come ever more rarely.
    """
    wait = pause

    def once() -> bool:
        nonlocal wait
        try:
            found = bool(ask_about_payments())
            found = bool(deliver_waiting()) or found
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
    """Whether it was taken. Raises GatewayDownError; what else goes wrong is kept with the message."""
    rows = OutboxMessage.objects.filter(pk=message.pk)
    outcome = deliver(message)
    if outcome.end is End.UNREACHABLE:
        raise GatewayDownError(outcome.code)
    if outcome.end is End.DELIVERED:
        rows.update(delivered_at=timezone.now(), failure="")
        return True
    hopeless = outcome.end is End.HOPELESS or message.attempts >= MOST_REFUSALS
    rows.update(failure=outcome.code, given_up_at=timezone.now() if hopeless else None)
    if hopeless:
        log.error("message %s is given up: %s", message.pk, outcome.code)
    else:
        log.warning("message %s was not taken (%s, attempt %s)", message.pk, outcome.code, message.attempts)
    return False
