"""Tries a bill: what would be paid if it was settled now. Nothing is decided, posted or locked; no case is opened."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from huimin.adjudication.left import Left, left_of
from huimin.errors import Refusal
from huimin.platform.claims.answers import SettlementAnswer, as_decided
from huimin.platform.claims.holding import Held
from huimin.platform.claims.known import Known, facts_and_reviews_of
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.outcome import Outcome, work_out
from huimin.platform.claims.receiving import Seen, conflict, near, refused_before
from huimin.platform.claims.services import authorise_sending
from huimin.platform.claims.trials.failures import TrialError
from huimin.platform.claims.trials.figures import figures_of
from huimin.platform.claims.trials.limits import free_place, member_index, refuse_old_care
from huimin.platform.claims.trials.models import ONE_TRIAL_A_KEY, ONE_TRIAL_A_PLACE, SettlementTrial
from huimin.platform.claims.trials.stories import State, TrialStory, end_of, story_of
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.enrolment.api import policies_of_member
from huimin.platform.foundation.actors import client_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import ConflictError, writing_together

__all__ = ["Say", "Tried", "keep_trial", "try_settlement"]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial found."""

    reference: str
    computed_at: datetime
    valid_until: datetime
    answer: SettlementAnswer
    """What the sender would be answered."""
    left: tuple[Left, ...]


Say = Callable[[Tried], dict[str, Any]]
"""Makes the statement of it that the sender gets, as JSON. It is kept word for word."""


def try_settlement(*, client: ApiClient, body: Mapping[str, str], key: str, say: Say) -> TrialStory | Held:
    """What the bill or reversal would be paid, kept as a statement; or Held, without a case, if it cannot be decided.

    The same key gets the first statement again, for other content ConflictError (`idempotency_key_reused`). Raises
    TrialError: `bill_settled` if this content was settled already, `trial_too_old` and `too_many_trials` where it would
    tell of other bills (limits.py); NotAllowed and InputError as `receive_settlement`.
    """
    actor = client_actor(client)
    authorise(actor, Action.TRY_SETTLEMENT)
    message = message_of(client, body)
    authorise_sending(actor, reverses=message.settlement.reverses is not None)
    while True:
        try:
            return _tried(message, key, say)
        except (TrialError, IntegrityError) as error:
            if isinstance(error, IntegrityError) and violates(error, SettlementTrial, ONE_TRIAL_A_PLACE):
                continue  # another trial of this member has just taken the place
            if isinstance(error, IntegrityError) and not violates(error, SettlementTrial, ONE_TRIAL_A_KEY):
                raise
            # Most trials are no repeats: only one that fails is looked up.
            first = _first(message, key)
            if first is None:
                raise
            return first


def _tried(message: Message, key: str, say: Say) -> TrialStory | Held:
    """Raises IntegrityError where another trial has the key, or the place, by now."""
    moment = now(message.client.city)
    refuse_old_care(message, moment)
    place = free_place(message, moment)
    seen = _look(message, moment)
    outcome = _would(seen)
    if isinstance(outcome, Held):
        return _first(message, key) or outcome
    with writing_together():
        trial = keep_trial(seen, outcome, say, key=key, place=place)
    return story_of(trial, None, State.OPEN)


def keep_trial(
    seen: Seen, outcome: Outcome, say: Say, *, key: str | None = None, place: int | None = None
) -> SettlementTrial:
    """Keep the statement of an outcome that is not stored. Call it inside a transaction.

    `key`, `place`: of a trial that was asked for; a confirmation that makes one in place of another gives neither.
    """
    message, answer = seen.message, outcome.answer()
    until = seen.moment + timedelta(minutes=settings.TRIAL_MINUTES)
    tried = Tried(str(uuid.uuid4()), seen.moment, until, answer, _left(seen, outcome))
    trial = SettlementTrial(
        city=message.client.city,
        client=message.client,
        reference=tried.reference,
        key=key,
        setl_id=message.settlement.setl_id,
        content_digest=message.digest,
        policy_id=outcome.fact.policy_id,
        member=member_index(message.client.city, message.settlement.psn_no),
        tried_on=seen.moment.date(),
        place=place,
        facts_through=max((fact.pk for fact in seen.known.facts), default=0),
        body=json.dumps(dict(message.body), ensure_ascii=False),
        figures=json.dumps(figures_of(answer), ensure_ascii=False),
        said=json.dumps(say(tried), ensure_ascii=False),
        computed_at=seen.moment,
        valid_until=until,
    )
    SettlementTrial.objects.queue([trial])
    return trial


def _look(message: Message, moment: datetime) -> Seen:
    """What is known, read once and without a lock.

    The decisions of the year are computed from its facts, which one statement reads: what is stored of them might be
    of a moment later.
    """
    policies = policies_of_member(message.client.city, message.settlement.psn_no)
    by = near(message, policies)
    facts, reviews = facts_and_reviews_of(message, by)
    known = Known(facts, reviews, {}, {})
    decisions = {policy.id: as_decided(decide_year(policy, known.of_policy(policy))) for policy in by}
    known = Known(facts, reviews, decisions, {})
    return Seen(message, policies, known, since_set_aside(known.of_id(message)), moment)


def _would(seen: Seen) -> Outcome | Held:
    """What the message would change; or why it would be held, with the number of a case only if there is one."""
    message, setl_id = seen.message, seen.message.settlement.setl_id
    if any(message.says_again(fact) for fact in seen.earlier):
        text = f"settlement {setl_id} is settled: GET /settlements/{setl_id} has its answer"
        raise TrialError(text, code="bill_settled", values={"setl_id": setl_id})
    if seen.earlier:
        return Held(conflict(message), None)
    outcome = work_out(message, seen.policies, seen.known, seen.moment)
    refused = refused_before(seen)
    if refused is not None:
        return refused
    return Held(outcome, None) if isinstance(outcome, Refusal) else outcome


def _left(seen: Seen, outcome: Outcome) -> tuple[Left, ...]:
    """What is left of deductibles and limits; nothing for what is not decided, such as a reversal."""
    if outcome.fact.policy_id is None:
        return ()
    after = outcome.changes[-1].after
    bill = after.decision_of(outcome.fact)
    if bill is None:
        return ()
    before = decide_year(after.policy, seen.known.of_policy(after.policy))
    earlier = dict(after.policy.member.paid_before or ())
    return left_of(after.terms.program, bill, before.result.decisions, after.result.decisions, earlier)


def _first(message: Message, key: str) -> TrialStory | None:
    """The trial that this key made before."""
    rows = SettlementTrial.objects.fetch(message.client.city, {"client": message.client, "key": key})
    if not rows:
        return None
    (found,) = rows
    if found.content_digest != message.digest:
        text = "this Idempotency-Key was used before with other content; use a new key for a new request"
        raise ConflictError(text, code="idempotency_key_reused")
    return story_of(found, end_of(found))
