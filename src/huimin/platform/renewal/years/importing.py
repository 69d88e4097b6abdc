"""Importing the years of an older insurer: the file is kept, a worker reads it, and takes all of it or nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now, today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.people.api import find_persons
from huimin.platform.renewal.years.counting import count_again
from huimin.platform.renewal.years.earlier_rows import EarlierFault, EarlierRow, checked_rows, read_table
from huimin.platform.renewal.years.known_years import known_years
from huimin.platform.renewal.years.models import EarlierFile, EarlierYear
from huimin.platform.tasks.api import Attempt, Write, enqueue

__all__ = ["READ_EARLIER", "EarlierFileSeen", "earlier_files", "read_earlier", "send_earlier_years"]

READ_EARLIER = "read_earlier"
_LARGEST, _AT_ONCE, _SHOWN = 20 * 1024 * 1024, 500, 20


@dataclass(frozen=True, slots=True)
class EarlierFileSeen:
    """A file, and what came of it: how many years, or every fault; `taken` is None and no faults while it is read."""

    name: str
    source: str
    source_day: date
    received_from: str
    received_at: datetime
    taken: int | None
    faults: Sequence[EarlierFault]


@transaction.atomic
def send_earlier_years(*, actor: Actor, file_name: str, data: bytes, source: str, source_day: date) -> int:
    """Keep a list with its source and date, and let a worker read it. Returns the file's number.

    Raises NotAllowed; HuiminError: `bad_earlier_file` where it is empty or too large, or the source is not named or
    lies in the future; `earlier_file_known` where the same bytes were sent before.
    """
    authorise(actor, Action.IMPORT_YEARS)
    city = actor.city
    if not 0 < len(data) <= _LARGEST or not source.strip() or source_day > today(city):
        text = f"found {len(data)} bytes of {source!r}, {source_day}; expected 1 to {_LARGEST}, a source and its day"
        raise HuiminError(text, code="bad_earlier_file")
    digest = hashlib.sha256(data).hexdigest()
    if EarlierFile.objects.of(city).filter(digest=digest).exists():
        raise HuiminError("the same file was sent before", code="earlier_file_known")
    file = EarlierFile(
        city=city,
        name=file_name[-120:],
        digest=digest,
        content=base64.b64encode(data).decode(),
        source=source,
        source_day=source_day,
        received_from=actor.text,
        received_at=now(city),
        task=enqueue(city=city, kind=READ_EARLIER, key=digest),
    )
    EarlierFile.objects.insert([file])
    subject = f"earlier_years:{file.pk}"
    record_audit(city=city, actor=actor.text, action="earlier_years_sent", subject=subject, at=now(city))
    return int(file.pk)


def read_earlier(attempt: Attempt) -> Write:
    """A worker's: every fault is kept, or every year is."""
    city = attempt.task.city
    file: EarlierFile = EarlierFile.objects.of(city).get(task=attempt.task.pk)
    file.city = city
    table, faults = read_table(file.name, base64.b64decode(file.content))
    rows: list[EarlierRow] = []
    if not faults:
        rows, faults = checked_rows(table, today(city))
    found: list[tuple[EarlierRow, int]] = []
    for start in range(0, len(rows), _AT_ONCE):
        attempt.progress(start, len(rows), "looking people up")
        here, wrong = _looked_up(city, rows[start : start + _AT_ONCE])
        found += here
        faults = [*faults, *wrong]
    if faults:
        return lambda: _keep_faults(file, sorted(faults))
    return lambda: _keep_years(file, found)


def _looked_up(city: City, rows: Sequence[EarlierRow]) -> tuple[list[tuple[EarlierRow, int]], list[EarlierFault]]:
    persons = find_persons(city, [(row.id_number, row.name) for row in rows])
    known = known_years(city, [person.id for person in persons if person is not None])
    found, faults = [], []
    for row, person in zip(rows, persons, strict=True):
        if person is None:
            faults.append(EarlierFault(row.row, "id_number", "not_in_register"))
        elif any(_overlaps(row, one.year.first_day, one.year.last_day) for one in known[person.id]):
            faults.append(EarlierFault(row.row, "first_day", "years_overlap"))
        else:
            found.append((row, person.id))
    return found, faults


def _overlaps(row: EarlierRow, first: date, last: date) -> bool:
    """A row for the very same days corrects the earlier one."""
    return row.first_day <= last and first <= row.last_day and (row.first_day, row.last_day) != (first, last)


def _keep_faults(file: EarlierFile, faults: Sequence[EarlierFault]) -> None:
    file.faults = json.dumps([asdict(fault) for fault in faults], ensure_ascii=False)
    file.save(update_fields=["faults"])


def _keep_years(file: EarlierFile, found: Sequence[tuple[EarlierRow, int]]) -> None:
    city, moment = file.city, now(file.city)
    rows = (
        EarlierYear(
            city=city,
            resident_id=resident,
            file=file,
            row=row.row,
            plan=row.plan,
            first_day=row.first_day,
            last_day=row.last_day,
            without_claim=row.without_claim,
            recorded_at=moment,
        )
        for row, resident in found
    )
    EarlierYear.objects.bulk_create(rows, batch_size=1_000)
    file.taken = len(found)
    file.save(update_fields=["taken"])
    people = sorted({resident for _row, resident in found})
    for start in range(0, len(people), _AT_ONCE):
        count_again(city, people[start : start + _AT_ONCE])


def earlier_files(city: City) -> list[EarlierFileSeen]:
    """The latest files, the last one first."""
    rows = list(EarlierFile.objects.of(city).defer("content").order_by("-received_at", "-pk")[:_SHOWN])
    found = []
    for row in rows:
        row.city = city
        faults = [EarlierFault(**fault) for fault in json.loads(row.faults)] if row.faults else []
        found.append(
            EarlierFileSeen(row.name, row.source, row.source_day, row.received_from, row.received_at, row.taken, faults)
        )
    return found
