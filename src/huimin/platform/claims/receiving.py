"""The steps of receiving a message, in the order of `services`: look, say again, hold or store.

A message that settles at once and one that confirms a trial (trials/) go through the same steps. `look` changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from huimin.errors import Refusal
from huimin.platform.claims.answers import SettlementAnswer, answer_as_of, waiting_answer
from huimin.platform.claims.holding import Held, hold
from huimin.platform.claims.known import Known, facts_of_policy, known_of
from huimin.platform.claims.messages import Message
from huimin.platform.claims.models import ONE_FACT_A_REVISION, Finding, ReviewItem, SettlementFact
from huimin.platform.claims.outcome import Outcome, work_out
from huimin.platform.claims.placing import policy_of_bill
from huimin.platform.claims.reviews import close_resent
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.services import writing_together

__all__ = ["Seen", "again", "conflict", "decide", "in_one_transaction", "look", "near", "refused_before", "store"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message with everything that it is decided by."""

    message: Message
    policies: Sequence[PolicyFacts]
    """Of its member."""
    known: Known
    earlier: Sequence[SettlementFact]
    """The facts that this sender sent under the message's id, by arrival; empty for a new bill."""
    moment: datetime


def in_one_transaction(message: Message, work: Callable[[Message], T]) -> T | Held:
    """What `work` does with the message, in a transaction of its own."""
    try:
        with writing_together():
            return work(message)
    except IntegrityError as error:
        if not violates(error, SettlementFact, ONE_FACT_A_REVISION):
            raise
        # One id arrived at the same moment for two members, whose policies were locked separately.
        with transaction.atomic():
            return hold(message, conflict(message))


def look(message: Message, policies: Sequence[PolicyFacts], moment: datetime) -> Seen:
    """Read what is known. `policies` are the member's, locked, so that nobody changes it before it is stored."""
    known = known_of(message, near(message, policies))
    return Seen(message, policies, known, since_set_aside(known.of_id(message)), moment)


def near(message: Message, policies: Sequence[PolicyFacts]) -> Sequence[PolicyFacts]:
    """The policies whose years the message may change: the bill's own policy, or all of them for a reversal."""
    if message.settlement.reverses is not None:
        return policies
    policy = policy_of_bill(message.settlement, policies)
    return [] if isinstance(policy, Refusal) else [policy]


def again(seen: Seen) -> SettlementAnswer | Held:
    """The answer that this content got when it first came. Other content is held as a conflict."""
    message = seen.message
    first = next((fact for fact in seen.earlier if message.says_again(fact)), None)
    if first is None:
        return hold(message, conflict(message), seen.known.reviews)
    if first.policy_id is None:
        return waiting_answer(first)
    policy = next(policy for policy in seen.policies if policy.id == first.policy_id)
    return answer_as_of(policy, facts_of_policy(policy), first)


def refused_before(seen: Seen) -> Held | None:
    """Whether a person refused this very content. That finding holds however often the bill is sent again."""
    message = seen.message
    refused = next((review for review in seen.known.reviews if _refuses(review, message)), None)
    if refused is None:
        return None
    reason = f"a person looked at this bill and refused it: {refused.note}"
    return Held(Refusal(message.settlement.setl_id, "refused_on_review", reason), refused.pk)


def decide(seen: Seen) -> Outcome | Held:
    """What the message changes, not stored; or the case that it is kept as, because it cannot be decided."""
    outcome = work_out(seen.message, seen.policies, seen.known, seen.moment)
    refused = refused_before(seen)
    if refused is not None:
        return refused
    return hold(seen.message, outcome, seen.known.reviews) if isinstance(outcome, Refusal) else outcome


def store(seen: Seen, outcome: Outcome) -> SettlementAnswer:
    """Store the fact and what it changes, and give the answer to its sender."""
    outcome.store(seen.moment)
    close_resent(seen.known.reviews, outcome.fact, seen.moment)
    return outcome.answer()


def conflict(message: Message) -> Refusal:
    setl_id = message.settlement.setl_id
    reason = (
        f"settlement {setl_id} was received before with other content; what was answered stands until a person has "
        "found which of the two is genuine"
    )
    return Refusal(setl_id, "conflicting_duplicate", reason)


def _refuses(review: ReviewItem, message: Message) -> bool:
    return review.outcome == Finding.REFUSE and review.content_digest == message.digest
