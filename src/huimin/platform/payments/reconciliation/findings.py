"""A difference with the bank is answered by a finding; when the last of a day is, the day is closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, Who
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings.recording import findings_about, record_finding
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.payments.models import PaymentCase
from huimin.platform.payments.reconciliation.company import counterpart_of
from huimin.platform.payments.reconciliation.counterparts import FoundDifference
from huimin.platform.payments.reconciliation.kinds import DifferenceAnswer, answers_to
from huimin.platform.payments.reconciliation.services import close_explained

__all__ = ["QUESTION", "find_difference"]

QUESTION = "difference"


@transaction.atomic
def find_difference(*, actor: Actor, case_id: int, answer: str, note: str, policy: str = "") -> None:
    """Record what was found about a difference with the bank, close its case, and do what follows.

    `policy`: the number of the policy that the money repays. Raises NotAllowed; HuiminError (`note_missing`,
    `case_closed`, `wrong_difference_answer`, `payout_not_paid`, `nothing_to_repay`).
    """
    authorise(actor, Action.FIND_DIFFERENCE)
    refuse_without_note(note)
    city, moment = actor.city, now(actor.city)
    case = PaymentCase.objects.of(city).select_for_update().filter(pk=case_id, closed_at=None).first()
    if case is None:
        raise HuiminError("this case is already closed, or does not exist", code="case_closed")
    ours, theirs = case.detail.get("ours") or 0, case.detail.get("theirs") or 0
    if answer not in answers_to(case.kind, ours, theirs):
        raise HuiminError(f"{answer!r} does not answer a case of {case.kind}", code="wrong_difference_answer")
    subject = Subject("payment_case", str(case.pk))
    record_finding(
        actor=actor,
        role=Who.HANDLER,
        subject=subject,
        question=QUESTION,
        answer=DifferenceAnswer(answer).value,
        reason=note,
        at=moment,
        before=findings_about(city, subject, QUESTION),
    )
    case.closed_at, case.closed_by, case.note, case.city = moment, actor.text, note, city
    case.save(update_fields=["closed_at", "closed_by", "note"])
    about, detail = f"payment_case:{case.pk}", {"answer": answer, **({"policy": policy} if policy else {})}
    record_audit(city=city, actor=actor.text, action="difference_found", subject=about, at=moment, detail=detail)
    provider, written, transaction_name = case.key.split(":", 2)
    day = date.fromisoformat(written)
    found = FoundDifference(day, transaction_name, case.reference, theirs, answer, policy)
    counterpart_of(provider).follow(city, found)
    close_explained(city=city, by=actor.text, provider=provider, day=day)
