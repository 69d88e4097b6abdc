"""How a trial stands: computed from its end, from the bills that came, and from the clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.trials.models import End, SettlementTrial, TrialEnd
from huimin.platform.claims.trials.told import Told
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient

__all__ = ["Outdated", "State", "TrialStory", "end_of", "own_trial", "story_of", "told_of_replacement", "trial_story"]


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    SETTLED_APART = "settled_apart"
    """A bill of this id was settled without the trial. A confirmation is then answered as that bill sent again."""
    LAPSED = "lapsed"
    """`valid_until` is over. It may be confirmed all the same: the year is decided anew either way."""


@dataclass(frozen=True, slots=True)
class TrialStory:
    """A trial as it was answered, and how it stands."""

    reference: str
    computed_at: datetime
    valid_until: datetime
    said: Mapping[str, Any] = field(repr=False)
    state: State
    setl_id: str
    """Of the bill that was tried."""
    replaced_by: str = ""
    """The trial that took its place; empty unless it was replaced."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A trial that cannot be confirmed any more, since the year has changed, and the trial that can be."""

    reference: str
    replaced_by: str
    valid_until: datetime
    told: Told


def trial_story(client: ApiClient, reference: str) -> TrialStory | None:
    """A trial of this client; None if it made no such one."""
    trial = own_trial(client, reference)
    return None if trial is None else story_of(trial, end_of(trial))


def own_trial(client: ApiClient, reference: str) -> SettlementTrial | None:
    found: SettlementTrial | None = SettlementTrial.objects.fetch_one(
        client.city, {"client": client, "reference": reference}
    )
    return found


def end_of(trial: SettlementTrial) -> TrialEnd | None:
    found: TrialEnd | None = TrialEnd.objects.fetch_one(trial.city, {"trial": trial})
    return found


def story_of(trial: SettlementTrial, end: TrialEnd | None, state: State | None = None) -> TrialStory:
    """`state`: how it stands, where that is known already, as of a trial that was just made."""
    return TrialStory(
        reference=trial.reference,
        computed_at=trial.computed_at,
        valid_until=trial.valid_until,
        said=json.loads(trial.said),
        state=state or _state(trial, end),
        setl_id=trial.setl_id,
        replaced_by=_replacement(end).reference if end is not None and end.how == End.REPLACED else "",
    )


def told_of_replacement(trial: SettlementTrial, end: TrialEnd) -> Outdated:
    """What the sender was told when the trial was replaced."""
    new = _replacement(end)
    return Outdated(trial.reference, new.reference, new.valid_until, Told.of_json(end.changes))


def _replacement(end: TrialEnd) -> SettlementTrial:
    (new,) = SettlementTrial.objects.fetch(end.city, {"id": end.replaced_by_id})
    return new


def _state(trial: SettlementTrial, end: TrialEnd | None) -> State:
    if end is not None:
        return State(end.how)
    named = {"client": trial.client_id, "setl_id": trial.setl_id}
    facts = SettlementFact.objects.fetch(trial.city, named, order_by=("id",), without=("body", "care"))
    if since_set_aside(facts):
        return State.SETTLED_APART
    return State.LAPSED if now(trial.city) > trial.valid_until else State.OPEN
