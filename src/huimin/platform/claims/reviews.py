"""What a person does with a held bill: confirm a fact, ask for the bill again, or refuse it. Nobody types in an amount.

A finding says which fact is true, and the program computes from it what the plan pays. Above the city's amount the
finding is only proposed, and a second person must agree before anything is paid. Finding, closing, decision and audit
are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from huimin.money import format_yuan
from huimin.platform.claims.answers import SettlementAnswer
from huimin.platform.claims.cases.case import USE_CASE, Case, close, lock_open_case, locked_case, subject_of
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.rules import Happened
from huimin.platform.claims.cases.taking import refuse_taken_by_another
from huimin.platform.claims.cases.working_out import findings_for, outcome_of
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.outcome import Outcome
from huimin.platform.enrolment.api import lock_policies_of_members
from huimin.platform.foundation.actors import Actor, Who
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.approvals.services import answer_proposal, drop, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.findings.recording import findings_about, record_finding
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note, writing_together

__all__ = ["QUESTION", "Found", "agree", "close_resent", "find", "held_bill"]

QUESTION = "held_bill"
"""The question that a handler's finding answers: what is true of the held bill."""
_DECIDING = (Finding.RELEASE, Finding.RELEASE_CREDITED, Finding.SECOND_STANDS)


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a finding: the answer if the bill was decided, and whether a second person must agree first."""

    answer: SettlementAnswer | None = None
    needs_second: bool = False


def find(*, actor: Actor, review_id: int, finding: Finding, note: str) -> Found:
    """Record what a handler found about a held bill, and do what follows from it.

    Raises NotAllowed; ReviewError: `note_missing`, `review_closed`, `taken_by_another`, `wrong_finding`, or, if the
    bill cannot be decided even so, the code for which it would be held again.
    """
    authorise(actor, Action.FIND)
    refuse_without_note(note, ReviewError)
    with writing_together():
        case = _locked(actor.city, review_id)
        refuse_taken_by_another(case, actor)
        if finding not in findings_for(case.review):
            raise ReviewError(f"{finding} is not a finding for a bill held as {case.review.code}", code="wrong_finding")
        moment = now(actor.city)
        outcome = outcome_of(case.review, finding, moment) if finding in _DECIDING else None
        _take_back(case, actor, note, moment)
        if finding == Finding.ASK_AGAIN:
            case.happens(Happened.ASKED_AGAIN, actor=actor.text, at=moment, reason=note)
            _audit(case, actor, finding, moment)
            return Found()
        return _find(case, actor, finding, note, outcome, moment)


def _find(case: Case, actor: Actor, finding: Finding, note: str, outcome: Outcome | None, moment: datetime) -> Found:
    """Record the finding, and carry it out, or propose it if it is about more than the city's amount."""
    city, subject = actor.city, subject_of(case.review.pk)
    would_pay = outcome.would_pay() if outcome is not None else None
    amount = would_pay.amount() if would_pay is not None else 0
    needs_second = amount > city.second_person_above
    proposal = None
    if outcome is not None and needs_second:
        arguments = {"finding": finding.value}
        prepared = _prepared(case, outcome, finding, note, moment)
        proposal = propose(
            actor=actor, use_case=USE_CASE, subject=subject, arguments=arguments, reason=note, prepared=prepared
        )
    record_finding(
        actor=actor,
        role=Who.HANDLER,
        subject=subject,
        question=QUESTION,
        answer=finding.value,
        reason=note,
        at=moment,
        before=findings_about(city, subject, QUESTION),
        approval=proposal.id if proposal is not None else None,
    )
    data = {"finding": finding.value, "amount": amount}
    kind = Happened.PROPOSED if needs_second else Happened.FOUND
    case.happens(kind, actor=actor.text, at=moment, reason=note, data=data)
    _audit(case, actor, finding, moment, amount, needs_second=needs_second)
    return Found(needs_second=True) if needs_second else _carry_out(case, outcome, finding, note, actor, moment)


def agree(*, actor: Actor, review_id: int, agrees: bool, note: str) -> Found:
    """Let the second person agree to a large finding, which is then carried out, or send the bill back to the first
    person.

    Only what the first person saw is ever paid. If the year has changed since, so that other amounts would be paid,
    this is recorded, and the first person has to look at the bill again.

    Raises NotAllowed; ReviewError: `nothing_to_agree`, `outcome_changed`; ApprovalError: `note_missing`, `same_person`.
    """
    authorise(actor, Action.AGREE)
    proposal = open_proposal(actor.city, USE_CASE, subject_of(review_id))
    if proposal is None:
        raise ReviewError("no finding on this bill is waiting for a second person", code="nothing_to_agree")
    answered = answer_proposal(actor=actor, approval_id=proposal.id, agrees=agrees, reason=note)
    if answered.answer == Answer.OUTDATED:
        raise _outcome_changed(proposal.would_change, answered.would_change or {})
    return answered.result if isinstance(answered.result, Found) else Found()


