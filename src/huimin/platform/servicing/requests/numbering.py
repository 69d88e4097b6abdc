"""A child that was insured by its birth certificate gets its ID number: one step of the guardian's or at a counter.

The bureau is asked whether the new number belongs to the same person as it has them. If it says so nobody else has to
look; until then the request stands in the handlers' queue as any other, and people may decide it.
"""

from __future__ import annotations

import json
from functools import partial

from huimin.platform.enrolment.api import PolicyFacts, lock_policies_of_members, policies_by_id
from huimin.platform.foundation.actors import Actor, queue_actor
from huimin.platform.foundation.approvals.services import drop
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.events.recording import history_of
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, writing_together
from huimin.platform.gateways.api import DoorError, Match, Unreachable, bureau_of
from huimin.platform.people.api import identities_of
from huimin.platform.servicing.endorsing.carrying_out import Asked, carry_out, prepare
from huimin.platform.servicing.endorsing.state import endorsements_in
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.checked_facts import checked_facts, facts_now
from huimin.platform.servicing.requests.deciding import USE_CASE
from huimin.platform.servicing.requests.failures import RequestError
from huimin.platform.servicing.requests.opening import lock_request, subject_of_request
from huimin.platform.servicing.requests.requesting import open_for, refuse_given_up
from huimin.platform.servicing.requests.rules import Asks, Step
from huimin.platform.servicing.stories import subject_of
from huimin.platform.servicing.telling import tell_both
from huimin.platform.servicing.withdrawal import locked_policy
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue
from huimin.settlement.documents import DocumentKind, parse_document

__all__ = ["TASK", "confirm_id_number", "give_id_number"]

TASK = "confirm_id_number"
_WORDS = "出生医学证明参保的新生儿已上户口，登记公民身份号码"


def give_id_number(*, actor: Actor, number: str, id_number: str) -> int:
    """Say which ID number the child of this policy has now. Returns the number of the request; the bureau is asked.

    For the holder, and for handlers at a counter. Raises NotAllowed; HuiminError `policy_not_found`, `policy_ended`,
    `id_number_taken`; InputError `bad_identity_number`; RequestError `not_by_certificate`, `other_birth_date`,
    `too_many_policy_requests`.
    """
    with writing_together():
        policy = locked_policy(actor, number, Action.ASK_FOR_ENDORSEMENT)
        refuse_given_up(policy)
        facts = facts_now(policy, endorsements_in(history_of(policy.city, subject_of(number)).events))
        _refuse_other(facts["id_number"], id_number, (facts["birth_date"], facts["sex"]))
        found = checked_facts(policy, {"id_number": id_number}, facts, change=False)
        content = {"facts": found, "from_day": None, "words": _WORDS, "dated": str(today(policy.city))}
        request = open_for(actor, policy, Asks.CORRECT, content, ())
        enqueue(city=policy.city, kind=TASK, key=f"id-number-{request}", payload={"request": request})
        return request


def _refuse_other(known: str, given: str, birth: tuple[str, str]) -> None:
    """Raise unless the child has a certificate alone, and the number is one of somebody born so."""
    if parse_document(known).kind is not DocumentKind.BIRTH_CERTIFICATE:
        raise RequestError("the insured has a number of their own already", code="not_by_certificate")
    document = parse_document(given)
    if document.birth_date is None or (str(document.birth_date), document.sex) != birth:
        text = "the number is of somebody born on another day, or of the other sex; expected the child's own ID number"
        raise RequestError(text, code="other_birth_date")


def confirm_id_number(attempt: Attempt) -> Write | None:
    """A worker's: ask the bureau whose number it is. Safe to run twice.

    A number that the bureau does not know yet is asked again; one that it has for somebody else is left to people.
    """
    city, request_id = attempt.task.city, int(json.loads(attempt.task.payload)["request"])
    request = PolicyRequest.objects.fetch_one(city, {"id": request_id, "closed_at": None})
    if request is None:
        return None
    policy = policies_by_id(city, [request.policy_id])[request.policy_id]
    name, given = identities_of(city, [policy.insured_id])[policy.insured_id].name, request.said["facts"]["id_number"]
    try:
        matched = bureau_of(city).find_person(f"request:{request_id}", given, name)
    except Unreachable as failure:
        raise NotNowError(f"bureau_{failure.reason}", failure.retry_after) from failure
    except DoorError as failure:
        raise TryAgainError(f"bureau_{failure.reason}"[:60]) from failure
    if matched.match is Match.NOT_KNOWN:
        raise TryAgainError("not_known_to_bureau_yet")
    if matched.person is None or matched.person.psn_no != policy.psn_no:
        return None
    return partial(_confirmed, city, request_id, policy)


def _confirmed(city: City, request_id: int, seen: PolicyFacts) -> None:
    """The bureau has the child under both: the register and every policy say the new number from now on."""
    policies = lock_policies_of_members(city, seen.psn_no)
    try:
        handled = lock_request(city, request_id)
    except RequestError:
        return  # people decided it meanwhile
    policy, by, moment = next(one for one in policies if one.id == seen.id), queue_actor(city).text, now(city)
    prepared = prepare(policies, policy.number, Asked.of(handled.content, request_id))
    subject = subject_of_request(request_id)
    drop(city=city, use_case=USE_CASE, subject=subject, by=by, reason="the bureau has confirmed it")
    carry_out(prepared, by=by, at=moment)
    handled.happens(Step.GRANTED, by=by, at=moment, data={"confirmed_by": "bureau"})
    record_audit(city=city, actor=by, action="policy_request_granted", subject=str(subject), at=moment)
    tell_both(policy, "policy_request_granted", f"decided-{request_id}")
