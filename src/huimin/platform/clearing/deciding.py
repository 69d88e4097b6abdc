"""Disputed lines are decided: a handler finds what holds, and above the city's amount a second person agrees."""

from __future__ import annotations

from huimin.platform.clearing.failures import ClearingError
from huimin.platform.clearing.locking import lock_line
from huimin.platform.clearing.models import LineState, StatementLine
from huimin.platform.clearing.money import is_paid
from huimin.platform.clearing.subject import LARGE_LINE, QUESTION, line_subject
from huimin.platform.foundation.actors import Actor, Who
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.findings.recording import findings_about, record_finding
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note, writing_together

__all__ = ["agree_on_line", "decide_line", "disputed_line"]

_ANSWERS = (LineState.STANDS, LineState.TO_CORRECT)


def decide_line(*, actor: Actor, line_id: int, finding: str, note: str) -> Proposal | None:
    """Find what holds of a disputed line: it stands as it is, or the bill is wrong and the hospital has to correct it.

    Nobody types an amount. One that was to be corrected may be found to stand after all, until it is paid with its
    correction. Returns the proposal where a second person has to agree. Raises NotAllowed; ClearingError
    (`note_missing`, `wrong_finding`, `line_unknown`, `line_not_disputed`); ApprovalError `already_proposed`.
    """
    authorise(actor, Action.DECIDE_DISPUTED_LINE)
    refuse_without_note(note, ClearingError)
    if finding not in _ANSWERS:
        raise ClearingError(f"found {finding!r}; expected one of {', '.join(_ANSWERS)}", code="wrong_finding")
    with writing_together():
        line, city = _disputed(actor.city, line_id, finding), actor.city
        proposal = None
        if abs(line.amount) > city.second_person_above:
            proposal = propose(
                actor=actor,
                use_case=LARGE_LINE,
                subject=line_subject(line_id),
                arguments={"finding": finding},
                reason=note,
                prepared=_prepared(line, finding),
            )
        record_finding(
            actor=actor,
            role=Who.HANDLER,
            subject=line_subject(line_id),
            question=QUESTION,
            answer=finding,
            reason=note,
            at=now(city),
            before=findings_about(city, line_subject(line_id), QUESTION),
            approval=proposal.id if proposal is not None else None,
        )
        _happened(line, "proposed" if proposal is not None else finding, actor, note)
        if proposal is None:
            _settle(line, finding)
        _audit(actor, line, finding, needs_second=proposal is not None)
        return proposal


def agree_on_line(*, actor: Actor, line_id: int, agrees: bool, note: str) -> Answered:
    """Another person agrees to the finding, which counts then, or sends it back.

    Raises NotAllowed; ClearingError `line_not_disputed`; ApprovalError (`note_missing`, `nothing_to_agree`,
    `same_person`).
    """
    subject = line_subject(line_id)
    return answer_open(actor=actor, use_case=LARGE_LINE, subject=subject, agrees=agrees, reason=note)


def disputed_line() -> UseCase:
    """What two people agree on, as `clearing` registers it."""
    return UseCase(LARGE_LINE, Action.DECIDE_DISPUTED_LINE, Action.AGREE_TO_DISPUTED_LINE, _prepare, _told)


def _prepare(proposal: Proposal) -> Prepared:
    finding = str(proposal.arguments["finding"])
    return _prepared(_disputed(proposal.city, int(proposal.subject.id), finding), finding)


def _prepared(line: StatementLine, finding: str) -> Prepared:
    would_change = {"line": line.pk, "bill": line.setl_id, "amount": line.amount, "finding": finding}
    return Prepared(would_change, lambda _actor: _settle(line, finding))


def _told(proposal: Proposal, answered: Answered) -> None:
    kind = str(proposal.arguments["finding"]) if answered.answer == Answer.APPROVED else answered.answer.value
    history = history_of(proposal.city, proposal.subject)
    history.append(kind, actor=answered.answered_by, at=answered.answered_at, reason=answered.reason)


def _disputed(city: City, line_id: int, finding: str) -> StatementLine:
    """The line, locked. Raises ClearingError where it is not disputed, or the finding would change nothing."""
    line = lock_line(city, line_id)
    to_correct = line.state == LineState.TO_CORRECT and finding == LineState.STANDS and not is_paid(city, line)
    if line.state != LineState.DISPUTED and not to_correct:
        raise ClearingError(f"line {line_id} is {line.state}, and not disputed", code="line_not_disputed")
    return line


def _settle(line: StatementLine, finding: str) -> None:
    line.state = finding
    StatementLine.objects.rewrite(line, "state")


def _happened(line: StatementLine, kind: str, actor: Actor, note: str) -> None:
    history_of(line.city, line_subject(line.pk)).append(kind, actor=actor.text, at=now(line.city), reason=note)


def _audit(actor: Actor, line: StatementLine, finding: str, *, needs_second: bool) -> None:
    detail = {"finding": finding, "amount": line.amount, "needs_second": needs_second}
    city, subject = actor.city, str(line_subject(line.pk))
    record_audit(
        city=city, actor=actor.text, action="disputed_line_found", subject=subject, at=now(city), detail=detail
    )
