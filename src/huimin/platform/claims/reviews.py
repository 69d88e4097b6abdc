"""What a person does about a held bill: confirms a fact, asks for the bill again, or refuses it. Nobody types money.

A finding says which fact is so; what the plan pays follows from it by the program. Above the city's amount a second
person, of another role, must agree before anything is paid. Finding, closing, decision and audit are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.errors import HuiminError, Refusal
from huimin.platform.claims.answers import answer, waiting_answer
from huimin.platform.claims.changing import Outcome, facts_near, inadmissible, work_out
from huimin.platform.claims.messages import Message, message_of
from huimin.platform.claims.models import Finding, ReviewFinding, ReviewItem, SettlementFact
from huimin.platform.enrolment.selectors import lock_policies_of_members
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, Role, StaffMember
from huimin.platform.foundation.services import record_audit, writing_together

__all__ = ["CONFLICT", "Found", "ReviewError", "agree", "close_resent", "find", "findings_for", "reviews_of"]

CONFLICT = "conflicting_duplicate"
_DECIDING = (Finding.RELEASE, Finding.SECOND_STANDS)
_OF_CONFLICT = (Finding.SECOND_STANDS, Finding.FIRST_STANDS, Finding.ASK_AGAIN)
_OF_OTHERS = (Finding.RELEASE, Finding.REFUSE, Finding.ASK_AGAIN)


class ReviewError(HuiminError):
    code = "review"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a finding: the answer where the bill was decided, and whether a second person must agree first."""

    answer: dict[str, Any] | None = None
    needs_second: bool = False


def find(*, city: City, review_id: int, finding: Finding, note: str, staff: StaffMember) -> Found:
    """Record what a handler found of a held bill, and do what follows from it.

    Raises ReviewError: `not_allowed`, `note_missing`, `review_closed`, `wrong_finding`, or the code for which the bill
    would be held again, when what was confirmed does not make it decidable.
    """
    _authorise(city, staff, Role.HANDLER, note)
    with writing_together():
        review, _ = _locked(city, review_id)
        if finding not in findings_for(review):
            raise ReviewError(f"{finding} is not a finding for a bill held as {review.code}", code="wrong_finding")
        moment, amount = now(city), 0
        outcome = _outcome(review, moment) if finding in _DECIDING else None
        if outcome is not None:
            amount = outcome.amount()
        needs_second = amount > city.second_person_above
        row = _record(review, finding, note, staff, moment, amount=amount, needs_second=needs_second)
        if needs_second or finding == Finding.ASK_AGAIN:
            return Found(needs_second=needs_second)
        return _carry_out(review, row, outcome, moment)


def agree(*, city: City, review_id: int, agrees: bool, note: str, staff: StaffMember) -> Found:
    """The second person agrees with a large finding, which is then carried out; or sends the bill back to the first.

    Raises ReviewError as `find` does, and `nothing_to_agree` or `same_person`.
    """
    _authorise(city, staff, Role.APPROVER, note)
    with writing_together():
        review, findings = _locked(city, review_id)
        first = findings[-1] if findings else None
        if first is None or not first.needs_second:
            raise ReviewError("no finding waits for a second person here", code="nothing_to_agree")
        if first.actor == _actor(staff):
            raise ReviewError("the second person must be another than the first", code="same_person")
        moment = now(city)
        finding = Finding(first.finding) if agrees else Finding.SENT_BACK
        row = _record(review, finding, note, staff, moment, amount=first.amount, agrees_with=first)
        return _carry_out(review, row, _outcome(review, moment), moment) if agrees else Found()


def findings_for(review: ReviewItem) -> tuple[Finding, ...]:
    """What may be found of this bill."""
    return _OF_CONFLICT if review.code == CONFLICT else _OF_OTHERS


def reviews_of(message: Message) -> list[ReviewItem]:
    """What was held before under this message's id of its sender. One statement."""
    return ReviewItem.objects.fetch(
        message.client.city,
        "client_id = %s AND setl_id = %s ORDER BY id",
        message.client.pk,
        message.settlement.setl_id,
        without=("body",),
    )


