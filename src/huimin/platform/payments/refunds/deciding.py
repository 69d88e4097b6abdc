"""What people decide of refunds: a large one takes two, and one that the company refused is tried again."""

from __future__ import annotations

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note, writing_together
from huimin.platform.payments.refunds.models import Refund, RefundStatus
from huimin.platform.payments.refunds.owing import send_soon, subject_of

__all__ = ["USE_CASE", "agree_to_refund", "large_refund", "propose_refund", "try_refund_again"]

USE_CASE = "large_refund"


def propose_refund(*, actor: Actor, refund_id: int, note: str) -> Proposal:
    """Propose that a large refund is paid. Raises NotAllowed; HuiminError `refund_not_open`; ApprovalError."""
    return propose(actor=actor, use_case=USE_CASE, subject=subject_of(refund_id), arguments={}, reason=note)


def agree_to_refund(*, actor: Actor, refund_id: int, agrees: bool, note: str) -> Answered:
    """Another person agrees, and the money goes back; or does not, and it waits.

    Raises NotAllowed; HuiminError `refund_not_open`; ApprovalError (`note_missing`, `nothing_to_agree`,
    `same_person`).
    """
    return answer_open(actor=actor, use_case=USE_CASE, subject=subject_of(refund_id), agrees=agrees, reason=note)


def large_refund() -> UseCase:
    """What two people agree on, as `payments` registers it."""
    return UseCase(USE_CASE, Action.PAY_BACK, Action.AGREE_TO_REFUND, _prepare, _told)


def _prepare(proposal: Proposal) -> Prepared:
    refund = _open(proposal.city, int(proposal.subject.id), RefundStatus.FOR_SECOND_PERSON)
    would_change = {"refund": refund.key, "source": refund.source, "amount": refund.amount}

    def carry_out(actor: Actor) -> None:
        refund.status = RefundStatus.WAITING
        Refund.objects.rewrite(refund, "status")
        send_soon(refund)

    return Prepared(would_change, carry_out)


def _told(proposal: Proposal, answered: Answered) -> None:
    history = history_of(proposal.city, proposal.subject)
    history.append(answered.answer.value, actor=answered.answered_by, at=answered.answered_at, reason=answered.reason)


def try_refund_again(*, actor: Actor, refund_id: int, note: str) -> None:
    """Ask the company once more for a refund that it refused. Raises NotAllowed; HuiminError (`note_missing`,
    `refund_not_open`)."""
    authorise(actor, Action.PAY_BACK)
    refuse_without_note(note)
    city, moment = actor.city, now(actor.city)
    with writing_together():
        refund = _open(city, refund_id, RefundStatus.REFUSED)
        refund.status, refund.fault, refund.tries = RefundStatus.WAITING, "", refund.tries + 1
        Refund.objects.rewrite(refund, "status", "fault", "tries")
        history_of(city, subject_of(refund.pk)).append("tried_again", actor=actor.text, at=moment, reason=note)
        record_audit(city=city, actor=actor.text, action="refund_tried_again", subject=f"refund:{refund.pk}", at=moment)
        send_soon(refund)


def _open(city: City, refund_id: int, status: RefundStatus) -> Refund:
    row: Refund | None = Refund.objects.fetch_one(city, {"id": refund_id}, lock=True)
    if row is None or row.status != status:
        raise HuiminError(f"refund {refund_id} is not there, or not waiting for this step", code="refund_not_open")
    return row
