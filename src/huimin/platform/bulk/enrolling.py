"""What a worker does with rows that are complete: enrol them in groups, as far as the money goes.

A group is one transaction: its orders, policies, entries and rows are there together or not at all. So a worker may be
killed at any moment, and another goes on where it was. Two workers never take the same row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from huimin.platform.bulk.guard import money_of, move_money
from huimin.platform.bulk.models import BulkFile, BulkRow, FileState, Organisation, RowState
from huimin.platform.catalogue.api import plan_year_by_id
from huimin.platform.enrolment.api import Payer, Wanted, order_in_group
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.services import writing_together
from huimin.platform.payments.api import MeansKind
from huimin.platform.people.api import lock_persons
from huimin.platform.tasks.api import Attempt

__all__ = ["enrol_agreed", "enrol_rows"]

_GROUP = 200


def enrol_rows(attempt: Attempt) -> None:
    """Enrol everybody of an organisation who agreed, while its money lasts. Safe to run twice, and side by side."""
    city = attempt.task.city
    organisation = json.loads(attempt.task.payload)["organisation"]
    waiting = _agreed(city, organisation).count()
    done = 0
    while taken := enrol_agreed(city, organisation):
        done += taken
        attempt.progress(done, max(waiting, done), "enrolling")


def enrol_agreed(city: City, organisation_id: int, most: int = _GROUP) -> int:
    """Enrol the next rows, `most` of them. Returns how many were decided: 0 where none waits, or no money is left."""
    with writing_together():
        first = _agreed(city, organisation_id).values_list("file", flat=True).first()
        if first is None:
            return 0
        # The file's row is locked first, so that nobody cancels it meanwhile; then the rows, people and money.
        (file,) = BulkFile.objects.fetch(city, {"id": first}, lock=True)
        if file.state != FileState.ACCEPTED:
            return 0
        rows = list(
            _agreed(city, organisation_id).filter(file=first).select_for_update(of=("self",), skip_locked=True)[:most]
        )
        lock_persons(city, sorted({row.resident_id for row in rows if row.resident_id is not None}))
        affordable = _affordable(_once(rows), money_of(city, organisation_id, lock=True))
        if not affordable:
            return 0
        _enrol(city, file, affordable)
    return len(affordable)


def _agreed(city: City, organisation_id: int):  # type: ignore[no-untyped-def]
    rows = BulkRow.objects.of(city).filter(organisation=organisation_id, state=RowState.AGREED)
    return rows.order_by("file", "number")


def _affordable(rows: Sequence[BulkRow], left: int) -> list[BulkRow]:
    """The rows in their order, up to the first for which the money does not suffice."""
    found = []
    for row in rows:
        left -= row.fen
        if left < 0:
            break
        found.append(row)
    return found


def _enrol(city: City, file: BulkFile, rows: Sequence[BulkRow]) -> None:
    moment, code = now(city), Organisation.objects.of(city).get(pk=file.organisation_id).code
    found = order_in_group(
        city=city,
        plan_year=plan_year_by_id(city, file.plan_year_id),
        wanted=[_wanted(row) for row in rows],
        payer=Payer(MeansKind.ORGANISATION, code, file.channel),
        moment=moment,
    )
    used = 0
    for row in rows:
        made = found[row.means]
        row.changed_at = moment
        if made.refused:
            row.state, row.faults = RowState.REFUSED, [["", made.refused, ""]]
        else:
            row.order, row.policy = made.reference, made.policy
            row.state = RowState.ENROLLED if made.policy else RowState.ORDERED
            used += row.fen
    BulkRow.objects.of(city).bulk_update(rows, ["state", "faults", "order", "policy", "changed_at"])
    move_money(city, file.organisation_id, -used)


def _once(rows: Sequence[BulkRow]) -> list[BulkRow]:
    """Each person's first row: two rows may name one person, and the second is decided after the first."""
    first: dict[int | None, BulkRow] = {}
    for row in rows:
        first.setdefault(row.resident_id, row)
    return list(first.values())


def _wanted(row: BulkRow) -> Wanted:
    assert row.resident_id is not None and row.holder_id is not None  # noqa: S101 - every row in order names both
    return Wanted(row.means, row.holder_id, row.resident_id, Relation(row.relation), row.edition, row.fen)
