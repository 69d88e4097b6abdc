"""How often somebody may ask: by address, by device, for a person and for a telephone. Nobody can use up another's
share.

A stranger who asks for codes in somebody's name only uses up what strangers may ask for in that name within an hour. A
device with which the person has signed in before has a share of its own, which no other device can use up.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connections

from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import City
from huimin.platform.people.models import KnownDevice, Resident, Tally

__all__ = [
    "MISSED_AT_COUNTER",
    "Limit",
    "Source",
    "is_known",
    "keyed",
    "over",
    "remember_device",
    "so_far",
    "too_many_checks",
]

_HOUR, _DAY = 3600, 24 * 3600
_UPSERT = """
INSERT INTO people_tally (city_id, kind, "key", slot, count, expires_at) VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (city_id, kind, "key", slot) DO UPDATE SET count = people_tally.count + 1 RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` requests of a kind within `seconds`."""

    kind: str
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request comes from: the network address, and the browser's own number (empty if not known)."""

    address: str = ""
    device: str = ""

    @property
    def network(self) -> str:
        """The address; for IPv6 only the part that identifies one customer."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)  # noqa: PLR2004 - IPv6


BY_ADDRESS = Limit("address", 300, 600)
"""Codes from one address. It is high, since a whole mobile network may be behind one address."""
BY_DEVICE = Limit("device", 10, 600)
FOR_PERSON = Limit("person", 6, _HOUR)
"""Codes for a person, asked for by devices with which the person has never signed in."""
FOR_PERSON_BY_SOURCE = Limit("person_source", 8, _DAY)
FOR_CONSENT = Limit("consent", 3, _DAY)
"""Requests for consent from one person to another."""
FOR_OWN_ACT = Limit("own_act", 5, _HOUR)
"""Codes for one thing that somebody who is signed in wants to do."""
BY_KNOWN_DEVICE = Limit("known_device", 10, _HOUR)
FOR_TELEPHONE = Limit("telephone", 8, _HOUR)
"""Codes to one telephone, for whichever person, asked for by devices unknown to that person."""
MISSED_BY_RESIDENT = Limit("missed", 20, _DAY)
"""Failed searches by name and number, for one person who is signed in."""
MISSED_AT_COUNTER = Limit("missed_counter", 30, _DAY)
"""Failed searches by one person of the staff at a counter."""
MISSED_BY_CHANNEL = Limit("missed_channel", 500, _HOUR)


CHECKS_BY_ADDRESS = Limit("policy_check", 300, 600)
"""Who asks whether policies are valid; as with people, a whole network may stand behind one address."""


def keyed(*parts: object) -> str:
    """A keyed digest of who asks or for whom, so that tallies have no personal data."""
    content = "\x1f".join(map(str, parts)).encode()
    return hmac.new(purpose_key("limits"), content, hashlib.sha256).hexdigest()


def over(city: City, limit: Limit, key: str, moment: datetime) -> bool:
    """Count one more request, and return whether that is more than allowed. Call it outside the transaction that may
    fail.
    """
    slot = int(moment.timestamp()) // limit.seconds
    ends = moment + timedelta(seconds=limit.seconds)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_UPSERT, [city.pk, limit.kind, key, slot, ends])
        ((count,),) = cursor.fetchall()
    if count == 1:
        Tally.objects.of(city).filter(expires_at__lt=moment).delete()
    return int(count) > limit.most


def too_many_checks(city: City, source: Source, moment: datetime) -> bool:
    """Count one who asks whether a policy is valid, and say whether their address asks too often."""
    return over(city, CHECKS_BY_ADDRESS, keyed("check", source.network), moment)


def so_far(city: City, limit: Limit, key: str, moment: datetime) -> int:
    """How many requests were counted in this stretch of time. Counts nothing."""
    slot = int(moment.timestamp()) // limit.seconds
    found = Tally.objects.of(city).filter(kind=limit.kind, key=key, slot=slot).values_list("count", flat=True).first()
    return found or 0


def is_known(city: City, resident: Resident | None, source: Source) -> bool:
    """Whether this person has signed in with this device. The same query runs if there is no such person, so that the
    time taken reveals nothing.
    """
    rows = KnownDevice.objects.of(city).filter(resident_id=resident.pk if resident else 0, device=keyed(source.device))
    return rows.exists() and bool(source.device)


def remember_device(*, city: City, resident_id: int, source: Source, moment: datetime) -> None:
    """Record that the resident has signed in with this device."""
    if source.device:
        KnownDevice.objects.update_or_create(
            city=city, resident_id=resident_id, device=keyed(source.device), defaults={"last_used_at": moment}
        )
