"""Asking for what was paid too much: a message with the amount and the last day, and one reminder.

The history of a policy's debt has one event for each change, with what is left in its data, so that the same debt is
asked for once.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date

from huimin.money import format_yuan
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.actors import queue_actor
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.clocks import Clock, ClockRule, Source, State, clocks
from huimin.platform.foundation.clocks.declared import CityDays, days_of_city
from huimin.platform.foundation.events import Event, Subject
from huimin.platform.foundation.events.recording import histories_of, history_of
from huimin.platform.foundation.models import City
from huimin.platform.ledger.api import overpaid_policies
from huimin.platform.payouts.payees import payee_of
from huimin.platform.payouts.policies import locked_policy
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["SUBJECT", "Told", "clock_of_debt", "remind", "subject_of_debt", "tell_of_debt", "was_reminded"]

SUBJECT = "overpayment"


class Told(enum.StrEnum):
    """Kinds of events of a policy's debt."""

    ASKED = "asked"
    """More is owed back than before: the insured was asked for it."""
    LOWERED = "lowered"
    """Less is owed back than before."""
    REMINDED = "reminded"
    SETTLED = "settled"
    """Nothing is owed back any more."""


# Our own assumption: the law gives whoever was paid too much no number of days.
_REPAY = ClockRule(
    "overpayment",
    Source.PROMISE,
    "多付赔款退还通知",
    days=30,
    starts=frozenset({Told.ASKED}),
    # Whoever is asked for more has thirty days again.
    stops=frozenset({Told.SETTLED, Told.ASKED}),
)


def tell_of_debt(policy: PolicyFacts, left: int, by: str) -> None:
    """Keep what is owed back by now, in fen, and ask for it where it is more than before.

    Call it in a transaction with the policy locked.
    """
    city, history = policy.city, history_of(policy.city, subject_of_debt(policy.number))
    before = int(history.events[-1].data["left"]) if history.events else 0
    if left == before:
        return
    kind = Told.ASKED if left > before else Told.LOWERED if left else Told.SETTLED
    event = history.append(kind, actor=by, at=now(city), data={"left": left})
    if kind is Told.ASKED:
        clock = clock_of_debt(history.events, days_of_city(city), today(city))
        _write(policy, "overpayment_asked", event, left, clock)
    elif kind is Told.SETTLED:
        _write(policy, "overpayment_settled", event, before, None)


def clock_of_debt(events: Sequence[Event], days: CityDays, on: date) -> Clock | None:
    """By when the debt is to be repaid; None where nothing was asked for."""
    running = [one for one in clocks(events, (_REPAY,), days.calendar, days.moratoria, on) if one.stopped_on is None]
    return running[-1] if running else None


def subject_of_debt(policy_number: str) -> Subject:
    return Subject(SUBJECT, policy_number)


def remind(attempt: Attempt) -> Write:
    """A worker's, every day: remind once whoever was asked and has not repaid by the last day. Safe to run twice."""
    city = attempt.task.city

    def write() -> None:
        histories, days = histories_of(city, SUBJECT, overpaid_policies(city)), days_of_city(city)
        for number, history in histories.items():
            if _is_late(history.events, days, today(city)):
                _remind(city, number, days)

    return write


def _remind(city: City, number: str, days: CityDays) -> None:
    policy = locked_policy(city, number)
    if policy is None:
        return
    history = history_of(city, subject_of_debt(number))
    if not _is_late(history.events, days, today(city)):
        return
    left = int(history.events[-1].data["left"])
    event = history.append(Told.REMINDED, actor=queue_actor(city).text, at=now(city), data={"left": left})
    _write(policy, "overpayment_reminder", event, left, None)


def _is_late(events: Sequence[Event], days: CityDays, on: date) -> bool:
    """Whether the last day has passed, and nobody was reminded since it was asked for."""
    clock = clock_of_debt(events, days, on)
    return clock is not None and clock.state is State.OVERDUE and not was_reminded(events)


def was_reminded(events: Sequence[Event]) -> bool:
    """Whether somebody was reminded since the debt was asked for last."""
    asked = max((event.number for event in events if event.kind == Told.ASKED), default=0)
    return any(event.kind == Told.REMINDED and event.number > asked for event in events)


def _write(policy: PolicyFacts, template: str, event: Event, fen: int, clock: Clock | None) -> None:
    """To whom the claims are paid. Where the insured has died nobody is written to: a person speaks with the heirs."""
    payee = payee_of(policy.city, policy)
    if payee is None:
        return
    message = {"template": template, "resident": payee.id, "policy": policy.number, "yuan": format_yuan(fen)}
    if clock is not None and clock.due_on is not None:
        message["day"] = f"{clock.due_on.month}月{clock.due_on.day}日"
    key = f"{template}-{policy.number}-{event.number}"
    enqueue(city=policy.city, kind="notice", key=key, payload=message)
