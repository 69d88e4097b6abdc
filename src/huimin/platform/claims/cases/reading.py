"""A case as pages show it: what happened and by whom, what holds now, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from huimin.platform.claims.cases.case import case_of
from huimin.platform.claims.models import ReviewItem
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.clocks import Clock
from huimin.platform.foundation.events import Event, that_stand
from huimin.platform.foundation.selectors import names_of_actors

__all__ = ["CaseStory", "case_story"]


@dataclass(frozen=True, slots=True)
class CaseStory:
    today: date
    events: Sequence[Event]
    statuses: frozenset[str]
    clocks: tuple[Clock, ...]
    """Running clocks and ended ones, in the order of their rules."""
    names: Mapping[str, tuple[str, str]]
    """Chinese and English names, by the actors' texts."""


def case_story(review: ReviewItem) -> CaseStory:
    case, day = case_of(review), today(review.city)
    names = names_of_actors(review.city, {event.actor for event in case.events} | {review.taken_by})
    return CaseStory(day, that_stand(case.events), case.statuses(day), case.clocks(day), names)
