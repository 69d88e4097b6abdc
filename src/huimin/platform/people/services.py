"""Proving who one is, and consenting."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City
from huimin.platform.foundation.services import enqueue
from huimin.platform.people.models import Consent, IdentityCheck, Resident
from huimin.platform.people.selectors import find_resident

__all__ = ["IdentityError", "check_code", "record_consent", "send_code"]

_CODE_VALID = timedelta(minutes=10)
_MOST_ATTEMPTS = 5
_MOST_CODES = 5


class IdentityError(HuiminError):
    """Who somebody is could not be shown."""

    code = "identity_not_shown"


@transaction.atomic
def send_code(*, city: City, id_number: str, name: str) -> IdentityCheck:
    """Send a one-time code to the telephone that the register has for this person.

    Raises IdentityError (`not_in_register`) when number and name do not belong together there, and
    `too_many_codes` after five in ten minutes.
    """
    resident = find_resident(city=city, id_number=id_number, name=name)
    if resident is None:
        raise IdentityError("this name and ID number are not together in the register", code="not_in_register")
    moment = timezone.now()
    recent = IdentityCheck.objects.of(city).filter(resident=resident, created_at__gt=moment - _CODE_VALID).count()
    if recent >= _MOST_CODES:
        raise IdentityError("too many codes were asked for; wait ten minutes", code="too_many_codes")
    code = f"{secrets.randbelow(10**6):06d}"
    check = IdentityCheck.objects.create(city=city, resident=resident, code_digest="", created_at=moment)
    check.code_digest = _digest(check, code)
    check.save(update_fields=["code_digest"])
    payload = {"telephone": resident.telephone, "template": "identity_code", "code": code}
    enqueue(city=city, topic="message", key=f"identity-{check.pk}", payload=payload, at=moment)
    return check


def check_code(*, city: City, check_id: int, code: str) -> Resident:
    """The resident who received this code. Each code works once, for ten minutes, with five attempts.

    Raises IdentityError (`wrong_code`, `code_expired`); a wrong attempt is counted even so.
    """
    with transaction.atomic():
        check = IdentityCheck.objects.of(city).select_for_update().filter(pk=check_id).first()
        if (
            check is None
            or check.used_at is not None
            or check.attempts >= _MOST_ATTEMPTS
            or check.created_at < timezone.now() - _CODE_VALID
        ):
            fault = "code_expired"
        elif not hmac.compare_digest(check.code_digest, _digest(check, code.strip())):
            check.attempts += 1
            check.save(update_fields=["attempts"])
            fault = "wrong_code"
        else:
            check.used_at = timezone.now()
            check.save(update_fields=["used_at"])
            return Resident.objects.of(city).select_related("area").get(pk=check.resident_id)
    sentence = "the code is not the one that was sent" if fault == "wrong_code" else "the code no longer works"
    raise IdentityError(sentence, code=fault)


def _is_over(check: IdentityCheck) -> bool:
    old = check.created_at < timezone.now() - _CODE_VALID
    return old or check.used_at is not None or check.attempts >= _MOST_ATTEMPTS


def record_consent(*, city: City, resident: Resident, kind: str, text: str) -> Consent:
    """Append a consent to exactly these words."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Consent.objects.create(city=city, resident=resident, kind=kind, text_digest=digest, given_at=now(city))


def _digest(check: IdentityCheck, code: str) -> str:
    return hmac.new(purpose_key("identity code"), f"{check.pk}:{code}".encode(), hashlib.sha256).hexdigest()
