"""Which orders ask the bureau, and the asking: one task an order, outside every transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from huimin.platform.enrolment.bureau.answering import Told, answered
from huimin.platform.enrolment.bureau.telling import tell_waiting
from huimin.platform.enrolment.models import Order, OrderLine, OrderStatus
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import Bureau, DoorError, Match, Unreachable, bureau_of
from huimin.platform.people.api import Identity, PersonFacts, history_consents, identities_of, persons_by_id
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = ["ASK_BUREAU", "FACTS_HOLD", "ask_bureau", "ask_later", "to_be_asked"]

ASK_BUREAU = "ask_bureau"
FACTS_HOLD = timedelta(days=1)
"""What the bureau said is taken as so for a day: basic insurance is paid by the month. An assumption of ours."""
_YEARS_OF_HISTORY = 5


def to_be_asked(persons: Iterable[PersonFacts]) -> list[int]:
    """Those of whom the bureau has said nothing for a day. Nobody, where the city has no bureau to ask."""
    if not settings.BUREAU:
        return []
    fresh = timezone.now() - FACTS_HOLD
    return [person.id for person in persons if person.confirmed_at is None or person.confirmed_at < fresh]


def ask_later(order: Order) -> None:
    """Put the question into the queue: orders are asked about in the order in which they came."""
    enqueue(city=order.city, kind=ASK_BUREAU, key=order.reference, payload={"order": order.pk})


@dataclass(frozen=True, slots=True)
class _Question:
    """About one order: whom to ask about, by which day, and who agreed that their records are asked for."""

    key: str
    day: date
    people: Collection[Identity]
    consents: dict[int, str]


def ask_bureau(attempt: Attempt) -> Write | None:
    """A worker's: everything that one order has to ask. Safe to run twice: questions change nothing.

    Where the bureau cannot be reached all orders wait, and are asked about later in the order in which they came. Where
    it only has no answer about this one, the others go on.
    """
    city, number = attempt.task.city, json.loads(attempt.task.payload)["order"]
    (order,) = Order.objects.fetch(city, {"id": number})
    if order.status != OrderStatus.ASKING:
        return None
    question = _question(city, order)
    try:
        told = [_ask(bureau_of(city), question, one) for one in question.people]
    except Unreachable as failure:
        tell_waiting(city)
        raise NotNowError(f"bureau_{failure.reason}", failure.retry_after) from failure
    except DoorError as failure:
        tell_waiting(city, order.pk)
        raise TryAgainError(f"bureau_{failure.reason}"[:60]) from failure
    return lambda: answered(city, number, told)


def _question(city: City, order: Order) -> _Question:
    insured = [one for (one,) in OrderLine.objects.pick(city, ("insured",), {"order": order.pk}, ("id",))]
    # Another order may have asked about some of them meanwhile.
    wanted = to_be_asked(persons_by_id(city, insured).values())
    identities = identities_of(city, wanted)
    day = timezone.localdate(order.created_at)
    people = [identities[one] for one in insured if one in identities]
    return _Question(order.reference, day, people, history_consents(city, wanted) if wanted else {})


def _ask(bureau: Bureau, question: _Question, one: Identity) -> Told:
    """The key names the order and the register's number: the record of exchanges tells nobody's name."""
    key = f"order:{question.key}:{one.resident_id}"
    matched = bureau.find_person(f"{key}:person", one.id_number, one.name)
    consent, history = question.consents.get(one.resident_id), None
    if consent is not None and matched.match is Match.FOUND and matched.person is not None:
        since = date(question.day.year - _YEARS_OF_HISTORY, 1, 1)
        history = bureau.history(f"{key}:history", matched.person.psn_no, consent, since)
    return Told(one.resident_id, question.day, matched, history)
