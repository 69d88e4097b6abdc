"""Requests are opened, and what happens to them is written into their history and their place in the queue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.clocks.declared import days_of_city
from huimin.platform.foundation.events import Event, Subject
from huimin.platform.foundation.events.recording import History, history_of
from huimin.platform.foundation.models import City
from huimin.platform.servicing.looks import ToLook
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.failures import RequestError
from huimin.platform.servicing.requests.papers import Paper, keep_papers
from huimin.platform.servicing.requests.rules import Asks, Step, outcome_of, place_of_request

__all__ = ["SUBJECT", "Handled", "lock_request", "open_looks", "open_request", "subject_of_request"]

SUBJECT = "policy_request"


@dataclass(slots=True)
class Handled:
    """A request with its history. Lock its row before you append an event."""

    row: PolicyRequest
    history: History

    @property
    def asks(self) -> Asks:
        return Asks(self.row.asks)

    @property
    def content(self) -> dict[str, Any]:
        return self.row.said

    def happens(
        self, step: Step, *, by: str, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None
    ) -> Event:
        """Append an event, and store the place in the queue that follows from it."""
        event = self.history.append(step, actor=by, at=at, reason=reason, data=data)
        days, row = days_of_city(self.row.city), self.row
        place = place_of_request(self.asks, self.history.events, days.calendar, days.moratoria)
        row.turn, row.due_on = place.turn.value, place.due_on
        row.closed_at = at if outcome_of(self.history.events) is not None else None
        PolicyRequest.objects.rewrite(row, "turn", "due_on", "closed_at")
        return event


def subject_of_request(request_id: int) -> Subject:
    return Subject(SUBJECT, str(request_id))


def open_request(
    policy: PolicyFacts,
    asks: Asks,
    content: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    papers: Sequence[Paper] = (),
) -> Handled:
    """Call it inside a transaction."""
    city = policy.city
    row = PolicyRequest(
        city=city,
        policy_id=policy.id,
        asks=asks.value,
        content=json.dumps(dict(content), ensure_ascii=False),
        asked_by=by,
        asked_at=at,
    )
    PolicyRequest.objects.insert([row])
    keep_papers(city, row.pk, papers, at)
    handled = Handled(row, History(city, subject_of_request(row.pk)))
    handled.happens(Step.ASKED, by=by, at=at, data={"asks": asks.value, "policy": policy.number})
    return handled


def open_looks(policy: PolicyFacts, looks: Iterable[ToLook], *, by: str, at: datetime) -> None:
    """Put into the queue what a person has to decide about a policy. Call it inside a transaction."""
    for look in looks:
        open_request(policy, Asks.LOOK, {"why": look.why, "named": list(look.named)}, by=by, at=at)


def lock_request(city: City, request_id: int) -> Handled:
    """An open request, locked. Raises RequestError (`request_closed`) where it is closed, or there is none."""
    row = PolicyRequest.objects.fetch_one(city, {"id": request_id, "closed_at": None}, lock=True)
    if row is None:
        raise RequestError("this request is closed, or does not exist", code="request_closed")
    return Handled(row, history_of(city, subject_of_request(request_id)))
