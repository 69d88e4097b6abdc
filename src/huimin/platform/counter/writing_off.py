"""Writing off what a till has too little or too much: one person proposes, another agrees, and neither has the till.

A difference is carried from closing to closing, since the till's account keeps it. So what is written off is what the
till's last closing was short, all of it; below zero, what it had too much.
"""

from __future__ import annotations

from collections.abc import Collection

from huimin.platform.counter.entries import written_off_entry
from huimin.platform.counter.failures import CounterError
from huimin.platform.counter.models import TillClosing, TillWriteOff
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.foundation.staff import lock_staff
from huimin.platform.ledger.api import post

__all__ = ["agree_to_write_off", "propose_write_off", "proposed_write_offs", "write_off"]

WRITE_OFF, SUBJECT = "write_off_till", "till_closing"


def propose_write_off(*, actor: Actor, closing_id: int, note: str) -> Proposal:
    """Propose that what this closing was short, or had too much, is looked for no more.

    Raises NotAllowed; CounterError: `nothing_to_write_off`, `same_person`; ApprovalError.
    """
    subject = Subject(SUBJECT, str(closing_id))
    return propose(actor=actor, use_case=WRITE_OFF, subject=subject, arguments={}, reason=note)


def agree_to_write_off(*, actor: Actor, closing_id: int, agrees: bool, note: str) -> Answered:
    """Another person agrees, and the till is even again; or does not, and the difference stays in it.

    Raises NotAllowed; CounterError: `nothing_to_write_off`, `same_person`; ApprovalError (`note_missing`,
    `nothing_to_agree`, `same_person`).
    """
    subject = Subject(SUBJECT, str(closing_id))
    return answer_open(actor=actor, use_case=WRITE_OFF, subject=subject, agrees=agrees, reason=note)


def proposed_write_offs(city: City, closings: Collection[int]) -> dict[int, Proposal]:
    """What waits for a second person, by closing."""
    found = open_proposals_on(city, WRITE_OFF, SUBJECT, [str(one) for one in closings])
    return {int(proposal.subject.id): proposal for proposal in found}


def write_off() -> UseCase:
    """What two people agree on, as `counter` registers it."""
    return UseCase(WRITE_OFF, Action.WRITE_OFF_TILL, Action.AGREE_TO_WRITE_OFF, _prepare)


def _prepare(proposal: Proposal) -> Prepared:
    closing = _locked(proposal.city, int(proposal.subject.id))
    _refuse_owner(closing, proposal.proposed_by)
    short = closing.expected_fen - closing.counted_fen

    def carry_out(actor: Actor) -> None:
        _refuse_owner(closing, actor.text)
        city, moment = actor.city, now(actor.city)
        row = TillWriteOff.objects.create(
            city=city, closing=closing, amount=short, written_off_by=actor.text, recorded_at=moment
        )
        post(city=city, entries=[written_off_entry(row)], at=moment)
        detail, subject = {"amount": short}, f"{SUBJECT}:{closing.pk}"
        record_audit(city=city, actor=actor.text, action="till_written_off", subject=subject, at=moment, detail=detail)

    return Prepared({"till": closing.till, "amount": short}, carry_out)


def _locked(city: City, closing_id: int) -> TillClosing:
    """The last closing of its till, with a difference that stands, and the till locked."""
    closing: TillClosing | None = TillClosing.objects.fetch_one(city, {"id": closing_id})
    if closing is not None:
        lock_staff(closing.till)
        last: TillClosing = TillClosing.objects.of(city).filter(till=closing.till).latest("pk")
        done = TillWriteOff.objects.of(city).filter(closing=closing_id).exists()
        if last.pk == closing_id and not done and last.expected_fen != last.counted_fen:
            return last
    text = f"closing {closing_id} is not the last of its till, or nothing of it differs any more"
    raise CounterError(text, code="nothing_to_write_off")


def _refuse_owner(closing: TillClosing, who: str) -> None:
    if who == f"staff:{closing.till}":
        raise CounterError("whoever has the till does not write off what it is short", code="same_person")
