"""By which roads a renewal was announced, and since when: two are needed before money is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.messages.api import key_at_gateway, messages_of
from huimin.platform.renewal.automatic.announcing import key_of
from huimin.platform.renewal.automatic.models import Renewal, RenewalNotice, RenewalStatus, ToldBy

__all__ = ["Told", "may_charge_on", "needs_a_person", "record_telling", "roads_of"]

_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Told:
    """The payer was told by this road, at this moment."""

    road: ToldBy
    at: datetime


def roads_of(city: City, renewal: Renewal) -> list[Told]:
    """The roads by which the payer was told, in order of time. A text counts once it got to the telephone."""
    key = key_at_gateway(city, key_of(renewal, renewal.payer_id))
    found = [Told(ToldBy(row.road), row.at) for row in RenewalNotice.objects.of(city).filter(renewal=renewal)]
    for message in messages_of(city, renewal.payer_id):
        if message.key == key:
            found.append(Told(ToldBy.CENTRE, message.at))
            found += [Told(ToldBy.TEXT, message.at)] if message.received else []
    return sorted(found, key=lambda one: (one.at, one.road))


def may_charge_on(city: City, renewal: Renewal, roads: list[Told]) -> date | None:
    """The first day on which money may be taken: so many days after the second road; None before there are two."""
    by_road: dict[ToldBy, datetime] = {}
    for told in roads:
        by_road.setdefault(told.road, told.at)
    times = sorted(by_road.values())
    if len(times) < _NEEDED:
        return None
    second = timezone.localdate(times[_NEEDED - 1])
    return max(renewal.charge_on, second + timedelta(days=city.renewal_notice_days))


def needs_a_person(city: City) -> list[Renewal]:
    """Announced, and not by two roads yet: somebody has to telephone or write."""
    rows = Renewal.objects.of(city).filter(status=RenewalStatus.ANNOUNCED).order_by("charge_on", "pk")
    return [row for row in rows if may_charge_on(city, row, roads_of(city, row)) is None]


@transaction.atomic
def record_telling(*, actor: Actor, renewal_id: int, road: ToldBy, note: str) -> None:
    """A handler telephoned or wrote a letter: what was said, or when it went. Raises NotAllowed; HuiminError
    (`note_missing`, `renewal_not_open`)."""
    authorise(actor, Action.TELL_OF_RENEWAL)
    refuse_without_note(note)
    city = actor.city
    rows = Renewal.objects.of(city).filter(pk=renewal_id, status=RenewalStatus.ANNOUNCED)
    if road not in (ToldBy.TELEPHONE, ToldBy.LETTER) or not rows.exists():
        raise HuiminError(f"renewal {renewal_id} does not wait to be told of by {road}", code="renewal_not_open")
    row = RenewalNotice(city=city, renewal_id=renewal_id, road=road, by=actor.text, note=note, at=now(city))
    if not RenewalNotice.objects.of(city).filter(renewal=renewal_id, road=road).exists():
        RenewalNotice.objects.insert([row])
        subject, detail = f"renewal:{renewal_id}", {"road": str(road)}
        record_audit(city=city, actor=actor.text, action="renewal_told", subject=subject, at=row.at, detail=detail)
