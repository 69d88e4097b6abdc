"""Keeping what was sent, and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.messages.models import MessageRead, SentMessage

__all__ = ["Message", "keep_sent", "mark_read", "messages_of", "messages_with_keys", "unread_of"]

_MOST_SHOWN = 100
_KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was sent. `received`: whether the gateway brought it to the telephone."""

    id: int
    key: str
    template: str
    text: str
    at: datetime
    received: bool
    read_at: datetime | None


def keep_sent(*, city: City, key: str, resident_id: int, template: str, text: str, received: bool) -> None:
    """Append a message that went out. Once for a key, however often its worker tells."""
    row = SentMessage(
        city=city, key=key, resident_id=resident_id, template=template, text=text, received=received, at=now(city)
    )
    SentMessage.objects.bulk_create([row], ignore_conflicts=True)


def messages_of(city: City, resident_id: int) -> list[Message]:
    """The latest messages to a resident, newest first."""
    rows = SentMessage.objects.of(city).filter(resident=resident_id).select_related("read").order_by("-at", "-pk")
    return [_message(row) for row in rows[:_MOST_SHOWN]]


def messages_with_keys(city: City, keys: Sequence[str]) -> dict[str, Message]:
    """Those of the messages that went, by key. One statement for each 500."""
    found: dict[str, Message] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        rows = SentMessage.objects.of(city).filter(key__in=keys[start : start + _KEYS_AT_ONCE]).select_related("read")
        found |= {row.key: _message(row) for row in rows}
    return found


def unread_of(city: City, resident_id: int) -> int:
    return SentMessage.objects.of(city).filter(resident=resident_id, read=None).count()


def mark_read(*, actor: Actor, resident_id: int, messages: Sequence[Message]) -> None:
    """The resident has them in front of them. Those that were read before stay as they are. Raises NotAllowed."""
    authorise(actor, Action.READ_MESSAGES, owner=f"resident:{resident_id}")
    moment = now(actor.city)
    rows = [MessageRead(city=actor.city, message_id=one.id, at=moment) for one in messages if one.read_at is None]
    if rows:
        MessageRead.objects.bulk_create(rows, ignore_conflicts=True)


def _message(row: SentMessage) -> Message:
    read: MessageRead | None = getattr(row, "read", None)
    return Message(row.pk, row.key, row.template, row.text, row.at, row.received, read.at if read else None)
