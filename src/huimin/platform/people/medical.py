"""Consent to let family see one's medical facts. The person proves the consent by a code sent to their telephone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.actors import Actor, resident_actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.people import limits
from huimin.platform.people.limits import keyed, over
from huimin.platform.people.models import MedicalConsent, Resident
from huimin.platform.people.persons import NamedPerson, PersonFacts
from huimin.platform.people.selectors import masked_name, named_persons
from huimin.platform.people.services import IdentityError, check_code, post_code

__all__ = ["PURPOSE", "Grant", "ask_for_consent", "consenting", "give_consent", "grants_of", "withdraw_consent"]

PURPOSE = "family_claims"
"""What a consent is for: seeing bills and what the plan pays on them, in order to handle the person's claims."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent in force: who may see whose facts."""

    resident: NamedPerson
    grantee: NamedPerson


def ask_for_consent(*, actor: Actor, grantee: NamedPerson, resident: NamedPerson) -> int:
    """Send a code to the person whose facts they are. The message says who asks; the code does not sign anybody in.

    The actor is the grantee. Raises NotAllowed; IdentityError (`asked_too_often`) after three requests a day from one
    person to another, so that nobody is pestered.
    """
    authorise(actor, Action.AGREE_TO_FAMILY, owner=f"resident:{grantee.id}")
    city = actor.city
    moment = timezone.now()
    if over(city, limits.FOR_CONSENT, keyed(grantee.id, resident.id), moment):
        raise IdentityError("this person was asked three times today; ask again tomorrow", code="asked_too_often")
    return post_code(
        city=city,
        resident=Resident.objects.of(city).get(pk=resident.id),
        purpose=_purpose(grantee),
        moment=moment,
        template="family_consent",
        who=masked_name(grantee.name),
    )


def give_consent(*, actor: Actor, grantee: NamedPerson, check_id: int, code: str, text: str) -> NamedPerson:
    """Record the consent of a person who typed the code, or read it to whoever asked: they agree to these words.
    Returns the person.

    The actor is the grantee, on whose page the code is typed; the audit names the person who agreed by the code.
    Raises NotAllowed; IdentityError as `check_code` does.
    """
    authorise(actor, Action.AGREE_TO_FAMILY, owner=f"resident:{grantee.id}")
    city = actor.city
    # Not in one transaction with what follows, so that a wrong attempt counts even though it fails.
    resident = check_code(city=city, check_id=check_id, code=code, purpose=_purpose(grantee))
    digest = hashlib.sha256(text.encode()).hexdigest()
    agreed = resident_actor(city, resident.id)
    _append(agreed, resident, grantee, given=True, text_digest=digest, check_id=check_id)
    return resident


def withdraw_consent(*, actor: Actor, resident: NamedPerson, grantee: NamedPerson) -> None:
    """Let either of the two end a consent, at once and without a reason. Nothing happens if none is in force.

    Raises NotAllowed for anybody else.
    """
    either = (f"resident:{resident.id}", f"resident:{grantee.id}")
    authorise(actor, Action.AGREE_TO_FAMILY, owner=next((one for one in either if actor.owns(one)), either[0]))
    if consenting(actor.city, grantee, [resident.id]):
        _append(actor, resident, grantee, given=False, text_digest="", check_id=None)


def consenting(city: City, grantee: PersonFacts, resident_ids: list[int]) -> set[int]:
    """Which of these residents now let the grantee see their medical facts."""
    rows = MedicalConsent.objects.of(city).filter(grantee=grantee.id, resident_id__in=resident_ids, purpose=PURPOSE)
    last = dict(rows.order_by("pk").values_list("resident_id", "given"))
    return {resident for resident, given in last.items() if given}


def grants_of(city: City, person: NamedPerson) -> list[Grant]:
    """The consents in force that this person gave or holds."""
    rows = MedicalConsent.objects.of(city).filter(purpose=PURPOSE)
    mine = (rows.filter(resident=person.id) | rows.filter(grantee=person.id)).order_by("pk")
    last = {(resident, grantee): given for resident, grantee, given in mine.values_list("resident", "grantee", "given")}
    pairs = [pair for pair, given in last.items() if given]
    named = named_persons(city, {one for pair in pairs for one in pair})
    return [Grant(named[resident], named[grantee]) for resident, grantee in pairs]


@transaction.atomic
def _append(
    actor: Actor,
    resident: NamedPerson,
    grantee: NamedPerson,
    *,
    given: bool,
    text_digest: str,
    check_id: int | None,
) -> None:
    city, moment = actor.city, now(actor.city)
    MedicalConsent.objects.create(
        city=city,
        resident_id=resident.id,
        grantee_id=grantee.id,
        given=given,
        purpose=PURPOSE,
        text_digest=text_digest,
        check_row_id=check_id,
        at=moment,
    )
    record_audit(
        city=city,
        actor=actor.text,
        action="medical_consent_given" if given else "medical_consent_withdrawn",
        subject=f"resident:{resident.id}",
        at=moment,
        detail={"purpose": PURPOSE, "grantee": grantee.id},
    )


def _purpose(grantee: NamedPerson) -> str:
    return f"family:{grantee.id}"
