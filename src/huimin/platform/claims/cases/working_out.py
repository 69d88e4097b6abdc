"""Which findings a held bill may have, and what a finding would now lead to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from huimin.errors import Refusal
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.known import known_of
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.outcome import Outcome, work_out
from huimin.platform.enrolment.api import lock_policies_of_members

__all__ = ["CONFLICT", "findings_for", "outcome_of"]

CONFLICT = "conflicting_duplicate"
_OF_CONFLICT = (Finding.SECOND_STANDS, Finding.FIRST_STANDS, Finding.ASK_AGAIN)
_OF_REVERSALS = (Finding.RELEASE, Finding.REFUSE, Finding.ASK_AGAIN)
_OF_BILLS = (Finding.RELEASE, Finding.RELEASE_CREDITED, Finding.REFUSE, Finding.ASK_AGAIN)


def findings_for(review: ReviewItem) -> tuple[Finding, ...]:
    """The findings that this bill may have."""
    if review.code == CONFLICT:
        return _OF_CONFLICT
    return _OF_REVERSALS if json.loads(review.body).get("reverses") else _OF_BILLS


def outcome_of(review: ReviewItem, finding: Finding, moment: datetime) -> Outcome:
    """What the finding would now lead to. Raises ReviewError, with the code of the reason, if the bill would be held
    again.
    """
    message = _message(review)
    settlement = message.settlement
    earlier = _earlier(message)
    credited = finding == Finding.RELEASE_CREDITED or _answered_at_counter(earlier)
    message = replace(message, at_counter=credited)
    members = {settlement.psn_no, *(fact.psn_no for fact in earlier)}
    policies = lock_policies_of_members(review.city, *sorted(members))
    found = work_out(message, policies, known_of(message, policies), moment)
    if isinstance(found, Refusal):
        raise ReviewError(found.reason, code=found.code, values=found.values)
    return found


def _message(review: ReviewItem) -> Message:
    client = review.client
    client.city = review.city
    return message_of(client, json.loads(review.body))


def _earlier(message: Message) -> list[SettlementFact]:
    """For a conflict: the facts that the id had before, by arrival."""
    rows = SettlementFact.objects.of(message.client.city).filter(
        client=message.client, setl_id=message.settlement.setl_id
    )
    return list(rows.defer("body", "care").order_by("pk"))


def _answered_at_counter(earlier: Sequence[SettlementFact]) -> bool:
    """Whether the sender already had an answer to the bill, so that other content corrects the amount it has
    credited.
    """
    last = earlier[-1] if earlier else None
    return last is not None and last.reverses is None and not last.decided_afterwards
