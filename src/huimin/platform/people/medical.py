"""Medical facts of a family: seen by others only with the person's own consent, shown by a code to their telephone."""

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
from huimin.platform.people.models import IdentityCheck, MedicalConsent, Resident
from huimin.platform.people.selectors import masked_name
from huimin.platform.people.services import IdentityError, check_code, post_code

__all__ = ["PURPOSE", "Grant", "ask_for_consent", "consenting", "give_consent", "grants_of", "withdraw_consent"]

PURPOSE = "family_claims"
"""What a consent is for: to see bills and what the plan pays on them, in order to look after the person's claims."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent in force: who may see whose facts."""

    resident: Resident
    grantee: Resident


def ask_for_consent(*, actor: Actor, grantee: Resident, resident: Resident) -> IdentityCheck:
    """Send a code to the person whose facts they are. It says who asks, and does not sign anybody in.

    The actor is the grantee. Raises NotAllowed; IdentityError (`asked_too_often`): three times a day for one who asks,
    so that nobody is pestered.
    """
    authorise(actor, Action.AGREE_TO_FAMILY, owner=f"resident:{grantee.pk}")
    city = actor.city
    moment = timezone.now()
    if over(city, limits.FOR_CONSENT, keyed(grantee.pk, resident.pk), moment):
        raise IdentityError("this person was asked three times today; ask again tomorrow", code="asked_too_often")
    return post_code(
        city=city,
        resident=resident,
        purpose=_purpose(grantee),
        moment=moment,
        template="family_consent",
        who=masked_name(grantee.name),
    )


def give_consent(*, actor: Actor, grantee: Resident, check_id: int, code: str, text: str) -> Resident:
    """The person read the code to who asked, or typed it: they agree to these words. Returns the person.

    The actor is the grantee, on whose page the code is typed; the audit names the person who agreed by the code.
    Raises NotAllowed; IdentityError as `check_code` does.
    """
    authorise(actor, Action.AGREE_TO_FAMILY, owner=f"resident:{grantee.pk}")
    city = actor.city
    # Not in one transaction with what follows: a wrong attempt counts although nothing comes of it.
    resident = check_code(city=city, check_id=check_id, code=code, purpose=_purpose(grantee))
    digest = hashlib.sha256(text.encode()).hexdigest()
    agreed = resident_actor(city, resident.pk)
    _append(agreed, resident, grantee, given=True, text_digest=digest, check_id=check_id)
    return resident


def withdraw_consent(*, actor: Actor, resident: Resident, grantee: Resident) -> None:
    """Either of the two ends it, at once and without a reason. Nothing happens where none is in force.

    Raises NotAllowed for anybody else.
    """
    either = (f"resident:{resident.pk}", f"resident:{grantee.pk}")
    authorise(actor, Action.AGREE_TO_FAMILY, owner=next((one for one in either if actor.owns(one)), either[0]))
    if consenting(actor.city, grantee, [resident.pk]):
        _append(actor, resident, grantee, given=False, text_digest="", check_id=None)


def consenting(city: City, grantee: Resident, resident_ids: list[int]) -> set[int]:
    """Those of these residents who let this one see their medical facts now."""
    rows = MedicalConsent.objects.of(city).filter(grantee=grantee, resident_id__in=resident_ids, purpose=PURPOSE)
    last = dict(rows.order_by("pk").values_list("resident_id", "given"))
    return {resident for resident, given in last.items() if given}


def grants_of(city: City, person: Resident) -> list[Grant]:
    """The consents in force that this person gave or holds."""
    rows = MedicalConsent.objects.of(city).filter(purpose=PURPOSE).select_related("resident", "grantee")
    mine = (rows.filter(resident=person) | rows.filter(grantee=person)).order_by("pk")
    last = {(row.resident_id, row.grantee_id): row for row in mine}
    return [Grant(row.resident, row.grantee) for row in last.values() if row.given]


@transaction.atomic
def _append(
    actor: Actor,
    resident: Resident,
    grantee: Resident,
    *,
    given: bool,
    text_digest: str,
    check_id: int | None,
) -> None:
    city, moment = actor.city, now(actor.city)
    MedicalConsent.objects.create(
        city=city,
        resident=resident,
        grantee=grantee,
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
        subject=f"resident:{resident.pk}",
        at=moment,
        detail={"purpose": PURPOSE, "grantee": grantee.pk},
    )


def _purpose(grantee: Resident) -> str:
    return f"family:{grantee.pk}"
