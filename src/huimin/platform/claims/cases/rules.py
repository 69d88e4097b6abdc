"""What may happen to a held bill, and what follows: its statuses, clocks and place in the queue. Without a database."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huimin.platform.foundation.clocks import Calendar, Clock, ClockRule, Moratorium, Source, Unit, clocks, first_due
from huimin.platform.foundation.events import Event, StatusRule, statuses, that_stand

__all__ = ["CLOCKS", "STATUSES", "Happened", "Place", "Turn", "clocks_of_case", "place_of", "statuses_of_case"]


class Happened(enum.StrEnum):
    """Kinds of events of a held bill."""

    HELD = "held"
    """Its message came and could not be decided automatically; `code` says why."""
    TAKEN = "taken"
    """A handler took it. Nobody else works on it until they give it back."""
    GIVEN_BACK = "given_back"
    ASKED_AGAIN = "asked_again"
    """The sender was asked to send the bill again."""
    SENT_AGAIN = "sent_again"
    """The sender sent something under its id again, which could not be decided automatically either."""
    FOUND = "found"
    """A handler recorded a finding, and it takes effect."""
    PROPOSED = "proposed"
    """A handler recorded a finding, and a second person has to agree to what it would pay."""
    AGREED = "agreed"
    SENT_BACK = "sent_back"
    OUTDATED = "outdated"
    """A second person agreed, but by then the payment would have been another, so that the handler has to look
    again.
    """
    WITHDRAWN = "withdrawn"
    """The finding that waited for a second person was taken back."""
    CLOSED = "closed"
    """It left the queue; `outcome` says how."""


def _kinds(*kinds: Happened) -> frozenset[str]:
    return frozenset(map(str, kinds))


_FINDINGS = (Happened.FOUND, Happened.PROPOSED)
_ANSWERS = (Happened.AGREED, Happened.SENT_BACK, Happened.OUTDATED, Happened.WITHDRAWN)

STATUSES = (
    StatusRule("open", _kinds(Happened.HELD), _kinds(Happened.CLOSED)),
    StatusRule("taken", _kinds(Happened.TAKEN), _kinds(Happened.GIVEN_BACK, Happened.CLOSED)),
    StatusRule("with_second_person", _kinds(Happened.PROPOSED), _kinds(*_ANSWERS, Happened.CLOSED)),
    StatusRule("with_sender", _kinds(Happened.ASKED_AGAIN), _kinds(Happened.SENT_AGAIN, *_FINDINGS, Happened.CLOSED)),
    StatusRule(
        "to_be_found_again",
        _kinds(Happened.SENT_BACK, Happened.OUTDATED),
        _kinds(*_FINDINGS, Happened.ASKED_AGAIN, Happened.CLOSED),
    ),
    StatusRule("closed", _kinds(Happened.CLOSED)),
)

CLOCKS = (
    ClockRule(
        "decision",
        Source.LAW,
        "保险法第二十三条；保险法司法解释（二）第七条",
        days=30,
        starts=_kinds(Happened.HELD),
        stops=_kinds(Happened.CLOSED),
        pauses=_kinds(Happened.ASKED_AGAIN),
        resumes=_kinds(Happened.SENT_AGAIN, *_FINDINGS),
        ends_on_working_day=True,
    ),
    # Our own assumption: the law says that missing papers must be asked for "in time" (保险法第二十二条) and does not
    # say within how many days. The fastest cities promise two.
    ClockRule(
        "handling",
        Source.PROMISE,
        "经办服务承诺",
        days=2,
        unit=Unit.WORKING_DAYS,
        starts=_kinds(Happened.HELD, Happened.SENT_AGAIN, Happened.SENT_BACK, Happened.OUTDATED, Happened.WITHDRAWN),
        stops=_kinds(*_FINDINGS, Happened.ASKED_AGAIN, Happened.CLOSED),
    ),
    # Our own assumption too.
    ClockRule(
        "second_person",
        Source.PROMISE,
        "经办服务承诺",
        days=1,
        unit=Unit.WORKING_DAYS,
        starts=_kinds(Happened.PROPOSED),
        stops=_kinds(*_ANSWERS, Happened.CLOSED),
    ),
)


class Turn(enum.StrEnum):
    """Who has to act next."""

    HANDLER = "handler"
    SECOND_PERSON = "second_person"
    SENDER = "sender"
    NOBODY = "nobody"
    """It is closed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A case's place in the queue: the columns that are stored for it."""

    turn: Turn
    due_on: date | None
    """The first day on which something is due; None if no clock runs, because the sender has to act."""
    taken_by: str
    """Who works on it, as an actor's text; empty if nobody does."""


def statuses_of_case(events: Sequence[Event], today: date) -> frozenset[str]:
    return statuses(events, STATUSES, today)


def clocks_of_case(
    events: Sequence[Event], calendar: Calendar, moratoria: Sequence[Moratorium], today: date
) -> tuple[Clock, ...]:
    return clocks(events, CLOCKS, calendar, moratoria, today)


def place_of(events: Sequence[Event], calendar: Calendar, moratoria: Sequence[Moratorium]) -> Place:
    """The case's place in the queue. It does not depend on the day: a case has no events that are still to come, so
    that its place is the same every day until something happens.
    """
    any_day = date.min
    holds = statuses_of_case(events, any_day)
    due = first_due(clocks_of_case(events, calendar, moratoria, any_day))
    taken = [event.actor for event in that_stand(events) if event.kind == Happened.TAKEN]
    return Place(_turn(holds), due, taken[-1] if "taken" in holds else "")


def _turn(holds: frozenset[str]) -> Turn:
    if "open" not in holds:
        return Turn.NOBODY
    if "with_second_person" in holds:
        return Turn.SECOND_PERSON
    return Turn.SENDER if "with_sender" in holds else Turn.HANDLER
