"""Reads findings with the answers of second persons, and appends findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.models import Answer, ApprovalAnswer
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings.finding import Agreement, Finding
from huimin.platform.foundation.findings.models import RecordedFinding
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import refuse_without_note

__all__ = ["findings_about", "record_finding"]

_AGREEMENTS = {Answer.APPROVED: Agreement.GIVEN}


def findings_about(city: City, subject: Subject, question: str) -> list[Finding]:
    """The chain of findings on one question, the oldest first."""
    where = {"subject_kind": subject.kind, "subject_id": subject.id, "question": question}
    rows = RecordedFinding.objects.fetch(city, where, order_by=("id",))
    asked = [row.approval_id for row in rows if row.approval_id is not None]
    answers = dict(ApprovalAnswer.objects.pick(city, ("approval", "answer"), {"approval": asked})) if asked else {}
    return [_finding(row, answers) for row in rows]


def record_finding(
    *,
    actor: Actor,
    role: str,
    subject: Subject,
    question: str,
    answer: str,
    reason: str,
    at: datetime,
    before: Sequence[Finding],
    evidence: Iterable[Mapping[str, Any]] = (),
    confidence: int | None = None,
    approval: int | None = None,
) -> Finding:
    """Append a finding that replaces the last one of `before`, the result of `findings_about`.

    Call it in the transaction of what follows from it, with the subject locked: if two findings replace the same one,
    the database refuses the second. `role` is the author's role. `approval` is the number of the proposal that a second
    person has to agree to. `confidence` is in basis points. Raises HuiminError (`note_missing`).
    """
    refuse_without_note(reason)
    row = RecordedFinding(
        city=actor.city,
        subject_kind=subject.kind,
        subject_id=subject.id,
        question=question,
        answer=answer,
        author=actor.text,
        role=role,
        reason=reason,
        evidence=[dict(one) for one in evidence],
        confidence=confidence,
        supersedes_id=before[-1].id if before else None,
        approval_id=approval,
        found_at=at,
        recorded_at=now(actor.city),
    )
    RecordedFinding.objects.insert([row])
    return _finding(row, {})


def _finding(row: RecordedFinding, answers: Mapping[int, str]) -> Finding:
    found = Finding(
        id=row.pk,
        subject=Subject(row.subject_kind, row.subject_id),
        question=row.question,
        answer=row.answer,
        author=row.author,
        role=row.role,
        reason=row.reason,
        found_at=timezone.localtime(row.found_at),
        evidence=tuple(row.evidence),
        confidence=row.confidence,
        supersedes=row.supersedes_id,
    )
    if row.approval_id is None:
        return found
    answer = answers.get(row.approval_id)
    agreement = Agreement.WAITED_FOR if answer is None else _AGREEMENTS.get(Answer(answer), Agreement.REFUSED)
    return replace(found, agreement=agreement)
