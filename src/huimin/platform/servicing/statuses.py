"""How a policy stands on a day: several statuses at once, each with the day since when, all from facts.

Resident, staff and the HTTP API ask this one function. A policy is never hidden: one that ended says since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from huimin.platform.foundation.events import Event, StatusRule, has_happened, statuses, that_stand
from huimin.platform.payments.api import RefundFacts
from huimin.platform.servicing.happened import Happened

__all__ = ["PolicyStatus", "Stands", "is_valid", "standing_of"]


class PolicyStatus(StrEnum):
    NOT_YET = "not_yet"
    """Cover begins on a later day."""
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    CANCELLATION_PENDING = "cancellation_pending"
    CANCELLED = "cancelled"
    DIED = "died"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    CORRECTED = "corrected"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Stands:
    """One status, and the day since when; of what is still to come, the day from which it will be."""

    status: PolicyStatus
    day: date


_RULES = (
    StatusRule(PolicyStatus.CANCELLED, begins=frozenset({Happened.WITHDRAWN})),
    StatusRule(PolicyStatus.CANCELLATION_PENDING, ahead=frozenset({Happened.WITHDRAWN})),
    StatusRule(PolicyStatus.DIED, begins=frozenset({Happened.DIED})),
    StatusRule(PolicyStatus.CORRECTED, begins=frozenset({Happened.CORRECTED})),
    StatusRule(PolicyStatus.CHANGED, begins=frozenset({Happened.CHANGED})),
)
_EVENT_OF = {
    PolicyStatus.CANCELLED: Happened.WITHDRAWN,
    PolicyStatus.CANCELLATION_PENDING: Happened.WITHDRAWN,
    PolicyStatus.DIED: Happened.DIED,
    PolicyStatus.CORRECTED: Happened.CORRECTED,
    PolicyStatus.CHANGED: Happened.CHANGED,
}


def standing_of(
    cover: tuple[date, date], events: Sequence[Event], refund: RefundFacts | None, today: date
) -> tuple[Stands, ...]:
    """Every status that holds today. `cover`: first and last day as sold; `refund`: what comes back of it, if any."""
    held = statuses(events, _RULES, today)
    found = [Stands(PolicyStatus(one), _since(events, PolicyStatus(one), today)) for one in sorted(held)]
    ended = {PolicyStatus.CANCELLED, PolicyStatus.DIED} & {one.status for one in found}
    return (*(() if ended else (_of_cover(cover, today),)), *found, *_of_refund(refund))


def is_valid(cover: tuple[date, date], events: Sequence[Event], day: date) -> bool:
    """Whether there is cover on this day. The day of the insured's death is covered."""
    before = [event for event in events if event.kind != Happened.DIED or event.happened_at.date() < day]
    return any(one.status == PolicyStatus.IN_FORCE for one in standing_of(cover, before, None, day))


def _of_cover(cover: tuple[date, date], today: date) -> Stands:
    first, last = cover
    if today < first:
        return Stands(PolicyStatus.NOT_YET, first)
    return Stands(PolicyStatus.IN_FORCE, first) if today <= last else Stands(PolicyStatus.EXPIRED, last)


def _since(events: Iterable[Event], status: PolicyStatus, today: date) -> date:
    """The day of the last such event that has happened, or is ahead."""
    ahead = status == PolicyStatus.CANCELLATION_PENDING
    days = [
        event.happened_at.date()
        for event in that_stand(events)
        if event.kind == _EVENT_OF[status] and has_happened(event, today) != ahead
    ]
    return max(days)


def _of_refund(refund: RefundFacts | None) -> tuple[Stands, ...]:
    if refund is None:
        return ()
    if refund.done_at is None:
        return (Stands(PolicyStatus.REFUND_DUE, refund.created_at.date()),)
    return (Stands(PolicyStatus.REFUNDED, refund.done_at.date()),)
