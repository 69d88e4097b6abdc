"""Requests are decided: a handler looks and proposes, another person sees what would follow and agrees.

A refusal, and closing what the platform found, is one person's; a contested health record takes two either way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.platform.enrolment.api import (
    RECORD_QUESTION,
    THEIRS,
    PolicyFacts,
    lock_policies_of_members,
    policies_by_id,
    subject_of_record,
)
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
from huimin.platform.servicing.contesting import prepare_contest
from huimin.platform.servicing.dying import prepare_death
from huimin.platform.servicing.endorsing.carrying_out import Asked, carry_out, prepare
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.failures import RequestError
from huimin.platform.servicing.requests.opening import Handled, lock_request, subject_of_request
from huimin.platform.servicing.requests.rules import Asks, Step
from huimin.platform.servicing.telling import tell_both

__all__ = ["USE_CASE", "agree_to_request", "close_look", "policy_request", "propose_request", "refuse_request"]

USE_CASE = "policy_request"


@dataclass(frozen=True, slots=True)
class _Worked:
    """What would follow from granting a request, and how it is done."""

    would_change: dict[str, Any]
    carry_out: Callable[[str, datetime], None]


def propose_request(*, actor: Actor, request_id: int, note: str, answer: str = "") -> Proposal:
    """Propose that a request is granted. `answer`: of a contested record, `theirs` or `not_theirs`.

    Raises NotAllowed; RequestError `request_closed`, `answer_missing`; ApprovalError `note_missing`,
    `already_proposed`; and what would keep it from being carried out.
    """
    authorise(actor, Action.DECIDE_ON_POLICIES)
    refuse_without_note(note, RequestError)
    city, arguments = actor.city, ({"answer": answer} if answer else {})
    with writing_together():
        handled, policies = _locked(city, request_id)
        proposal = propose(
            actor=actor,
            use_case=USE_CASE,
            subject=subject_of_request(request_id),
            arguments=arguments,
            reason=note,
            prepared=_prepared(handled, policies, arguments),
        )
        moment = now(city)
        if handled.asks is Asks.CONTEST:
            subject, question = subject_of_record(handled.content["record"]), RECORD_QUESTION
            record_finding(
                actor=actor,
                role=Who.HANDLER,
                subject=subject,
                question=question,
                answer=answer,
                reason=note,
                at=moment,
                before=findings_about(city, subject, question),
                evidence=[{"policy_request": request_id}],
                approval=proposal.id,
            )
        handled.happens(Step.PROPOSED, by=actor.text, at=moment, reason=note, data=arguments)
    return proposal


def agree_to_request(*, actor: Actor, request_id: int, agrees: bool, note: str) -> Answered:
    """Another person agrees, and it is carried out; or sends it back to the handler.

    Raises NotAllowed; RequestError `request_closed`, `nothing_to_agree`; ApprovalError (`note_missing`,
    `same_person`).
    """
    authorise(actor, Action.AGREE_ON_POLICIES)
    proposal = open_proposal(actor.city, USE_CASE, subject_of_request(request_id))
    if proposal is None:
        raise RequestError("nobody has proposed anything here", code="nothing_to_agree")
    return answer_proposal(actor=actor, approval_id=proposal.id, agrees=agrees, reason=note)


def refuse_request(*, actor: Actor, request_id: int, note: str) -> None:
    """Refuse a request, and tell whoever asked why. A contested record is not refused by one person.

    Raises NotAllowed; RequestError `note_missing`, `request_closed`, `two_people_needed`.
    """
    _close(actor, request_id, note, Step.REFUSED)


def close_look(*, actor: Actor, request_id: int, note: str) -> None:
    """Say what was done about something that the platform found. Raises as `refuse_request`."""
    _close(actor, request_id, note, Step.DONE)


def _close(actor: Actor, request_id: int, note: str, step: Step) -> None:
    authorise(actor, Action.DECIDE_ON_POLICIES)
    refuse_without_note(note, RequestError)
    city = actor.city
    with writing_together():
        handled, policies = _locked(city, request_id)
        if handled.asks is Asks.CONTEST or (handled.asks is Asks.LOOK) != (step is Step.DONE):
            raise RequestError(f"a request of this kind is not closed as {step}", code="two_people_needed")
        moment, subject = now(city), subject_of_request(request_id)
        drop(city=city, use_case=USE_CASE, subject=subject, by=actor.text, reason=note)
        handled.happens(step, by=actor.text, at=moment, reason=note)
        record_audit(city=city, actor=actor.text, action=f"policy_request_{step}", subject=str(subject), at=moment)
        if step is Step.REFUSED:
            tell_both(_of(policies, handled), "policy_request_refused", f"refused-{request_id}")


def policy_request() -> UseCase:
    """What two people decide, as `servicing` registers it."""
    return UseCase(USE_CASE, Action.DECIDE_ON_POLICIES, Action.AGREE_ON_POLICIES, _prepare, _told)


def _prepare(proposal: Proposal) -> Prepared:
    handled, policies = _locked(proposal.city, int(proposal.subject.id))
    return _prepared(handled, policies, dict(proposal.arguments))


def _prepared(handled: Handled, policies: list[PolicyFacts], arguments: dict[str, Any]) -> Prepared:
    worked = _work_out(handled, policies, arguments)

    def carry(actor: Actor) -> None:
        city, moment = handled.row.city, now(handled.row.city)
        worked.carry_out(actor.text, moment)
        stands = arguments.get("answer") == THEIRS
        step = Step.REFUSED if stands else Step.GRANTED
        handled.happens(step, by=actor.text, at=moment, data=arguments)
        subject = str(subject_of_request(handled.row.pk))
        record_audit(city=city, actor=actor.text, action=f"policy_request_{step}", subject=subject, at=moment)
        template = "policy_request_refused" if stands else "policy_request_granted"
        tell_both(_of(policies, handled), template, f"decided-{handled.row.pk}")

    return Prepared({"asks": handled.row.asks, **worked.would_change}, carry)


def _work_out(handled: Handled, policies: list[PolicyFacts], arguments: dict[str, Any]) -> _Worked:
    content, policy = handled.content, _of(policies, handled)
    if handled.asks is Asks.DEATH:
        death = prepare_death(policies, content["day"], content["source"], handled.row.pk)
        return _Worked(death.would_change(), lambda by, at: death.carry_out(by=by, at=at))
    if handled.asks is Asks.CONTEST:
        contest = prepare_contest(policies, content["record"], arguments.get("answer", ""), handled.row.pk)
        return _Worked(contest.would_change(), lambda by, at: contest.carry_out(by=by, at=at))
    if handled.asks is Asks.LOOK:
        raise RequestError("what the platform found is closed with a note", code="two_people_needed")
    prepared = prepare(policies, policy.number, Asked.of(content, handled.row.pk))
    return _Worked(prepared.would_change(), lambda by, at: carry_out(prepared, by=by, at=at))


def _told(proposal: Proposal, answered: Answered) -> None:
    """Append to the request's history an answer by which nothing was carried out."""
    if answered.answer == Answer.APPROVED:
        return
    handled = lock_request(proposal.city, int(proposal.subject.id))
    handled.happens(
        Step(answered.answer.value), by=answered.answered_by, at=answered.answered_at, reason=answered.reason
    )


def _locked(city: City, request_id: int) -> tuple[Handled, list[PolicyFacts]]:
    """The open request, and all policies of its insured, locked first and as bills lock them."""
    rows = PolicyRequest.objects.pick(city, ("policy",), {"id": request_id})
    policies: list[PolicyFacts] = []
    for (policy_id,) in rows:
        seen = policies_by_id(city, [policy_id])[policy_id]
        policies = lock_policies_of_members(city, seen.psn_no)
    return lock_request(city, request_id), policies


def _of(policies: list[PolicyFacts], handled: Handled) -> PolicyFacts:
    return next(policy for policy in policies if policy.id == handled.row.policy_id)
