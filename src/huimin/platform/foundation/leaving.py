"""Messages on their way out: how late they are, which were given up and why, and sending one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, OutboxMessage
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.foundation.services import record_audit

__all__ = ["Outbox", "given_up", "outbox", "send_again"]


@dataclass(frozen=True, slots=True)
class Outbox:
    """`oldest`: for how long the first of those that wait has been due; zero where none is."""

    waiting: int
    oldest: timedelta
    given_up: int


def outbox() -> Outbox:
    """The state of all cities' messages: for those who run the server."""
    found = OutboxMessage.objects.filter(delivered_at=None).aggregate(
        waiting=Count("pk", filter=Q(given_up_at=None)),
        given_up=Count("pk", filter=Q(given_up_at__isnull=False)),
        first=Min("created_at", filter=Q(given_up_at=None)),
    )
    age = timedelta() if found["first"] is None else max(timedelta(), timezone.now() - found["first"])
    return Outbox(found["waiting"], age, found["given_up"])


def given_up(city: City, number: int = 1) -> Paged[OutboxMessage]:
    """A page of the city's messages that were given up, the latest first. What they say is not read."""
    rows = OutboxMessage.objects.of(city).filter(delivered_at=None, given_up_at__isnull=False)
    return paged(rows.order_by("-given_up_at", "-pk").defer("payload"), number)


@transaction.atomic
def send_again(*, city: City, message_id: int, actor: str) -> None:
    """Let the worker try a given-up message again. Raises HuiminError `not_given_up` where it is none."""
    rows = OutboxMessage.objects.of(city).filter(pk=message_id, delivered_at=None, given_up_at__isnull=False)
    if not rows.update(given_up_at=None, attempts=0, next_attempt_at=timezone.now()):
        raise HuiminError(
            f"message {message_id} is not among those that were given up; `huimin outbox list` shows them",
            code="not_given_up",
        )
    record_audit(city=city, actor=actor, action="message_sent_again", subject=f"message:{message_id}", at=now(city))
