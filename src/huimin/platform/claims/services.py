"""Receives settlements: they are decided within the request, or kept for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from huimin.errors import InputError, Refusal
from huimin.platform.claims.answers import SettlementAnswer, answer_as_of, waiting_answer
from huimin.platform.claims.holding import Held, hold
from huimin.platform.claims.known import facts_of_policy, known_of
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import ONE_FACT_A_REVISION, Finding, ReviewItem, SettlementFact
from huimin.platform.claims.outcome import work_out
from huimin.platform.claims.placing import policy_of_bill
from huimin.platform.claims.reviews import close_resent
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.enrolment.api import PolicyFacts, lock_policies_of_members
from huimin.platform.foundation.actors import Actor, client_actor
from huimin.platform.foundation.authorising import NotAllowed, admits, authorise, may
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ApiClient
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import writing_together

__all__ = ["Held", "receive_message", "receive_settlement"]


def receive_settlement(*, client: ApiClient, body: Mapping[str, str]) -> SettlementAnswer | Held:
    """Receive one bill or reversal, given as texts by national field names. Returns the answer, or Held with the
    reason.

    If the sender repeats the same content under the same id, it gets the first answer again. Other content is held as
    `conflicting_duplicate`: the first answer counts until a person has found out which of the two is genuine. Locks the
    member's policies, recomputes the year, appends new versions of what changed and posts the differences. The client
    is the actor. Raises NotAllowed; InputError: `missing_id` and `bad_text` for a message that cannot even be kept,
    `not_a_reversal` for a bill from the bureau's system, to which no payment can be owed.
    """
    message = message_of(client, body)
    _authorise(client_actor(client), reverses=message.settlement.reverses is not None)
    return receive_message(message)


def receive_message(message: Message) -> SettlementAnswer | Held:
    """The one way by which bills come into a year. Whether this client may send it has been asked."""
    try:
        with writing_together():
            return _receive(message)
    except IntegrityError as error:
        if not violates(error, SettlementFact, ONE_FACT_A_REVISION):
            raise
        # One id arrived at the same moment for two members, whose policies were locked separately.
        with transaction.atomic():
            return hold(message, _conflict(message))


def _authorise(actor: Actor, *, reverses: bool) -> None:
    """Refuse a client that may not send this. Whose bill a reversal may name is checked when it is placed (placing.py),
    since that bill may not have come yet.
    """
    if reverses:
        if not admits(actor, Action.REVERSE):
            raise NotAllowed.of(actor, Action.REVERSE)
        return
    if admits(actor, Action.REVERSE) and not may(actor, Action.SETTLE):
        text = "the bureau's channel reverses bills; a bill itself comes from the hospital or pharmacy that treated"
        raise InputError(text, code="not_a_reversal")
    authorise(actor, Action.SETTLE)


def _receive(message: Message) -> SettlementAnswer | Held:
    """Lock, read, work out, and store or hold, in this order, so that nobody can change the year in between."""
    moment, city = now(message.client.city), message.client.city
    policies = lock_policies_of_members(city, message.settlement.psn_no)
    known = known_of(message, _near(message, policies))
    earlier = since_set_aside(known.of_id(message))
    if earlier:
        return _again(message, earlier, policies, known.reviews)
    outcome = work_out(message, policies, known, moment)
    refused = next((review for review in known.reviews if _refused(review, message)), None)
    if refused is not None:
        reason = f"a person looked at this bill and refused it: {refused.note}"
        return Held(Refusal(message.settlement.setl_id, "refused_on_review", reason), refused.pk)
    if isinstance(outcome, Refusal):
        return hold(message, outcome, known.reviews)
    outcome.store(moment)
    close_resent(known.reviews, outcome.fact, moment)
    return outcome.answer()


def _near(message: Message, policies: Sequence[PolicyFacts]) -> Sequence[PolicyFacts]:
    """The policies whose years the message may change: the bill's own policy, or all of them for a reversal."""
    if message.settlement.reverses is not None:
        return policies
    policy = policy_of_bill(message.settlement, policies)
    return [] if isinstance(policy, Refusal) else [policy]


def _refused(review: ReviewItem, message: Message) -> bool:
    """Whether a person refused this very content. That finding holds however often the bill is sent again."""
    return review.outcome == Finding.REFUSE and review.content_digest == message.digest


def _again(
    message: Message,
    earlier: Sequence[SettlementFact],
    policies: Sequence[PolicyFacts],
    held: Sequence[ReviewItem],
) -> SettlementAnswer | Held:
    """The answer that this content got when it first came. Other content is held as a conflict."""
    first = next((fact for fact in earlier if message.says_again(fact)), None)
    if first is None:
        return hold(message, _conflict(message), held)
    if first.policy_id is None:
        return waiting_answer(first)
    policy = next(policy for policy in policies if policy.id == first.policy_id)
    return answer_as_of(policy, facts_of_policy(policy), first)


def _conflict(message: Message) -> Refusal:
    setl_id = message.settlement.setl_id
    reason = (
        f"settlement {setl_id} was received before with other content; what was answered stands until a person has "
        "found which of the two is genuine"
    )
    return Refusal(setl_id, "conflicting_duplicate", reason)
