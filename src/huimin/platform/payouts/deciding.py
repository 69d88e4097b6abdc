"""Payouts above the city's amount: one person proposes, another agrees."""

from __future__ import annotations

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.payouts.failures import PayoutError
from huimin.platform.payouts.making import ask_bank_soon
from huimin.platform.payouts.models import ClaimPayout, PayoutStatus
from huimin.platform.payouts.subject import LARGE_PAYOUT, subject_of

__all__ = ["agree_to_payout", "large_payout", "propose_payout"]


def propose_payout(*, actor: Actor, payout_id: int, note: str) -> Proposal:
    """Propose that a large payout is made. Raises NotAllowed; PayoutError `payout_not_open`; ApprovalError."""
    return propose(actor=actor, use_case=LARGE_PAYOUT, subject=subject_of(payout_id), arguments={}, reason=note)


def agree_to_payout(*, actor: Actor, payout_id: int, agrees: bool, note: str) -> Answered:
    """Another person agrees, and the money goes; or does not, and it waits.

    Raises NotAllowed; PayoutError `payout_not_open`; ApprovalError (`note_missing`, `nothing_to_agree`, `same_person`).
    """
    return answer_open(actor=actor, use_case=LARGE_PAYOUT, subject=subject_of(payout_id), agrees=agrees, reason=note)


def large_payout() -> UseCase:
    """What two people agree on, as `payouts` registers it."""
    return UseCase(LARGE_PAYOUT, Action.PAY_OUT, Action.AGREE_TO_PAYOUT, _prepare, _told)


def _prepare(proposal: Proposal) -> Prepared:
    payout = _open(proposal.city, int(proposal.subject.id))
    paid_for = {"hospital": payout.hospital} if payout.hospital else {"policy": payout.policy_number}
    would_change = {"payout": payout.key, **paid_for, "amount": payout.amount}

    def carry_out(actor: Actor) -> None:
        payout.status = PayoutStatus.WAITING
        ClaimPayout.objects.rewrite(payout, "status")
        if payout.due_on <= today(payout.city):
            ask_bank_soon(payout)

    return Prepared(would_change, carry_out)


def _told(proposal: Proposal, answered: Answered) -> None:
    history = history_of(proposal.city, proposal.subject)
    history.append(answered.answer.value, actor=answered.answered_by, at=answered.answered_at, reason=answered.reason)


def _open(city: City, payout_id: int) -> ClaimPayout:
    payout: ClaimPayout | None = ClaimPayout.objects.fetch_one(city, {"id": payout_id}, lock=True)
    if payout is None or payout.status != PayoutStatus.FOR_SECOND_PERSON:
        text = f"payout {payout_id} is not there, or not waiting for a second person"
        raise PayoutError(text, code="payout_not_open")
    return payout