def close_resent(reviews: Sequence[ReviewItem], fact: SettlementFact, moment: datetime) -> None:
    """The sender sent a held bill again and it was decided: it leaves the queue, with a link to what came of it."""
    for review in reviews:
        if review.closed_at is None:
            _close(review, "decided_on_resend", "", f"client:{fact.client_id}", moment, fact)


def _authorise(city: City, staff: StaffMember, role: Role, note: str) -> None:
    if staff.role != role or staff.city_id != city.pk:
        raise ReviewError(f"this is for the role {role} of the city", code="not_allowed")
    if not note.strip():
        raise ReviewError("say why: the note is part of the record", code="note_missing")


def _locked(city: City, review_id: int) -> tuple[ReviewItem, list[ReviewFinding]]:
    """The open review, locked after its member's policies: a bill that is sent again locks in the same order."""
    seen = ReviewItem.objects.of(city).filter(pk=review_id).values_list("psn_no", flat=True).first()
    if seen is not None:
        lock_policies_of_members(city, seen)
    found = ReviewItem.objects.fetch(city, "id = %s AND closed_at IS NULL", review_id, lock=True)
    if not found:
        raise ReviewError("this review is closed already, or never was", code="review_closed")
    findings = ReviewFinding.objects.fetch(city, "review_id = %s ORDER BY id", review_id)
    return found[0], findings


def _outcome(review: ReviewItem, moment: datetime) -> Outcome:
    """What the bill's content comes to now. Raises ReviewError where it would be held again."""
    message = _message(review)
    settlement = message.settlement
    members = {settlement.psn_no, *_members_of_earlier(message)}
    policies = lock_policies_of_members(review.city, *sorted(members))
    own = [policy for policy in policies if policy.psn_no == settlement.psn_no]
    found: Outcome | Refusal = inadmissible(settlement, own, moment) or work_out(
        message, policies, facts_near(message, policies), moment
    )
    if isinstance(found, Refusal):
        raise ReviewError(found.reason, code=found.code, values=found.values)
    return found


def _message(review: ReviewItem) -> Message:
    client = review.client
    client.city = review.city
    return message_of(client, json.loads(review.body))


def _members_of_earlier(message: Message) -> set[str]:
    """Of a conflict: the members to whom the id belonged so far."""
    rows = SettlementFact.objects.of(message.client.city).filter(
        client=message.client, setl_id=message.settlement.setl_id
    )
    return set(rows.values_list("psn_no", flat=True))


def _carry_out(review: ReviewItem, row: ReviewFinding, outcome: Outcome | None, moment: datetime) -> Found:
    answered = None
    if outcome is not None:
        paid = outcome.store(moment)
        answered = waiting_answer(outcome.fact)
        if outcome.changes:
            before = {pk: fen.payable for pk, fen in paid.items()}
            answered = answer(outcome.changes[-1].year, outcome.fact, before)
    _close(review, row.finding, row.note, row.actor, moment, outcome.fact if outcome else None)
    return Found(answered)


def _record(
    review: ReviewItem, finding: Finding, note: str, staff: StaffMember, moment: datetime, **fields: Any
) -> ReviewFinding:
    row = ReviewFinding(
        city=review.city, review=review, finding=finding, note=note, actor=_actor(staff), at=moment, **fields
    )
    ReviewFinding.objects.insert([row])
    detail = {"amount": row.amount, "needs_second": row.needs_second}
    record_audit(
        city=review.city,
        actor=row.actor,
        action=f"finding_{finding}",
        subject=f"review:{review.pk}",
        at=moment,
        detail=detail,
    )
    return row


def _close(
    review: ReviewItem, outcome: str, note: str, actor: str, moment: datetime, fact: SettlementFact | None
) -> None:
    review.closed_at, review.closed_by, review.outcome, review.note = moment, actor, outcome, note
    review.settlement = fact
    ReviewItem.objects.rewrite(review, "closed_at", "closed_by", "outcome", "note", "settlement")
    record_audit(city=review.city, actor=actor, action=f"review_{outcome}", subject=f"review:{review.pk}", at=moment)


def _actor(staff: StaffMember) -> str:
    return f"staff:{staff.user_id}"
