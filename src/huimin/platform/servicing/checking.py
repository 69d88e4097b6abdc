"""Whether a policy is valid, for whoever holds its number and its check code: that, and nothing of the person.

The code is in the QR code of the e-policy, so that nobody learns anything by trying one number after another. Who
guesses codes is told the same as who asks for a number that was never given.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from huimin.errors import HuiminError
from huimin.platform.catalogue.api import terms_by_digest
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City
from huimin.platform.people.api import Source, too_many_checks
from huimin.platform.servicing.statuses import is_valid
from huimin.platform.servicing.stories import story_by_number

__all__ = ["Validity", "check_code", "validity_of", "verification_address"]

_CODE_BYTES = 5
"""Eight letters and digits: one in a million million."""


@dataclass(frozen=True, slots=True)
class Validity:
    """`plan`: its name in Chinese and English."""

    number: str
    plan: tuple[str, str]
    day: date
    valid: bool


def check_code(city: City, number: str) -> str:
    """Eight letters and digits that belong to this number, under a key of their own."""
    mac = hmac.digest(purpose_key("policy check"), f"{city.code}\x1f{number}".encode(), "sha256")
    return base64.b32encode(mac[:_CODE_BYTES]).decode().lower()


def verification_address(city: City, number: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}/{city.code}/verify/{number}/{check_code(city, number)}/"


def validity_of(*, city: City, number: str, code: str, day: date | None, source: Source) -> Validity | None:
    """Whether it is valid on a day, by default today; None where number and code do not belong together.

    Raises HuiminError `too_many_checks` for an address that asks too often.
    """
    if too_many_checks(city, source, now(city)):
        raise HuiminError("too many policies were asked about from this address", code="too_many_checks")
    if not hmac.compare_digest(code.lower().encode(), check_code(city, number).encode()):
        return None
    story = story_by_number(city, number)
    if story is None:
        return None
    asked, policy = day or today(city), story.policy
    name = terms_by_digest(city, policy.plan_year_id, policy.plan_digest).plan.name
    return Validity(number, (name.zh, name.en), asked, is_valid(policy.cover_sold, story.events, asked))
