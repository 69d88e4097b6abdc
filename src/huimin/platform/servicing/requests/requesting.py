"""Asking for something about a policy: a correction, a change, that a death is recorded, that a record is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from huimin.platform.enrolment.api import PolicyFacts, health_record, records_guarded_by
from huimin.platform.foundation.actors import Actor, ActorKind
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note, writing_together
from huimin.platform.people.api import persons_by_id
from huimin.platform.servicing.endorsing.state import endorsements_in
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.checked_facts import checked_facts, facts_now
from huimin.platform.servicing.requests.failures import RequestError
from huimin.platform.servicing.requests.opening import open_request
from huimin.platform.servicing.requests.papers import Paper, read_papers
from huimin.platform.servicing.requests.rules import Asks
from huimin.platform.servicing.stories import story_by_number, subject_of
from huimin.platform.servicing.telling import tell_both
from huimin.platform.servicing.withdrawal import locked_policy

__all__ = [
    "DEATH_SOURCES",
    "ask_for_endorsement",
    "contest_record",
    "open_for",
    "refuse_given_up",
    "report_death",
]

_MOST_OPEN = 5
DEATH_SOURCES = ("death_certificate", "household_register", "hospital", "bureau")


def ask_for_endorsement(
    *,
    actor: Actor,
    number: str,
    facts: Mapping[str, Any],
    from_day: date | None = None,
    dated: date | None = None,
    words: str,
    papers: Sequence[bytes] = (),
) -> int:
    """Ask that facts on a policy are corrected, or changed from a day on. Returns the number of the request.

    `dated`: the day of the paper that shows them, by default today. For the holder and the insured, who send a paper,
    and for handlers. Raises NotAllowed; HuiminError `policy_not_found`, `policy_ended`; what `checked_facts` and
    `read_papers` raise; RequestError `note_missing`, `paper_missing`, `too_many_policy_requests`, `day_outside_cover`.
    """
    refuse_without_note(words, RequestError)
    kept = _papers(actor, papers)
    with writing_together():
        policy = locked_policy(actor, number, Action.ASK_FOR_ENDORSEMENT)
        refuse_given_up(policy)
        events = history_of(policy.city, subject_of(number)).events
        found = checked_facts(policy, facts, facts_now(policy, endorsements_in(events)), change=from_day is not None)
        if from_day is not None and not policy.cover_sold[0] <= from_day <= policy.cover_sold[1]:
            first, last = policy.cover_sold
            raise RequestError(
                f"found {from_day}; expected a day of cover, {first} to {last}", code="day_outside_cover"
            )
        content = {"facts": found, "from_day": str(from_day) if from_day else None, "words": words}
        content["dated"] = str(dated or today(policy.city))
        asks = Asks.CORRECT if from_day is None else Asks.CHANGE
        return open_for(actor, policy, asks, content, kept)


def report_death(
    *,
    actor: Actor,
    number: str,
    died_on: date,
    source: str,
    words: str = "",
    papers: Sequence[bytes] = (),
) -> int:
    """Say that the insured of a policy has died, and by which paper it is known. Returns the number of the request.

    Raises as `ask_for_endorsement`; RequestError `day_in_future`, `death_source_unknown`.
    """
    kept = _papers(actor, papers)
    with writing_together():
        policy = locked_policy(actor, number, Action.ASK_FOR_ENDORSEMENT)
        if source not in DEATH_SOURCES:
            raise RequestError(f"expected one of {', '.join(DEATH_SOURCES)}", code="death_source_unknown")
        refuse_given_up(policy)
        if died_on > today(policy.city):
            raise RequestError(f"found the day {died_on}, which is still to come", code="day_in_future")
        content = {"day": str(died_on), "source": source, "words": words}
        return open_for(actor, policy, Asks.DEATH, content, kept)


def contest_record(
    *, actor: Actor, number: str, record_id: int, why: str, words: str, papers: Sequence[bytes] = ()
) -> int:
    """Say that a health record is not one's own (`borrowed_card`), or is wrong (`error`). Returns the request's number.

    For the insured themself, a minor's guardian, and handlers who are asked to. Raises as `ask_for_endorsement`;
    RequestError `record_not_found`, `contested_already`.
    """
    refuse_without_note(words, RequestError)
    kept = _papers(actor, papers)
    with writing_together():
        policy = locked_policy(actor, number, Action.ASK_FOR_ENDORSEMENT)
        record = health_record(policy.city, record_id)
        if record is None or record.resident_id != policy.insured_id or not _may_see(actor, policy):
            raise RequestError("found no such health record of the insured", code="record_not_found")
        for one in _open_of(policy):
            if one.asks == Asks.CONTEST and one.said["record"] == record_id:
                raise RequestError("this record is contested already, and being looked at", code="contested_already")
        content = {"record": record_id, "why": why, "words": words}
        return open_for(actor, policy, Asks.CONTEST, content, kept)


def _may_see(actor: Actor, policy: PolicyFacts) -> bool:
    """Health records are seen by whoever they are about, by a minor's guardian, and by handlers."""
    if actor.kind is not ActorKind.RESIDENT:
        return True
    viewer = persons_by_id(policy.city, [int(actor.key)])[int(actor.key)]
    return policy.insured_id in records_guarded_by(policy.city, viewer, today(policy.city))


def _papers(actor: Actor, files: Sequence[bytes]) -> list[Paper]:
    """Staff have seen the paper and may say so in words; a resident sends it."""
    if not files and actor.kind is ActorKind.RESIDENT:
        raise RequestError("found no paper; expected a picture or PDF that shows what is said", code="paper_missing")
    return read_papers(files)


def refuse_given_up(policy: PolicyFacts) -> None:
    story = story_by_number(policy.city, policy.number)
    if story is not None and story.given_up:
        raise RequestError(f"policy {policy.number} was given up, or its insured has died", code="policy_ended")


def _open_of(policy: PolicyFacts) -> list[PolicyRequest]:
    where = {"policy": policy.id, "closed_at": None}
    return list(PolicyRequest.objects.fetch(policy.city, where, order_by=("id",)))


def open_for(actor: Actor, policy: PolicyFacts, asks: Asks, content: Mapping[str, Any], papers: Sequence[Paper]) -> int:
    """Open a request, and tell holder and insured. Call it in a transaction, once the actor was asked for."""
    own = [one for one in _open_of(policy) if one.asked_by == actor.text]
    if len(own) >= _MOST_OPEN:
        text = f"{len(own)} requests about this policy are open; expected fewer than {_MOST_OPEN}"
        raise RequestError(text, code="too_many_policy_requests")
    moment = now(policy.city)
    handled = open_request(policy, asks, content, by=actor.text, at=moment, papers=papers)
    subject, detail = f"policy_request:{handled.row.pk}", {"policy": policy.number, "asks": asks.value}
    record_audit(
        city=policy.city, actor=actor.text, action="policy_request_made", subject=subject, at=moment, detail=detail
    )
    tell_both(policy, "policy_request_received", f"request-{handled.row.pk}")
    return int(handled.row.pk)
