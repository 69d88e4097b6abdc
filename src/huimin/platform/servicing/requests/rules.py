"""What may happen to a request, whose turn it is, and what is due when. Without a database."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.clocks import Calendar, Clock, ClockRule, Moratorium, Source, Unit, clocks, first_due
from huimin.platform.foundation.events import Event, that_stand

__all__ = ["Asks", "RequestPlace", "Step", "Turn", "clocks_of_request", "outcome_of", "place_of_request"]


class Asks(enum.StrEnum):
    """What is asked."""

    CORRECT = "correct"
    """A fact on the policy was always another."""
    CHANGE = "change"
    """A fact is another from a day on."""
    DEATH = "death"
    """The insured has died."""
    CONTEST = "contest"
    """A health record of the bureau is not this person's, or is wrong."""
    LOOK = "look"
    """The platform found something that a person has to decide. Nobody asked for it."""


class Step(enum.StrEnum):
    """Kinds of events of a request."""

    ASKED = "asked"
    PROPOSED = "proposed"
    """A handler has looked, and a second person has to agree."""
    SENT_BACK = "sent_back"
    OUTDATED = "outdated"
    """A second person agreed, and by then it would have led to something else: the handler looks again."""
    WITHDRAWN = "withdrawn"
    """The handler took their proposal back."""
    GRANTED = "granted"
    """It was carried out."""
    REFUSED = "refused"
    """It was not: the reason says why, and is told to whoever asked."""
    DONE = "done"
    """Of what the platform found: a person has looked, and says what was done."""


class Turn(enum.StrEnum):
    HANDLER = "handler"
    SECOND_PERSON = "second_person"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """A request's place in the queue: the columns that are stored for it."""

    turn: Turn
    due_on: date | None


def _kinds(*kinds: Step) -> frozenset[str]:
    return frozenset(map(str, kinds))


_CLOSED = _kinds(Step.GRANTED, Step.REFUSED, Step.DONE)
_TURNS = {
    Step.ASKED: Turn.HANDLER,
    Step.PROPOSED: Turn.SECOND_PERSON,
    Step.SENT_BACK: Turn.HANDLER,
    Step.OUTDATED: Turn.HANDLER,
    Step.WITHDRAWN: Turn.HANDLER,
}
_CONTEST = ClockRule(
    "contest",
    Source.LAW,
    "银行保险机构消费投诉处理管理办法第二十条",
    days=15,
    starts=_kinds(Step.ASKED),
    stops=_CLOSED,
)
# Our own assumption: the law gives no days for correcting a policy, and companies promise three to five.
_USUAL = ClockRule(
    "request",
    Source.PROMISE,
    "保全服务承诺",
    days=5,
    unit=Unit.WORKING_DAYS,
    starts=_kinds(Step.ASKED),
    stops=_CLOSED,
)


def clocks_of_request(
    asks: Asks, events: Sequence[Event], calendar: Calendar, moratoria: Sequence[Moratorium], today: date
) -> tuple[Clock, ...]:
    """A contest is a complaint by law; for everything else there is a promise."""
    return clocks(events, (_rule(asks),), calendar, moratoria, today)


def place_of_request(
    asks: Asks, events: Sequence[Event], calendar: Calendar, moratoria: Sequence[Moratorium]
) -> RequestPlace:
    last = that_stand(events)[-1]
    running = clocks_of_request(asks, events, calendar, moratoria, last.learned_at.date())
    return RequestPlace(_TURNS.get(Step(last.kind), Turn.NOBODY), first_due(running))


def outcome_of(events: Sequence[Event]) -> Step | None:
    """How it ended; None while it is open."""
    last = Step(that_stand(events)[-1].kind)
    return last if last in _CLOSED else None


def _rule(asks: Asks) -> ClockRule:
    return _CONTEST if asks is Asks.CONTEST else _USUAL
