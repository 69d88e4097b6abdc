"""What the people of a list say themselves: adults, and guardians for minors. Without it nobody is enrolled."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.looking_up import ADULT, age_on
from huimin.platform.bulk.models import BulkRow, FileState, RowState
from huimin.platform.bulk.organisations import enrol_later
from huimin.platform.catalogue.api import plan_year_by_id
from huimin.platform.disclosure.api import key_terms_confirmed
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.people.api import NamedPerson, named_persons, record_consent
from huimin.platform.tasks.api import Attempt, enqueue_each

__all__ = ["CONSENT", "Asked", "answer_group", "ask_people", "asked_of", "last_day_to_answer", "who_answers"]

CONSENT = "group_cover"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One person for whom somebody is asked. `fen`: what the organisation would pay."""

    row_id: int
    organisation: str
    person: NamedPerson
    plan_year_id: int
    fen: int
    since: datetime
    until: date
    """The last day on which they can agree: people may join until then."""


def asked_of(city: City, resident_id: int) -> list[Asked]:
    """For whom this person is asked: themself, and minors whose guardian they are named as."""
    rows = BulkRow.objects.of(city).filter(state=RowState.ASKED, file__state=FileState.ACCEPTED)
    own = rows.filter(resident=resident_id) | rows.filter(holder=resident_id)
    found = list(own.select_related("organisation", "file").order_by("pk"))
    people = named_persons(city, {row.resident_id for row in found if row.resident_id is not None})
    day, lasts = today(city), {row.file.plan_year_id: last_day_to_answer(city, row.file.plan_year_id) for row in found}
    asked = []
    for row in found:
        if row.resident_id is None:
            continue
        person = people[row.resident_id]
        minor = age_on(person.birth_date, day) < ADULT
        until = lasts[row.file.plan_year_id]
        if day <= until and (row.holder_id if minor else row.resident_id) == resident_id:
            plan_year, since = row.file.plan_year_id, row.changed_at
            asked.append(Asked(row.pk, row.organisation.name, person, plan_year, row.fen, since, until))
    return asked


def last_day_to_answer(city: City, plan_year_id: int) -> date:
    """The last day of the window: whoever agrees later could not be enrolled any more."""
    return plan_year_by_id(city, plan_year_id).window[1]


@transaction.atomic
def answer_group(*, actor: Actor, resident: NamedPerson, row_id: int, agrees: bool, text: str) -> None:
    """Somebody agrees, or does not, for themself or as guardian of a minor, to exactly these words.

    Raises NotAllowed; BulkError: `group_not_asked` where nobody asks them, or they have answered;
    `key_terms_not_confirmed`.
    """
    authorise(actor, Action.ANSWER_GROUP, owner=f"resident:{resident.id}")
    city, moment = actor.city, now(actor.city)
    asked = {one.row_id: one for one in asked_of(city, resident.id)}.get(row_id)
    row: BulkRow | None = BulkRow.objects.fetch_one(city, {"id": row_id}, lock=True) if asked is not None else None
    if asked is None or row is None or row.state != RowState.ASKED:
        raise BulkError("nobody asks for this consent any more", code="group_not_asked")
    if agrees:
        plan_year = plan_year_by_id(city, asked.plan_year_id)
        if not key_terms_confirmed(city=city, resident=resident, plan_year=plan_year):
            text = "the key terms have not been confirmed on their own page yet"
            raise BulkError(text, code="key_terms_not_confirmed")
        guardian = resident.id if asked.person.id != resident.id else None
        record_consent(actor=actor, resident=asked.person, kind=CONSENT, text=text, guardian_id=guardian)
    row.state, row.changed_at = RowState.AGREED if agrees else RowState.DECLINED, moment
    row.save(update_fields=["state", "changed_at"])
    record_audit(
        city=city,
        actor=actor.text,
        action="group_cover_agreed" if agrees else "group_cover_declined",
        subject=f"bulk_row:{row.pk}",
        at=moment,
    )
    if agrees:
        enrol_later(city, row.organisation_id)


def ask_people(attempt: Attempt) -> None:
    """A worker's: a message to everybody whose consent a file needs, once each. Safe to run twice."""
    city, file = attempt.task.city, json.loads(attempt.task.payload)["file"]
    rows = BulkRow.objects.of(city).filter(file=file, state=RowState.ASKED).order_by("number")
    pairs = list(rows.values_list("pk", "resident", "holder", "number"))
    for start in range(0, len(pairs), _AT_ONCE):
        attempt.progress(start, len(pairs), "asking")
        with transaction.atomic():
            _ask(city, file, [(key, *who) for key, *who, _number in pairs[start : start + _AT_ONCE]])


def _ask(city: City, file: int, rows: Collection[tuple[int, ...]]) -> None:
    asked = who_answers(city, [(resident, holder) for _key, resident, holder in rows])
    payloads = {f"group-{file}-{one}": {"template": "group_cover_asked", "resident": one} for one in asked}
    enqueue_each(city=city, kind="notice", payloads=payloads, unless_there=True)


def who_answers(city: City, pairs: Collection[tuple[int, int]]) -> list[int]:
    """Who is asked, of pairs of whom a row would insure and their holder: themself, or the guardian of a minor."""
    people, day = named_persons(city, {resident for resident, _holder in pairs}), today(city)
    return sorted({holder if age_on(people[one].birth_date, day) < ADULT else one for one, holder in pairs})