def held_bill() -> UseCase:
    """The use case that a second person agrees to, for `claims` to register."""
    return UseCase(USE_CASE, Action.FIND, Action.AGREE, _prepare, _told)


def _prepare(proposal: Proposal) -> Prepared:
    case = _locked(proposal.city, int(proposal.subject.id))
    finding, moment = Finding(proposal.arguments["finding"]), now(proposal.city)
    outcome = outcome_of(case.review, finding, moment)
    return _prepared(case, outcome, finding, proposal.reason, moment)


def _prepared(case: Case, outcome: Outcome, finding: Finding, note: str, moment: datetime) -> Prepared:
    def carry_out(actor: Actor) -> Found:
        case.happens(Happened.AGREED, actor=actor.text, at=moment)
        return _carry_out(case, outcome, finding, note, actor, moment)

    return Prepared(asdict(outcome.would_pay()), carry_out)


def _told(proposal: Proposal, answered: Answered) -> None:
    """Append to the bill's history an answer by which nothing was carried out."""
    if answered.answer == Answer.APPROVED:
        return
    case = lock_open_case(proposal.city, int(proposal.subject.id))
    if case is not None:
        kind = Happened(answered.answer.value)
        case.happens(kind, actor=answered.answered_by, at=answered.answered_at, reason=answered.reason)


def _take_back(case: Case, actor: Actor, note: str, moment: datetime) -> None:
    """Take back a proposal that waits for a second person, because a handler records a new finding."""
    subject = subject_of(case.review.pk)
    if drop(city=actor.city, use_case=USE_CASE, subject=subject, by=actor.text, reason=note) is not None:
        case.happens(Happened.WITHDRAWN, actor=actor.text, at=moment, reason=note)


def _outcome_changed(then: Mapping[str, Any], by_now: Mapping[str, Any]) -> ReviewError:
    """The error that says which amounts have changed."""
    values = {
        "bill_then": format_yuan(then["bill"]),
        "years_then": format_yuan(sum(then["years"].values())),
        "bill_now": format_yuan(by_now["bill"]),
        "years_now": format_yuan(sum(by_now["years"].values())),
    }
    text = (
        "the year has changed since the finding: it saw {bill_then} on the bill and {years_then} in the year's total; "
        "now it would be {bill_now} and {years_now}. Nothing was paid; the handler must look at it again"
    )
    return ReviewError(text.format(**values), code="outcome_changed", values=values)


def close_resent(reviews: Sequence[ReviewItem], fact: SettlementFact, moment: datetime) -> None:
    """Close held bills that the sender sent again and that were then decided; `fact` is linked to them."""
    for review in reviews:
        if review.closed_at is None:
            case = lock_open_case(review.city, review.pk)
            if case is not None:
                close(case, "decided_on_resend", by=f"client:{fact.client_id}", at=moment, fact=fact)


def _locked(city: City, review_id: int) -> Case:
    """The open case. Its member's policies are locked first, in the same order as when a bill is sent again."""
    seen = ReviewItem.objects.of(city).filter(pk=review_id).values_list("psn_no", flat=True).first()
    if seen is not None:
        lock_policies_of_members(city, seen)
    return locked_case(city, review_id)


def _carry_out(
    case: Case, outcome: Outcome | None, finding: Finding, note: str, actor: Actor, moment: datetime
) -> Found:
    """Store what the finding leads to and close the case. `note` is the first person's, even if a second one agreed."""
    if outcome is not None:
        outcome.store(moment)
    fact = outcome.fact if outcome is not None else None
    close(case, finding.value, by=actor.text, at=moment, note=note, fact=fact)
    return Found(outcome.answer() if outcome is not None else None)


def _audit(
    case: Case, actor: Actor, finding: Finding, moment: datetime, amount: int = 0, *, needs_second: bool = False
) -> None:
    record_audit(
        city=actor.city,
        actor=actor.text,
        action=f"finding_{finding}",
        subject=str(subject_of(case.review.pk)),
        at=moment,
        detail={"amount": amount, "needs_second": needs_second},
    )
