"""What the bureau's records show of a person, and which of it counts: what a person found to be another's does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from huimin.adjudication import with_history
from huimin.platform.catalogue.api import Terms
from huimin.platform.enrolment.bureau.models import HealthRecord
from huimin.platform.enrolment.offers import member_of
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings import that_stands
from huimin.platform.foundation.findings.recording import findings_about
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import HistoryItem
from huimin.platform.people.api import PersonFacts

__all__ = [
    "NOT_THEIRS",
    "QUESTION",
    "THEIRS",
    "KnownRecord",
    "health_record",
    "keep_records",
    "pre_existing_groups",
    "records_of",
    "subject_of",
]

QUESTION = "health_record"
"""The question that a finding on a contested record answers: is it this person's?"""
NOT_THEIRS, THEIRS = "not_theirs", "theirs"


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record as its person sees it. `found`: what a person decided, `theirs` or `not_theirs`; empty where nothing."""

    id: int
    resident_id: int
    diagnosis: str
    group: str
    day: date
    institution: str
    source: str
    told_at: datetime
    found: str

    @property
    def counts(self) -> bool:
        return self.found != NOT_THEIRS


def subject_of(record_id: int) -> Subject:
    return Subject("health_record", str(record_id))


def keep_records(city: City, resident_id: int, items: Sequence[HistoryItem], moment: datetime) -> None:
    """Add what was not told before. Call it inside a transaction, with the person locked or alone in it."""
    indexes = {_index(city, resident_id, item): item for item in items}
    known = {one for (one,) in HealthRecord.objects.pick(city, ("record_index",), {"record_index": list(indexes)})}
    rows = [
        HealthRecord(
            city=city,
            resident_id=resident_id,
            record_index=index,
            diagnosis=item.diagnosis,
            group=item.group,
            day=item.day,
            institution=item.institution,
            told_at=moment,
        )
        for index, item in indexes.items()
        if index not in known
    ]
    if rows:
        HealthRecord.objects.insert(rows)


def records_of(city: City, resident_id: int) -> list[KnownRecord]:
    """Everything that the records show, the oldest first, also what was found to be another's."""
    rows = HealthRecord.objects.of(city).filter(resident=resident_id).order_by("day", "pk")
    return [_known(city, row) for row in rows]


def health_record(city: City, record_id: int) -> KnownRecord | None:
    row = HealthRecord.objects.of(city).filter(pk=record_id).first()
    return _known(city, row) if row is not None else None


def _known(city: City, row: HealthRecord) -> KnownRecord:
    finding = that_stands(findings_about(city, subject_of(row.pk), QUESTION))
    found = finding.answer if finding is not None else ""
    return KnownRecord(
        row.pk, row.resident_id, row.diagnosis, row.group, row.day, row.institution, row.source, row.told_at, found
    )


def pre_existing_groups(city: City, terms: Terms, person: PersonFacts, without: int = 0) -> list[str]:
    """The person's groups by the records that count; `without`: as if this record did not.

    A plan that has a rule of its own counts its groups by their ICD-10 codes and days; for one whose terms publish
    none, the bureau's own groups are what is known.
    """
    counting = [record for record in records_of(city, person.id) if record.counts and record.id != without]
    if terms.program.pre_existing is None:
        return sorted({record.group for record in counting if record.group})
    diagnosed = tuple((record.diagnosis, record.day) for record in counting)
    member = replace(member_of(terms.plan, person, ""), pre_existing=frozenset(), diagnosed=diagnosed)
    return sorted(with_history(terms.program, member).pre_existing)


def _index(city: City, resident_id: int, item: HistoryItem) -> str:
    return blind_index(city.code, f"record\x1f{resident_id}\x1f{item.diagnosis}\x1f{item.day}\x1f{item.institution}")
