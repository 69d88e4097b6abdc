"""Requests, read: the queue, one request with everything that is said, and those of a resident's policies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from huimin.platform.enrolment.api import PolicyFacts, policies_by_id
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.clocks import Clock
from huimin.platform.foundation.clocks.declared import days_of_city
from huimin.platform.foundation.events import Event
from huimin.platform.foundation.events.recording import histories_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.paging import Paged, paged
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.deciding import USE_CASE
from huimin.platform.servicing.requests.opening import SUBJECT, subject_of_request
from huimin.platform.servicing.requests.papers import PaperFacts, papers_of
from huimin.platform.servicing.requests.rules import Asks, Step, clocks_of_request, outcome_of

__all__ = ["RequestFacts", "RequestStory", "open_requests", "request_story", "requests_about", "requests_waiting"]


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request as lists show it, without what is said in it. `outcome` is None while it is open."""

    id: int
    asks: Asks
    policy: PolicyFacts
    asked_by: str
    asked_at: datetime
    turn: str
    due_on: date | None
    outcome: Step | None
    reason: str
    """Why it was refused, or what was done; empty while it is open."""
    why: str = ""
    """Of what the platform found, the code."""


@dataclass(frozen=True, slots=True)
class RequestStory:
    """One request with everything. `content` holds personal data: who shows it has said what for."""

    facts: RequestFacts
    content: Mapping[str, Any]
    events: Sequence[Event]
    clocks: Sequence[Clock]
    papers: Sequence[PaperFacts]
    proposal: Proposal | None


def open_requests(city: City, page: int) -> Paged[RequestFacts]:
    """What waits, that which is due first before the rest."""
    found = paged(PolicyRequest.objects.of(city).filter(closed_at=None).order_by("due_on", "pk"), page)
    return replace(found, rows=_facts(city, list(found)))


def requests_waiting(city: City) -> int:
    return PolicyRequest.objects.of(city).filter(closed_at=None).count()


def requests_about(city: City, policy_ids: Collection[int]) -> list[RequestStory]:
    """What was asked about these policies, the newest first; not what the platform found for staff to look at."""
    rows = PolicyRequest.objects.of(city).filter(policy__in=policy_ids).exclude(asks=Asks.LOOK.value)
    return _stories(city, list(rows.order_by("-pk")))


def request_story(city: City, request_id: int) -> RequestStory | None:
    found = _stories(city, list(PolicyRequest.objects.of(city).filter(pk=request_id)))
    if not found:
        return None
    return replace(found[0], proposal=open_proposal(city, USE_CASE, subject_of_request(request_id)))


def _stories(city: City, rows: Sequence[PolicyRequest]) -> list[RequestStory]:
    histories = histories_of(city, SUBJECT, [row.pk for row in rows])
    papers = papers_of(city, [row.pk for row in rows]) if rows else []
    days, day, found = days_of_city(city), today(city), []
    for row, facts in zip(rows, _facts(city, rows), strict=True):
        row.city, events = city, histories[str(row.pk)].events
        counted = clocks_of_request(facts.asks, events, days.calendar, days.moratoria, day)
        own = [paper for paper in papers if paper.request_id == row.pk]
        found.append(RequestStory(facts, row.said, events, counted, own, None))
    return found


def _facts(city: City, rows: Sequence[PolicyRequest]) -> list[RequestFacts]:
    histories = histories_of(city, SUBJECT, [row.pk for row in rows])
    policies = policies_by_id(city, {row.policy_id for row in rows}) if rows else {}
    found = []
    for row in rows:
        row.city, history = city, histories[str(row.pk)]
        outcome = outcome_of(history.events)
        look = row.said if row.asks == Asks.LOOK else {}
        facts = RequestFacts(
            id=row.pk,
            asks=Asks(row.asks),
            policy=policies[row.policy_id],
            asked_by=row.asked_by,
            asked_at=timezone.localtime(row.asked_at),
            turn=row.turn,
            due_on=row.due_on,
            outcome=outcome,
            reason=_reason(history.events) if outcome is not None else "",
            why=look.get("why", ""),
        )
        found.append(facts)
    return found


def _reason(events: Sequence[Event]) -> str:
    """What was said last, by whoever decided: of two people the first, who looked at the paper."""
    return next((event.reason for event in reversed(events) if event.reason), "")
