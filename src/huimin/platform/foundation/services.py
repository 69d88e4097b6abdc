"""Audit, idempotency and the demonstration's calendar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise, refuse_without_purpose
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, AuditEvent, City, IdempotentRequest
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.statements import together

__all__ = [
    "ConflictError",
    "content_digest",
    "first_answer",
    "record_audit",
    "record_look",
    "refuse_without_note",
    "remember_answer",
    "set_demonstration_day",
    "writing_together",
]


class ConflictError(HuiminError):
    """The same key or id was used before with other content."""

    code = "conflict"


@contextmanager
def writing_together() -> Iterator[None]:
    """A transaction whose queued writes go to the database in one round at its end. So read first, then write."""
    with together(connections[DEFAULT_DB_ALIAS]):
        yield


def content_digest(content: Any) -> str:
    """SHA-256 of the canonical JSON of a request."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def refuse_without_note(note: str, error: type[HuiminError] = HuiminError) -> None:
    """Raise `error` (`note_missing`) if somebody decides without saying why."""
    if not note.strip():
        raise error("say why: the note is part of the record", code="note_missing")


def record_audit(
    *, city: City, actor: str, action: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Append an audit event. Call it inside the transaction of what it records, and give it no personal data."""
    AuditEvent.objects.insert(
        [AuditEvent(city=city, actor=actor, action=action, subject=subject, at=at, detail=dict(detail or {}))]
    )


def record_look(*, actor: Actor, action: str, subject: str) -> None:
    """Record in the audit that somebody looked at personal data, and for what purpose. `subject` is a record's number.

    Raises NotAllowed if the actor gives no purpose.
    """
    refuse_without_purpose(actor, action)
    city, detail = actor.city, {"purpose": actor.purpose}
    record_audit(city=city, actor=actor.text, action=action, subject=subject, at=now(city), detail=detail)


def first_answer(*, client: ApiClient, key: str, digest: str) -> Any | None:
    """The answer that was given to this key before, or None. Raises ConflictError if it was used with other content."""
    rows = IdempotentRequest.objects.fetch(client.city, {"client": client, "key": key})
    if not rows:
        return None
    (found,) = rows
    if found.request_digest != digest:
        raise ConflictError(
            "this Idempotency-Key was used before with other content; use a new key for a new request",
            code="idempotency_key_reused",
        )
    return found.answer


def remember_answer(*, client: ApiClient, key: str, digest: str, answer: Any, at: datetime) -> None:
    """Keep the first answer. Call it last inside the transaction of the write.

    Raises IntegrityError if the key already has an answer: then roll back, and return `first_answer`.
    """
    IdempotentRequest.objects.queue(
        [
            IdempotentRequest(
                city=client.city, client=client, key=key, request_digest=digest, answer=answer, created_at=at
            )
        ]
    )


@transaction.atomic
def set_demonstration_day(*, actor: Actor, day: date) -> None:
    """Move a demonstration city's calendar. A real city's is refused. Raises NotAllowed; HuiminError."""
    authorise(actor, Action.SET_CALENDAR)
    city = actor.city
    if city.demonstration_day is None:
        raise HuiminError("only a demonstration city has a calendar of its own", code="not_a_demonstration")
    moment = now(city)
    City.objects.filter(pk=city.pk).update(demonstration_day=day)
    record_audit(city=city, actor=actor.text, action="demonstration_day_set", subject=str(day), at=moment)
