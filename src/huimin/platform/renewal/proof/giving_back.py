"""Every night: renewals without a whole proof are found, and their money goes back."""

from __future__ import annotations

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.enrolment.api import policies_by_renewal
from huimin.platform.foundation.actors import Actor, queue_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.payments.api import CaseKind, open_case
from huimin.platform.renewal.automatic.models import Renewal, RenewalStatus
from huimin.platform.renewal.automatic.moving import locked, move, tell
from huimin.platform.renewal.proof.finding import proof_of
from huimin.platform.servicing.api import give_back_unagreed
from huimin.platform.tasks.api import Attempt

__all__ = ["check_proofs", "give_back_without_proof"]


def check_proofs(attempt: Attempt) -> None:
    """A worker's, every night, over every policy that came by renewal. Safe to run twice."""
    give_back_without_proof(actor=queue_actor(attempt.task.city))


def give_back_without_proof(*, actor: Actor) -> int:
    """Give back the premium of each renewal that lacks its proof. Returns of how many. Raises NotAllowed.

    Where the money cannot go back by itself, such as where bills have come, a person gets a case.
    """
    authorise(actor, Action.GIVE_BACK_RENEWAL)
    city, done = actor.city, 0
    for reference, policy in policies_by_renewal(city):
        proof = proof_of(city, reference)
        if proof is None or not proof.lacks:
            continue
        lacks = " ".join(proof.lacks)
        try:
            with transaction.atomic():
                give_back_unagreed(actor=actor, number=policy.number, note=lacks)
                _mark(actor, proof.renewal_id, lacks)
            done += 1
        except HuiminError as error:
            _for_a_person(city, reference, policy.price, error.code)
    return done


def _mark(actor: Actor, renewal_id: int, lacks: str) -> None:
    city = actor.city
    renewal: Renewal | None = locked(city, renewal_id) if renewal_id else None
    if renewal is not None:
        move(renewal, RenewalStatus.GIVEN_BACK, by=actor.text, reason=lacks.split(maxsplit=1)[0])
        tell(renewal, "renewal_given_back")
    subject = f"renewal:{renewal_id}"
    detail = {"lacks": lacks}
    record_audit(city=city, actor=actor.text, action="renewal_given_back", subject=subject, at=now(city), detail=detail)


def _for_a_person(city: City, reference: str, fen: int, code: str) -> None:
    key = f"renewal:{reference}"
    with transaction.atomic():
        open_case(
            city=city,
            kind=CaseKind.NO_COVER,
            key=key,
            payment_id=None,
            reference=reference,
            amount=fen,
            detail={"refused": {code: 1}, "no_consent": True},
            at=now(city),
        )
