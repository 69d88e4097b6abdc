"""Proposing, agreeing and sending back. Only what the first person saw is ever carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.models import Answer, Approval, ApprovalAnswer
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.selectors import open_proposal, proposal_of
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase, use_case_named
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import content_digest, record_audit, refuse_without_note, writing_together

__all__ = ["ApprovalError", "answer_open", "answer_proposal", "drop", "propose", "withdraw"]


class ApprovalError(HuiminError):
    code = "approval"


def propose(
    *,
    actor: Actor,
    use_case: str,
    subject: Subject,
    arguments: Mapping[str, Any],
    reason: str,
    prepared: Prepared | None = None,
) -> Proposal:
    """Propose to carry out a use case on a subject, and keep what it would change now.

    `prepared` can be given if the caller has already prepared the use case in the same transaction. Raises NotAllowed;
    ApprovalError (`note_missing`, `already_proposed`); and whatever the use case raises if it cannot be done.
    """
    case = use_case_named(use_case)
    authorise(actor, case.propose)
    refuse_without_note(reason, ApprovalError)
    city, moment = actor.city, now(actor.city)
    with writing_together():
        draft = Proposal(0, city, use_case, subject, dict(arguments), {}, reason, actor.text, moment)
        worked_out = prepared or case.prepare(draft)
        if open_proposal(city, use_case, subject) is not None:
            text = f"{use_case} of {subject} is already proposed; it has to be answered or taken back first"
            raise ApprovalError(text, code="already_proposed")
        row = Approval(
            city=city,
            use_case=use_case,
            subject_kind=subject.kind,
            subject_id=subject.id,
            arguments=dict(arguments),
            would_change=dict(worked_out.would_change),
            seen_digest=content_digest(worked_out.would_change),
            reason=reason,
            proposed_by=actor.text,
            proposed_at=moment,
            recorded_at=moment,
        )
        Approval.objects.insert([row])
        proposal = proposal_of(row)
        _audit(proposal, "proposed", actor.text, moment)
        return proposal


def answer_proposal(*, actor: Actor, approval_id: int, agrees: bool, reason: str) -> Answered:
    """Let another person agree, so that the use case is carried out, or send the proposal back.

    If the use case would by now change something else, the answer is recorded as `outdated` and nothing is done: the
    first person has to look again. Raises NotAllowed; ApprovalError (`note_missing`, `nothing_to_agree`,
    `same_person`); and whatever the use case raises if it can no longer be done, in which case nothing is recorded.
    """
    refuse_without_note(reason, ApprovalError)
    city = actor.city
    with writing_together():
        row = _open_row(actor, approval_id)
        case = use_case_named(row.use_case)
        authorise(actor, case.agree)
        if row.proposed_by == actor.text:
            raise ApprovalError("the second person must be another than the first", code="same_person")
        proposal, moment = proposal_of(row), now(city)
        if not agrees:
            return _told(case, proposal, _record(proposal, Answered(Answer.SENT_BACK, actor.text, reason, moment)))
        prepared = case.prepare(proposal)
        by_now = dict(prepared.would_change)
        if content_digest(by_now) != row.seen_digest:
            outdated = Answered(Answer.OUTDATED, actor.text, reason, moment, by_now)
            return _told(case, proposal, _record(proposal, outdated))
        approved = _record(proposal, Answered(Answer.APPROVED, actor.text, reason, moment, by_now))
        return _told(case, proposal, replace(approved, result=prepared.carry_out(actor)))


def answer_open(*, actor: Actor, use_case: str, subject: Subject, agrees: bool, reason: str) -> Answered:
    """Answer the open proposal to carry out this use case on this subject, as `answer_proposal` does.

    Raises as that does; also ApprovalError (`nothing_to_agree`) where nobody has proposed it.
    """
    authorise(actor, use_case_named(use_case).agree)
    proposal = open_proposal(actor.city, use_case, subject)
    if proposal is None:
        raise ApprovalError(f"nobody has proposed {use_case} of {subject}", code="nothing_to_agree")
    return answer_proposal(actor=actor, approval_id=proposal.id, agrees=agrees, reason=reason)


def withdraw(*, actor: Actor, approval_id: int, reason: str) -> Answered:
    """Take back a proposal that nobody has answered. Anybody who could have proposed it may.

    Raises NotAllowed; ApprovalError (`note_missing`, `nothing_to_agree`).
    """
    refuse_without_note(reason, ApprovalError)
    with writing_together():
        row = _open_row(actor, approval_id)
        case = use_case_named(row.use_case)
        authorise(actor, case.propose)
        moment = now(actor.city)
        proposal = proposal_of(row)
        return _told(case, proposal, _record(proposal, Answered(Answer.WITHDRAWN, actor.text, reason, moment)))


def drop(*, city: City, use_case: str, subject: Subject, by: str, reason: str) -> Answered | None:
    """Take back the open proposal on this subject, because something else happened to it; None if there is none.

    For the context that owns the subject: call it in the transaction of what happened, with the subject locked. The
    context tells the subject's history itself. `by` is the actor's text.
    """
    proposal = open_proposal(city, use_case, subject)
    if proposal is None:
        return None
    # Whoever answers it at this moment has it locked, and is waited for.
    Approval.objects.fetch(city, {"id": proposal.id}, lock=True)
    if open_proposal(city, use_case, subject) is None:
        return None
    return _record(proposal, Answered(Answer.WITHDRAWN, by, reason, now(city)))


def _open_row(actor: Actor, approval_id: int) -> Approval:
    """The proposal, locked. Raises ApprovalError (`nothing_to_agree`) if there is none or it is answered."""
    row: Approval | None = Approval.objects.fetch_one(actor.city, {"id": approval_id}, lock=True)
    if row is None or ApprovalAnswer.objects.pick(actor.city, ("id",), {"approval": approval_id}):
        raise ApprovalError("no proposal is waiting for a second person", code="nothing_to_agree")
    return row


def _record(proposal: Proposal, answered: Answered) -> Answered:
    row = ApprovalAnswer(
        city=proposal.city,
        approval_id=proposal.id,
        answer=answered.answer,
        would_change=answered.would_change,
        reason=answered.reason,
        answered_by=answered.answered_by,
        answered_at=answered.answered_at,
        recorded_at=answered.answered_at,
    )
    ApprovalAnswer.objects.insert([row])
    _audit(proposal, answered.answer, answered.answered_by, answered.answered_at)
    return answered


def _told(case: UseCase, proposal: Proposal, answered: Answered) -> Answered:
    case.answered(proposal, answered)
    return answered


def _audit(proposal: Proposal, what: str, by: str, at: datetime) -> None:
    record_audit(
        city=proposal.city,
        actor=by,
        action=f"approval_{what}",
        subject=f"approval:{proposal.id}",
        at=at,
        detail={"use_case": proposal.use_case, "subject": str(proposal.subject)},
    )
