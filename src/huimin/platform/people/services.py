"""Identity verification by one-time codes, and consent."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, resident_actor
from huimin.platform.foundation.authorising import authorise_enrolling
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import record_look
from huimin.platform.people import limits
from huimin.platform.people.limits import Limit, Source, is_known, keyed, over, remember_device
from huimin.platform.people.models import SIGN_IN, Consent, IdentityCheck, Resident
from huimin.platform.people.persons import NamedPerson
from huimin.platform.people.selectors import find_person, find_resident, named_persons
from huimin.platform.tasks.api import enqueue
from huimin.settlement.documents import parse_document

__all__ = [
    "IdentityError",
    "check_code",
    "count_missed",
    "look_up",
    "missed_so_far",
    "post_code",
    "record_consent",
    "refuse_guessing",
    "send_code",
    "send_counter_code",
    "send_own_code",
    "sign_in",
]

_CODE_VALID = timedelta(minutes=10)
_MOST_ATTEMPTS = 5
_TOO_MANY = "too many codes were asked for; wait an hour, or use the device that was used before"


class IdentityError(HuiminError):
    """Somebody's identity could not be verified."""

    code = "identity_not_shown"


def send_code(*, city: City, id_number: str, name: str, source: Source | None = None) -> int:
    """Send a one-time code to the telephone that the register has for this person, if it has the person.

    The answer and the work are the same whether or not the register has the person; nothing is sent if number and name
    do not match. Raises InputError if the number is mistyped, and IdentityError (`too_many_codes`), for known and
    unknown people alike.
    """
    source = source or Source()
    number = parse_document(id_number).number
    resident, moment = find_resident(city=city, id_number=id_number, name=name), timezone.now()
    person, known = blind_index(city.code, number), is_known(city, resident, source)
    _refuse_too_many(city, person, source, moment, known=known)
    telephone = keyed(resident.telephone if resident else person)
    # Counted for unknown people too. That a telephone has had too many codes is not told, since a family may share one.
    quiet = over(city, limits.FOR_TELEPHONE, telephone, moment) and not known
    return post_code(city=city, resident=None if quiet else resident, purpose=SIGN_IN, moment=moment)


@transaction.atomic
def post_code(
    *,
    city: City,
    resident: Resident | None,
    purpose: str,
    moment: datetime,
    template: str = "identity_code",
    who: str = "",
) -> int:
    """Send a code. If `resident` is None nobody gets it, but the same is written. `who` is named in the text, masked.

    Returns the number of the check, which `check_code` needs.
    """
    if resident is not None and resident.died_on is not None:
        resident = None  # nothing is sent to the telephone of somebody who has died
    code = f"{secrets.randbelow(10**6):06d}"
    check = IdentityCheck.objects.create(
        city=city, resident=resident, purpose=purpose, code_digest="", created_at=moment
    )
    check.code_digest = _digest(check, code)
    check.save(update_fields=["code_digest"])
    payload = {"telephone": resident.telephone if resident else "", "template": template, "code": code, "who": who}
    enqueue(city=city, kind="message", key=f"identity-{check.pk}", payload=payload, nobody=resident is None)
    return check.pk


def _refuse_too_many(city: City, person: str, source: Source, moment: datetime, *, known: bool) -> None:
    """Raise IdentityError (`too_many_codes`) if one of the limits is passed. Each try counts, even if it is refused."""
    if known:
        counted = [(limits.BY_KNOWN_DEVICE, keyed(person, source.device))]
    else:
        counted = [(limits.BY_ADDRESS, keyed(source.network))] if source.network else []
        counted += [(limits.BY_DEVICE, keyed(source.device))] if source.device else []
        counted += [(limits.FOR_PERSON_BY_SOURCE, keyed(person, source.network or source.device))]
    refused = [over(city, limit, key, moment) for limit, key in counted]
    if any(refused):
        raise IdentityError(_TOO_MANY, code="too_many_codes")
    # Last, so that a refused request uses up nothing of what strangers may ask for in this name.
    if not known and over(city, limits.FOR_PERSON, keyed(person), moment):
        raise IdentityError(_TOO_MANY, code="too_many_codes")


