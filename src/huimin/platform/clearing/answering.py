"""What a hospital answers to its statement: it agrees to lines, or disputes them with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from huimin.platform.clearing.locking import lock_lines
from huimin.platform.clearing.models import DisputeReason, HospitalStatement, LineState, StatementLine
from huimin.platform.clearing.subject import LARGE_LINE, LINE, line_subject, statement_subject
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.selectors import open_proposals_on
from huimin.platform.foundation.approvals.services import drop
from huimin.platform.foundation.authorising import NotAllowed, authorise, refuse_other_roles
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.payments.api import FileFault, FileFaults

__all__ = ["AnswerFaults", "Answers", "Disputed", "answer_lines"]

_WITHDRAWN = "医疗机构已撤回异议（the hospital agrees after all）"


class AnswerFaults(FileFaults):
    """Answers that cannot be taken. All faults are listed, each with the number of its line, and nothing was done."""

    code = "answers_refused"


@dataclass(frozen=True, slots=True)
class Disputed:
    """Why a line is disputed; `note` in the hospital's words, needed with the reason `other`."""

    reason: DisputeReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by number of the line. `rest`: agree to every line that is neither answered before nor disputed here."""

    agreed: Sequence[int] = ()
    disputed: Mapping[int, Disputed] = field(default_factory=dict)
    rest: bool = False


def answer_lines(*, actor: Actor, statement_id: int, answers: Answers) -> int:
    """Take a hospital's answers, all of them or none. An answer that was given before changes nothing.

    A line that was disputed may be agreed to until a finding settles it; nothing that was agreed to is disputed any
    more. After the last day an answer counts too. Returns how many lines have another answer now. Raises NotAllowed;
    AnswerFaults.
    """
    city, moment = actor.city, now(actor.city)
    statement = _statement(actor, statement_id)
    with writing_together():
        _drop_proposals(actor, statement, answers)
        lines = {line.number: line for line in lock_lines(city, statement)}
        faults = [*_faults(lines, answers)]
        if faults:
            raise AnswerFaults(faults)
        agreed = {number for number in answers.agreed if lines[number].state != LineState.AGREED}
        if answers.rest:
            agreed |= {number for number, line in lines.items() if line.state == LineState.OPEN}
            agreed -= answers.disputed.keys()
        disputed = {number: why for number, why in answers.disputed.items() if lines[number].state == LineState.OPEN}
        changed = [_agree(lines[number]) for number in sorted(agreed)]
        changed += [_dispute(lines[number], disputed[number]) for number in sorted(disputed)]
        if changed:
            _write(actor, statement, changed, moment)
    return len(changed)


def _statement(actor: Actor, statement_id: int) -> HospitalStatement:
    """The statement. What is not there is nobody's, and refused as such."""
    refuse_other_roles(actor, Action.ANSWER_HOSPITAL_STATEMENT)
    found: HospitalStatement | None = HospitalStatement.objects.fetch_one(actor.city, {"id": statement_id})
    if found is None:
        raise NotAllowed.of(actor, Action.ANSWER_HOSPITAL_STATEMENT)
    authorise(actor, Action.ANSWER_HOSPITAL_STATEMENT, owner=f"client:{found.client_id}")
    return found


def _faults(lines: Mapping[int, StatementLine], answers: Answers) -> Iterator[FileFault]:
    for number, count in Counter([*answers.agreed, *answers.disputed]).items():
        if count > 1:
            yield FileFault("line_twice", str(number))
        elif number not in lines:
            yield FileFault("line_unknown", str(number), expected=f"1–{len(lines)}")
        elif number in answers.disputed:
            yield from _faults_of_dispute(lines[number], answers.disputed[number])
        elif lines[number].state in (LineState.STANDS, LineState.TO_CORRECT):
            yield FileFault("decided_already", str(number), "agreed", lines[number].state)


def _faults_of_dispute(line: StatementLine, why: Disputed) -> Iterator[FileFault]:
    if why.reason == DisputeReason.OTHER and not why.note.strip():
        yield FileFault("note_missing", str(line.number))
    same = (line.reason, line.note) == (why.reason, StatementLine(note=why.note.strip()).note)
    if line.state == LineState.AGREED or (line.state != LineState.OPEN and not same):
        yield FileFault("decided_already", str(line.number), "disputed", line.state)


def _agree(line: StatementLine) -> StatementLine:
    line.state, line.reason, line.note = LineState.AGREED, "", ""
    return line


def _dispute(line: StatementLine, why: Disputed) -> StatementLine:
    line.state, line.reason, line.note = LineState.DISPUTED, why.reason, why.note.strip()
    return line


def _drop_proposals(actor: Actor, statement: HospitalStatement, answers: Answers) -> None:
    """A finding that waits for a second person has no object any more where the hospital agrees after all.

    The proposal is taken back before the statement is locked, as where somebody agrees to it.
    """
    if not answers.agreed:
        return
    where = {"statement": statement, "number": list(answers.agreed), "state": LineState.DISPUTED}
    ids = [str(key) for (key,) in StatementLine.objects.pick(actor.city, ("id",), where)]
    for proposal in open_proposals_on(actor.city, LARGE_LINE, LINE, ids):
        drop(city=actor.city, use_case=LARGE_LINE, subject=proposal.subject, by=actor.text, reason=_WITHDRAWN)


def _write(actor: Actor, statement: HospitalStatement, changed: Sequence[StatementLine], at: datetime) -> None:
    city: City = actor.city
    for line in changed:
        line.answered_by, line.answered_at = actor.text, at
    StatementLine.objects.rewrite_each(changed, "state", "reason", "note", "answered_by", "answered_at")
    disputed = [line for line in changed if line.state == LineState.DISPUTED]
    for line in disputed:
        data = {"reason": line.reason}
        history_of(city, line_subject(line.pk)).append("disputed", actor=actor.text, at=at, reason=line.note, data=data)
    detail = {"agreed": len(changed) - len(disputed), "disputed": len(disputed)}
    history_of(city, statement_subject(statement.pk)).append("answered", actor=actor.text, at=at, data=detail)
    record_audit(
        city=city,
        actor=actor.text,
        action="hospital_statement_answered",
        subject=str(statement_subject(statement.pk)),
        at=at,
        detail=detail,
    )
