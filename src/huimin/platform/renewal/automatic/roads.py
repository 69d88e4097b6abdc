"""By which roads a renewal was announced, and since when: two are needed before money is taken."""

from __future__ import annotations

from collections.abc import Sequence
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
from huimin.platform.messages.api import key_at_gateway, messages_with_keys
from huimin.platform.renewal.automatic.announcing import key_of
from huimin.platform.renewal.automatic.models import Renewal, RenewalNotice, RenewalStatus, ToldBy

__all__ = ["Told", "may_charge_on", "needs_a_person", "record_telling", "roads_of", "roads_of_each"]

_NEEDED = 2
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """The payer was told by this road, at this moment."""

    road: ToldBy
    at: datetime


def roads_of(city: City, renewal: Renewal) -> list[Told]:
    """The roads by which the payer was told, in order of time. A text counts once it got to the telephone."""
    return roads_of_each(city, [renewal])[renewal.pk]


def roads_of_each(city: City, renewals: Sequence[Renewal]) -> dict[int, list[Told]]:
    """The same of each of them, by the renewal's id, in two statements for each 500."""
    keys = {key_at_gateway(city, key_of(one, one.payer_id)): one.pk for one in renewals}
    found: dict[int, list[Told]] = {one.pk: [] for one in renewals}
    for key, message in messages_with_keys(city, list(keys)).items():
        found[keys[key]].append(Told(ToldBy.CENTRE, message.at))
        found[keys[key]] += [Told(ToldBy.TEXT, message.at)] if message.received else []
    ids = list(found)
    for start in range(0, len(ids), _AT_ONCE):
        for row in RenewalNotice.objects.of(city).filter(renewal__in=ids[start : start + _AT_ONCE]):
            found[row.renewal_id].append(Told(ToldBy(row.road), row.at))
    return {key: sorted(told, key=lambda one: (one.at, one.road)) for key, told in found.items()}


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
    waiting = Renewal.objects.of(city).filter(status=RenewalStatus.ANNOUNCED).select_related("sheet", "consent")
    rows = list(waiting.order_by("charge_on", "pk"))
    roads = roads_of_each(city, rows)
    return [row for row in rows if may_charge_on(city, row, roads[row.pk]) is None]


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
