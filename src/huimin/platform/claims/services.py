"""Receiving settlements: decided within the request, or kept for a human look. Nothing is lost, nothing half done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from huimin.errors import InputError, Refusal
from huimin.platform.claims.answers import answer, answer_as_of, waiting_answer
from huimin.platform.claims.changing import Outcome, inadmissible, work_out
from huimin.platform.claims.holding import Held, hold
from huimin.platform.claims.known import facts_of_policy, known_of
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import ONE_FACT_A_REVISION, Finding, ReviewItem, SettlementFact
from huimin.platform.claims.placing import policy_of_bill, terms_of_policy
from huimin.platform.claims.reviews import close_resent
from huimin.platform.claims.waiting import since_set_aside
from huimin.platform.enrolment.api import Policy, lock_policies_of_members
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.constraints import violates
from huimin.platform.foundation.models import ApiClient, ClientKind
from huimin.platform.foundation.services import writing_together

__all__ = ["Held", "receive_settlement"]


def receive_settlement(*, client: ApiClient, body: Mapping[str, str]) -> dict[str, Any] | Held:
    """One bill or reversal, by national field names, as text. Returns the answer, or Held with the reason.

    The same content under one id of one sender gets the first answer again. Other content is held as
    `conflicting_duplicate`: what was answered stands until a person has found which of the two is genuine. Locks the
    member's policies, recomputes the year, appends new versions of what changed and posts the differences.
    Raises InputError: `missing_id` and `bad_text` for what cannot even be kept, `not_a_reversal` for a bill that the
    bureau's channel sends, to which no payment can be owed.
    """
    message = message_of(client, body)
    if client.kind == ClientKind.BUREAU and message.settlement.reverses is None:
        text = "the bureau's channel reverses bills; a bill itself comes from the hospital or pharmacy that treated"
        raise InputError(text, code="not_a_reversal")
    try:
        with writing_together():
            return _receive(message)
    except IntegrityError as error:
        if not violates(error, SettlementFact, ONE_FACT_A_REVISION):
            raise
        # One id arrived at one moment for two members: each was locked apart.
        with transaction.atomic():
            return hold(message, _conflict(message))


def _receive(message: Message) -> dict[str, Any] | Held:
    settlement, moment = message.settlement, now(message.client.city)
    policies = lock_policies_of_members(message.client.city, settlement.psn_no)
    place = policy_of_bill(settlement, policies) if settlement.reverses is None else None
    near = policies if place is None else [place] if isinstance(place, Policy) else []
    known = known_of(message, near)
    of_id = [row for row in known.facts if (row.client_id, row.setl_id) == (message.client.pk, settlement.setl_id)]
    earlier = since_set_aside(of_id)
    if earlier:
        return _again(message, earlier, policies)
    refusal = inadmissible(settlement, policies, moment)
    outcome = refusal or work_out(message, policies, known, moment)
    refused = next((review for review in known.reviews if _refused(review, message)), None)
    if refused is not None:
        reason = f"a person looked at this bill and refused it: {refused.note}"
        return Held(Refusal(settlement.setl_id, "refused_on_review", reason), refused)
    if isinstance(outcome, Refusal):
        return hold(message, outcome)
    return _store(outcome, known.reviews, moment)


def _store(outcome: Outcome, reviews: Sequence[ReviewItem], moment: datetime) -> dict[str, Any]:
    paid = outcome.store(moment)
    close_resent(reviews, outcome.fact, moment)
    if not outcome.changes:
        return waiting_answer(outcome.fact)
    return answer(outcome.changes[-1].year, outcome.fact, {pk: fen.payable for pk, fen in paid.items()})


def _refused(review: ReviewItem, message: Message) -> bool:
    """Whether a person refused this very content: that finding stands, however often the bill is sent."""
    return review.outcome == Finding.REFUSE and review.content_digest == message.digest


def _again(message: Message, earlier: Sequence[SettlementFact], policies: Sequence[Policy]) -> dict[str, Any] | Held:
    """The answer that this content got when it came first; other content is a conflict."""
    first = next((fact for fact in earlier if message.says_again(fact)), None)
    if first is None:
        return hold(message, _conflict(message))
    if first.policy_id is None:
        return waiting_answer(first)
    policy = next(policy for policy in policies if policy.pk == first.policy_id)
    return answer_as_of(terms_of_policy(policy), policy, facts_of_policy(policy), first)


def _conflict(message: Message) -> Refusal:
    setl_id = message.settlement.setl_id
    reason = (
        f"settlement {setl_id} was received before with other content; what was answered stands until a person has "
        "found which of the two is genuine"
    )
    return Refusal(setl_id, "conflicting_duplicate", reason)
