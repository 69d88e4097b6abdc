"""A person looks at a bill that was drawn, and says whether it was decided rightly. No money moves by it."""

from __future__ import annotations

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.claims.models import SampleAnswer, SampledBill
from huimin.platform.foundation.actors import Actor, Who
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings.recording import findings_about, record_finding
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note

__all__ = ["answer_sampled"]

SUBJECT, QUESTION = "sampled_bill", "decided_rightly"


@transaction.atomic
def answer_sampled(*, actor: Actor, sampled_id: int, answer: SampleAnswer, note: str) -> None:
    """Record whether the bill was decided rightly, and why. What is wrong is put right by the roads that there are.

    Raises NotAllowed; HuiminError `note_missing`, or `sample_answered` where it is answered, or is not there.
    """
    authorise(actor, Action.ANSWER_SAMPLE)
    refuse_without_note(note)
    city, moment = actor.city, now(actor.city)
    row: SampledBill | None = SampledBill.objects.fetch_one(city, {"id": sampled_id}, lock=True)
    if row is None or row.answer:
        raise HuiminError(f"no sampled bill {sampled_id} waits for an answer", code="sample_answered")
    row.answer, row.note, row.answered_by, row.answered_at = answer, note, actor.text, moment
    SampledBill.objects.rewrite(row, "answer", "note", "answered_by", "answered_at")
    subject = Subject(SUBJECT, str(row.pk))
    record_finding(
        actor=actor,
        role=Who.HANDLER,
        subject=subject,
        question=QUESTION,
        answer=answer.value,
        reason=note,
        at=moment,
        before=findings_about(city, subject, QUESTION),
    )
    detail = {"answer": answer.value}
    record_audit(city=city, actor=actor.text, action="sample_answered", subject=str(subject), at=moment, detail=detail)
