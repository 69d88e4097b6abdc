"""A code to an adult whom somebody of the family wants to insure: by passing it on they agree."""

from __future__ import annotations

from django.utils import timezone

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.permissions import Action
from huimin.platform.people import limits
from huimin.platform.people.limits import keyed, over
from huimin.platform.people.models import Resident
from huimin.platform.people.persons import NamedPerson
from huimin.platform.people.selectors import masked_name
from huimin.platform.people.services import IdentityError, check_code, post_code

__all__ = ["ask_to_be_insured", "check_agreed"]


def ask_to_be_insured(*, actor: Actor, payer: NamedPerson, resident_id: int) -> int:
    """Send the code. The message says who asks; the code does not sign anybody in. Returns the number of the check.

    Raises NotAllowed; IdentityError: `no_telephone` where the register has none of this person, `asked_too_often` after
    three requests a day from one person to another.
    """
    authorise(actor, Action.ENROL, owner=f"resident:{payer.id}")
    city, moment = actor.city, timezone.now()
    resident = Resident.objects.of(city).get(pk=resident_id)
    if not resident.telephone:
        raise IdentityError("the register has no telephone of this person", code="no_telephone")
    if over(city, limits.FOR_CONSENT, keyed("cover", payer.id, resident_id), moment):
        raise IdentityError("this person was asked three times today; ask again tomorrow", code="asked_too_often")
    who, purpose = masked_name(payer.name), _purpose(payer.id)
    return post_code(city=city, resident=resident, purpose=purpose, moment=moment, template="cover_consent", who=who)


def check_agreed(*, actor: Actor, payer: NamedPerson, check_id: int, code: str) -> NamedPerson:
    """The person who got this code from this payer. Raises NotAllowed; IdentityError as `check_code`."""
    authorise(actor, Action.ENROL, owner=f"resident:{payer.id}")
    return check_code(city=actor.city, check_id=check_id, code=code, purpose=_purpose(payer.id))


def _purpose(payer_id: int) -> str:
    return f"cover:{payer_id}"
