"""The questions that wait for an answer, and what somebody answers: on the page, by reply, by telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, CityQuerySet
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.messages.api import ids_in, key_at_gateway, plain_reply
from huimin.platform.safeguards.models import Answer, Answered, Asked, Road, Undone
from huimin.platform.safeguards.undoing import UNDO
from huimin.platform.safeguards.was_it_you import TOPIC, key_of
from huimin.platform.tasks.api import enqueue

__all__ = ["Outcome", "Question", "answer", "answer_by_reply", "questions_of", "questions_to_undo"]

_UNDO_WORDS = frozenset({"T", "TD", "N", "退", "退订", "不是", "否", "撤销"})
"""What counts as a wish to undo in a reply, whatever its width and case."""
_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish to undo. `reason`: a code, empty where the policy was given up; `returned` in fen."""

    policy_number: str
    reason: str
    returned: int


@dataclass(frozen=True, slots=True)
class Question:
    """`message`: the key of the message that asked. `answer` and what follows are None until there is one."""

    id: int
    order_id: int
    order_reference: str
    resident_id: int
    at: datetime
    message: str
    answer: Answer | None
    road: Road | None
    answered_at: datetime | None
    note: str
    undone: Sequence[Outcome] = ()


def questions_of(city: City, resident_id: int) -> list[Question]:
    """What a resident was asked, newest first."""
    return _questions(Asked.objects.of(city).filter(resident=resident_id))


def questions_to_undo(city: City) -> list[Question]:
    """Where somebody answered that they want it undone, newest first."""
    return _questions(Asked.objects.of(city).filter(answer__answer=Answer.UNDO))


def answer(
    *, actor: Actor, question_id: int, given: Answer, road: Road, resident_id: int | None = None, note: str = ""
) -> None:
    """Write down what the person answered. The first answer stands; on the telephone it needs a note of what was said.

    `resident_id`: whose question it must be; None where staff write it down for somebody.
    Raises NotAllowed; HuiminError `not_asked`, `answered_already`, `note_missing`.
    """
    authorise(actor, Action.ANSWER_WAS_IT_YOU, owner="" if resident_id is None else f"resident:{resident_id}")
    rows = Asked.objects.of(actor.city).filter(pk=question_id).select_related("order")
    asked = (rows if resident_id is None else rows.filter(resident=resident_id)).first()
    if asked is None:
        raise HuiminError(f"nobody was asked under the number {question_id}", code="not_asked")
    if road is Road.TELEPHONE:
        refuse_without_note(note)
    _write(actor, asked, given, road, note)


def answer_by_reply(*, actor: Actor, message_key: str, text: str) -> bool:
    """A reply came to the message with this key. False where it is no answer: other words, or another message.

    A repeat of the same reply changes nothing. Raises NotAllowed.
    """
    authorise(actor, Action.REPORT_REPLY)
    named = ids_in(message_key, TOPIC)
    if named is None or plain_reply(text) not in _UNDO_WORDS:
        return False
    order_id, resident_id = named
    rows = Asked.objects.of(actor.city).filter(order=order_id, resident=resident_id, answer=None)
    asked = rows.select_related("order").first()
    if asked is None:
        return False
    _write(actor, asked, Answer.UNDO, Road.REPLY, "")
    return True


@transaction.atomic
def _write(actor: Actor, asked: Asked, given: Answer, road: Road, note: str) -> None:
    """Two answers at once wait for each other at the row of what was asked."""
    city, moment = actor.city, now(actor.city)
    list(Asked.objects.of(city).select_for_update().filter(pk=asked.pk))
    if Answered.objects.of(city).filter(asked=asked).exists():
        raise HuiminError("this question was answered before; the first answer stands", code="answered_already")
    Answered.objects.create(city=city, asked=asked, answer=given, road=road, by=actor.text, note=note, at=moment)
    record_audit(
        city=city,
        actor=actor.text,
        action="was_it_you_undo" if given is Answer.UNDO else "was_it_you_meant",
        subject=f"order:{asked.order.reference}",
        at=moment,
        detail={"road": road.value},
    )
    if given is Answer.UNDO:
        enqueue(city=city, kind=UNDO, key=f"undo-{asked.pk}", payload={"asked": asked.pk})
        told = {"template": "undo_received", "order": asked.order.reference, "resident": asked.resident_id}
        enqueue(city=city, kind="notice", key=f"undo-received-{asked.pk}", payload=told)


def _questions(rows: CityQuerySet[Asked]) -> list[Question]:
    chosen = rows.select_related("answer", "order").prefetch_related("undone").order_by("-at", "-pk")[:_MOST_SHOWN]
    return [_question(row) for row in chosen]


def _question(row: Asked) -> Question:
    found: Answered | None = getattr(row, "answer", None)
    return Question(
        id=row.pk,
        order_id=row.order_id,
        order_reference=row.order.reference,
        resident_id=row.resident_id,
        at=row.at,
        message=key_at_gateway(row.city, key_of(row.order_id, row.resident_id)),
        answer=Answer(found.answer) if found else None,
        road=Road(found.road) if found else None,
        answered_at=found.at if found else None,
        note=found.note if found else "",
        undone=[_outcome(one) for one in row.undone.all()],
    )


def _outcome(row: Undone) -> Outcome:
    return Outcome(row.policy_number, row.reason, row.returned)
