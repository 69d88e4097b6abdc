"""What a worker does with a file: read it row by row, check a thousand at a time, and write down what it found.

It can be killed at any moment: rows that are written stay, and another worker goes on behind them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from huimin.batch.files.people_tables import RowFault
from huimin.errors import InputError
from huimin.platform.bulk.columns import COLUMNS, MOST_ROWS, Read, read_row
from huimin.platform.bulk.looking_up import Checked, check_rows, faults_as_json
from huimin.platform.bulk.models import BulkFile, BulkRow, FilePart, FileState, RowState
from huimin.platform.catalogue.api import PlanYearFacts, plan_year_by_id
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.tasks.api import Attempt, Write, folder

__all__ = ["CHECK_BULK", "check_file", "check_sent"]

CHECK_BULK = "check_bulk"
_AT_ONCE = 1_000
_Row = tuple[Read | None, list[RowFault], int, str]


def check_file(attempt: Attempt) -> Write:
    """Read one file and check every row. Nothing is decided about anybody by it."""
    city = attempt.task.city
    file: BulkFile = BulkFile.objects.of(city).get(pk=json.loads(attempt.task.payload)["file"])
    file.city = city
    with folder(attempt) as home:
        state, faults = _check(file, home, lambda done, of: attempt.progress(done, of, "checking"))
    return partial(_keep_state, file, state, faults)


def check_sent(*, city: City, file_id: int, home: Path) -> None:
    """Check a file at once, as a worker would: for the loader of the demonstration. `home`: a folder for its bytes."""
    file: BulkFile = BulkFile.objects.of(city).get(pk=file_id)
    file.city = city
    _keep_state(file, *_check(file, home, lambda _done, _of: None))


def _keep_state(file: BulkFile, state: FileState, faults: list[list[str]]) -> None:
    file.state, file.faults = state, faults
    file.save(update_fields=["state", "faults"])


def _check(file: BulkFile, home: Path, progress: Callable[[int, int], None]) -> tuple[FileState, list[list[str]]]:
    path, digest = _on_disk(file, home)
    if digest != file.digest:
        return _refused(file, RowFault(0, "", "digest_differs"))
    table, faults = COLUMNS.open(path, file.name)
    if table is None:
        return FileState.REFUSED, list(faults_as_json(faults))
    plan_year, written = plan_year_by_id(file.city, file.plan_year_id), _written(file)
    count = 0
    try:
        read = ((number, cells) for number, cells in COLUMNS.rows(table))
        for rows in iter(lambda: list(islice(read, _AT_ONCE)), []):
            count += len(rows)
            if count > MOST_ROWS:
                return _refused(file, RowFault(0, "", "too_many_rows", str(count)))
            progress(count, max(table.count, count))
            fresh = [(number, cells) for number, cells in rows if number > written]
            if fresh:
                _write_rows(file, plan_year, [_read(number, cells) for number, cells in fresh])
    except InputError as error:
        return _refused(file, COLUMNS.unreadable(path, file.name, error))
    if not count:
        return _refused(file, RowFault(0, "", "no_rows"))
    return FileState.CHECKED, []


def _refused(file: BulkFile, fault: RowFault) -> tuple[FileState, list[list[str]]]:
    """Of a file that cannot be read to its end nothing is kept."""
    BulkRow.objects.of(file.city).filter(file=file).delete()
    return FileState.REFUSED, list(faults_as_json([fault]))


def _read(number: int, cells: dict[str, str]) -> _Row:
    read, faults = read_row(number, cells)
    return read, faults, number, cells["reference"][:60]


def _written(file: BulkFile) -> int:
    """The last row that an earlier attempt has written down."""
    found = BulkRow.objects.of(file.city).filter(file=file).aggregate(last=Max("number"))["last"]
    return found or 0


@transaction.atomic
def _write_rows(file: BulkFile, plan_year: PlanYearFacts, rows: list[_Row]) -> None:
    checked = check_rows(file.city, file, plan_year, [read for read, *_rest in rows if read is not None])
    by_number = {one.read.number: one for one in checked}
    BulkRow.objects.insert(
        _row(file, number, reference, faults, by_number.get(number)) for _read_, faults, number, reference in rows
    )


def _row(file: BulkFile, number: int, reference: str, faults: list[RowFault], checked: Checked | None) -> BulkRow:
    faults = [*faults, *(checked.faults if checked is not None else ())]
    row = BulkRow(
        city=file.city,
        file=file,
        organisation_id=file.organisation_id,
        plan_year_id=file.plan_year_id,
        number=number,
        reference=reference,
        state=RowState.FAULTY if faults else RowState.READY,
        faults=list(faults_as_json(faults)),
        changed_at=now(file.city),
    )
    if checked is not None:
        row.resident_id = checked.person.id if checked.person is not None else None
        row.holder_id = checked.holder.id if checked.holder is not None else None
        row.relation, row.edition, row.fen = checked.read.relation, checked.read.edition, checked.fen
    return row


def _on_disk(file: BulkFile, home: Path) -> tuple[Path, str]:
    """The file's bytes in the folder, one part after the other; and their digest."""
    path, digest = home / f"list{Path(file.name).suffix.lower()}", hashlib.sha256()
    with path.open("wb") as out:
        for part in _parts(file.city, file):
            out.write(part)
            digest.update(part)
    return path, digest.hexdigest()


def _parts(city: City, file: BulkFile) -> Iterator[bytes]:
    places = FilePart.objects.of(city).filter(file=file).order_by("place").values_list("pk", flat=True)
    for key in list(places):
        yield base64.b64decode(FilePart.objects.of(city).get(pk=key).content)
