"""Cover that is granted without application (免申即享): over whom, until when they may decline, and what came of each.

The orders are made by the context above, which registers the task. Nobody's policy is issued before the days for
declining are over; cover counts from the day of the order all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit, refuse_without_note
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.models import Declined, Grant, Granted, RosterEntry
from huimin.platform.subsidies.roster_changes import latest_in_force
from huimin.platform.tasks.api import enqueue

__all__ = [
    "GRANT_COVER",
    "GrantFacts",
    "GrantSeen",
    "grant_by_task",
    "grant_cover",
    "granted_orders",
    "grants_of_roster",
    "keep_declined",
    "keep_granted",
    "still_to_grant",
    "to_finish",
]

GRANT_COVER = "grant_cover"


@dataclass(frozen=True, slots=True)
class GrantFacts:
    id: int
    version_id: int
    plan_year_id: int
    decline_until: date


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """What came of a grant so far. `faults`: people who got no cover, by the code of why."""

    id: int
    decline_until: date
    recorded_at: datetime
    granted_by: str
    reason: str
    people: int
    done: int
    granted: int
    declined: int
    faults: Mapping[str, int]

    @property
    def percent(self) -> int:
        return 100 * self.done // self.people if self.people else 100


@transaction.atomic
def grant_cover(*, actor: Actor, roster_id: int, plan_year: PlanYearFacts, until: date, reason: str) -> int:
    """Grant cover to everybody on the roster's version in force. A worker makes the orders. Returns the grant's number.

    `until`: the last day on which somebody may decline. Raises NotAllowed; SubsidyError: `note_missing`,
    `nothing_to_grant` where no version is in force, `bad_decline_day` where the day is not after today.
    """
    authorise(actor, Action.GRANT_COVER)
    refuse_without_note(reason, SubsidyError)
    city = actor.city
    version = latest_in_force(city, roster_id)
    if version is None:
        raise SubsidyError("the roster has no version in force; have one agreed to first", code="nothing_to_grant")
    if until <= today(city):
        text = f"found {until} as the last day to decline; expected a day after today, {today(city)}"
        raise SubsidyError(text, code="bad_decline_day")
    row = Grant(
        city=city,
        version=version,
        plan_year_id=plan_year.id,
        decline_until=until,
        reason=reason,
        granted_by=actor.text,
        recorded_at=now(city),
    )
    Grant.objects.insert([row])
    enqueue(city=city, kind=GRANT_COVER, key=str(row.pk))
    detail = {"grant": row.pk, "people": version.people}
    subject = f"roster:{version.roster.code}"
    record_audit(city=city, actor=actor.text, action="cover_granted", subject=subject, at=now(city), detail=detail)
    return int(row.pk)


def grant_by_task(city: City, key: str) -> GrantFacts:
    row = Grant.objects.of(city).get(pk=int(key))
    return GrantFacts(row.pk, row.version_id, row.plan_year_id, row.decline_until)


def still_to_grant(city: City, grant: GrantFacts) -> list[int]:
    """Residents of the version, with an entry valid today, of whom nothing is recorded yet."""
    done = set(Granted.objects.of(city).filter(grant=grant.id).values_list("resident_id", flat=True))
    rows = RosterEntry.objects.of(city).filter(
        version=grant.version_id, valid_from__lte=today(city), valid_to__gte=today(city)
    )
    return [one for one in rows.order_by("pk").values_list("resident_id", flat=True) if one not in done]


def keep_granted(city: City, grant: GrantFacts, came: Iterable[tuple[int, str, str]]) -> None:
    """What came of each: resident, and the order's reference, or why there is none, as a code."""
    moment = now(city)
    Granted.objects.insert(
        [
            Granted(city=city, grant_id=grant.id, resident_id=one, order=order, fault=fault, recorded_at=moment)
            for one, order, fault in came
        ]
    )


def keep_declined(*, city: City, order: str, by: str) -> None:
    """Record that somebody does not want what was granted. Raises SubsidyError (`not_granted`)."""
    row = Granted.objects.of(city).filter(order=order).first() if order else None
    if row is None or Declined.objects.of(city).filter(granted=row.pk).exists():
        raise SubsidyError("nothing was granted by this order, or it was declined already", code="not_granted")
    Declined.objects.insert([Declined(city=city, granted=row, declined_by=by, recorded_at=now(city))])


def granted_orders(city: City, resident_id: int) -> dict[str, date]:
    """What was granted to a resident and not declined: until when they may decline, by the order's reference."""
    rows = Granted.objects.of(city).filter(resident=resident_id, declined=None).exclude(order="")
    return dict(rows.values_list("order", "grant__decline_until"))


def to_finish(city: City) -> list[str]:
    """References of granted orders that nobody declined in time."""
    rows = Granted.objects.of(city).filter(declined=None, grant__decline_until__lt=today(city)).exclude(order="")
    return list(rows.order_by("pk").values_list("order", flat=True))


def grants_of_roster(city: City, roster_id: int) -> list[GrantSeen]:
    """The latest first."""
    rows = Grant.objects.of(city).filter(version__roster=roster_id).select_related("version").order_by("-pk")
    return [_seen(city, row) for row in rows[:20]]


def _seen(city: City, row: Grant) -> GrantSeen:
    came = list(Granted.objects.of(city).filter(grant=row.pk).values_list("order", "fault"))
    declined = Declined.objects.of(city).filter(granted__grant=row.pk).count()
    return GrantSeen(
        id=row.pk,
        decline_until=row.decline_until,
        recorded_at=row.recorded_at,
        granted_by=row.granted_by,
        reason=row.reason,
        people=row.version.people,
        done=len(came),
        granted=sum(1 for order, _fault in came if order),
        declined=declined,
        faults=Counter(fault for _order, fault in came if fault),
    )