def check_code(*, city: City, check_id: int, code: str, purpose: str = SIGN_IN) -> NamedPerson:
    """The person who received this code for this purpose. A code works once, for ten minutes and five attempts.

    Raises IdentityError (`wrong_code`, `code_expired`). A wrong attempt is counted nevertheless.
    """
    with transaction.atomic():
        rows = IdentityCheck.objects.of(city).select_for_update().filter(pk=check_id, purpose=purpose)
        check = rows.first()
        if check is None or _is_over(check):
            fault = "code_expired"
        elif hmac.compare_digest(check.code_digest, _digest(check, code.strip())) and check.resident_id is not None:
            check.used_at = timezone.now()
            check.save(update_fields=["used_at"])
            return named_persons(city, [check.resident_id])[check.resident_id]
        else:
            check.attempts += 1
            check.save(update_fields=["attempts"])
            fault = "wrong_code"
    sentence = "the code is not the one that was sent" if fault == "wrong_code" else "the code no longer works"
    raise IdentityError(sentence, code=fault)


def _is_over(check: IdentityCheck) -> bool:
    old = check.created_at < timezone.now() - _CODE_VALID
    return old or check.used_at is not None or check.attempts >= _MOST_ATTEMPTS


@transaction.atomic
def sign_in(*, city: City, resident: NamedPerson, source: Source) -> None:
    """Record that the resident's identity was verified, and on which device."""
    remember_device(city=city, resident_id=resident.id, source=source, moment=timezone.now())
    actor = resident_actor(city, resident.id).with_purpose("sign-in")
    record_look(actor=actor, action="resident_signed_in", subject=actor.text)


def send_counter_code(*, city: City, resident_id: int, staff: str) -> int:
    """Send a code to the telephone of a person who stands at a counter: by reading it out they agree to enrol.

    Returns the check's number. Its caller has asked who may. Raises IdentityError (`asked_too_often`).
    """
    moment = timezone.now()
    if over(city, limits.FOR_CONSENT, keyed("counter", resident_id), moment):
        raise IdentityError("this person was asked three times today; let them sign on paper", code="asked_too_often")
    resident: Resident = Resident.objects.of(city).get(pk=resident_id)
    return post_code(
        city=city, resident=resident, purpose=f"counter:{staff}", moment=moment, template="counter_consent"
    )


def send_own_code(*, city: City, resident_id: int, purpose: str) -> int:
    """Send a code to the telephone of somebody who is signed in: what comes next needs more than their session.

    Returns the check's number. Its caller has asked who may. Raises IdentityError (`too_many_codes`).
    """
    moment = timezone.now()
    if over(city, limits.FOR_OWN_ACT, keyed(purpose, resident_id), moment):
        raise IdentityError(_TOO_MANY, code="too_many_codes")
    resident: Resident = Resident.objects.of(city).get(pk=resident_id)
    return post_code(city=city, resident=resident, purpose=purpose, moment=moment)


def look_up(*, city: City, id_number: str, name: str, limit: Limit, asking: str) -> NamedPerson | None:
    """The resident with this number and name, or None. For askers who have identified themselves: a resident or a
    channel.

    They are told the truth, since a person who is not in the register cannot be insured. After too many misses they get
    no answer for a while. Raises InputError, and IdentityError (`too_many_lookups`).
    """
    refuse_guessing(missed_so_far(city, limit, asking), limit)
    found = find_person(city=city, id_number=id_number, name=name)
    if found is None:
        count_missed(city, limit, asking)
    return found


def missed_so_far(city: City, limit: Limit, asking: str) -> int:
    """How many people `asking` looked up in vain in this stretch of time."""
    return limits.so_far(city, limit, keyed(asking), timezone.now())


def count_missed(city: City, limit: Limit, asking: str) -> None:
    """Count a person who was looked up in vain. Call it outside the transaction that fails because of it."""
    over(city, limit, keyed(asking), timezone.now())


def refuse_guessing(missed: int, limit: Limit) -> None:
    """Raise IdentityError (`too_many_lookups`) after too many misses, whoever is looked up next."""
    if missed >= limit.most:
        raise IdentityError("too many people who are not in the register were asked for", code="too_many_lookups")


def record_consent(*, actor: Actor, resident: NamedPerson, kind: str, text: str, guardian_id: int | None = None) -> str:
    """Append a resident's consent to exactly these words; for a minor `guardian_id` gives it. Returns their digest.

    Raises NotAllowed.
    """
    authorise_enrolling(actor, guardian_id or resident.id)
    city = actor.city
    digest = hashlib.sha256(text.encode()).hexdigest()
    Consent.objects.create(
        city=city,
        resident_id=resident.id,
        kind=kind,
        text_digest=digest,
        given_at=now(city),
        given_by_id=guardian_id,
    )
    return digest


def _digest(check: IdentityCheck, code: str) -> str:
    content = f"{check.pk}:{check.purpose}:{code}".encode()
    return hmac.new(purpose_key("identity code"), content, hashlib.sha256).hexdigest()
