"""A file from its sender's hands to the queue: sent, looked at by a person, accepted or cancelled."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO

from django.db import IntegrityError, transaction

from huimin.platform.bulk.checking import CHECK_BULK
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import OPEN, BulkFile, BulkRow, FileKind, FilePart, FileState, Organisation, RowState
from huimin.platform.bulk.organisations import enrol_later
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.tasks.api import enqueue, stop

__all__ = [
    "ASK_PEOPLE",
    "LARGEST",
    "accept_file",
    "cancel_file",
    "check_later",
    "known_file",
    "new_file",
    "record_sent",
    "send_file",
]

LARGEST = 200 * 1024 * 1024
_PART = 1 << 20
_STAFF = "staff"
ASK_PEOPLE = "ask_people"


@transaction.atomic
def send_file(
    *,
    actor: Actor,
    organisation: str,
    plan_year: PlanYearFacts,
    kind: FileKind,
    file_name: str,
    content: Iterable[bytes],
) -> int:
    """Keep a file, piece by piece, and let a worker check it. Returns its number.

    Raises NotAllowed; BulkError: `bad_bulk_file` where there is no such organisation, or the file is empty or too
    large; `bulk_file_known` where the same bytes were sent for it and this plan year before, and neither refused as a
    whole nor cancelled.
    """
    authorise(actor, Action.SEND_BULK_FILE)
    city, file = actor.city, new_file(actor, organisation, plan_year, kind, file_name)
    with TemporaryFile() as held:
        file.digest, file.size = _received(content, held)
        try:
            with transaction.atomic():
                BulkFile.objects.insert([file])
        except IntegrityError as error:
            raise BulkError("the same file was sent for this organisation before", code="bulk_file_known") from error
        held.seek(0)
        for place, part in enumerate(iter(lambda: held.read(_PART), b"")):
            text = base64.b64encode(part).decode()
            row = FilePart(city=city, file=file, place=place, content=text, recorded_at=file.received_at)
            FilePart.objects.insert([row])
    check_later(file)
    record_sent(actor, file)
    return int(file.pk)


def new_file(actor: Actor, organisation: str, plan_year: PlanYearFacts, kind: FileKind, file_name: str) -> BulkFile:
    """A file, not kept yet, whose bytes are to come. Raises BulkError (`bad_bulk_file`) for an unknown organisation."""
    city = actor.city
    row = Organisation.objects.of(city).filter(code=organisation).first()
    if row is None:
        raise BulkError(f"found no organisation {organisation!r} in this city", code="bad_bulk_file")
    return BulkFile(
        city=city,
        organisation=row,
        plan_year_id=plan_year.id,
        kind=kind,
        name=file_name[-120:],
        digest="",
        size=0,
        channel=actor.code or _STAFF,
        sent_by=actor.text,
        received_at=now(city),
    )


def known_file(file: BulkFile) -> BulkFile | None:
    """The one that has the same bytes for the same organisation and plan year, and stands in this one's way."""
    rows = BulkFile.objects.of(file.city).filter(
        organisation=file.organisation_id, plan_year=file.plan_year_id, digest=file.digest
    )
    found: BulkFile | None = rows.exclude(state__in=(FileState.REFUSED, FileState.CANCELLED)).first()
    return found


def check_later(file: BulkFile, *fields: str) -> None:
    """Every byte is there: have a worker check it. `fields`: what else of the file is to be written."""
    file.task = enqueue(city=file.city, kind=CHECK_BULK, payload={"file": file.pk})
    file.save(update_fields=["task", *fields])


def record_sent(actor: Actor, file: BulkFile) -> None:
    _audit(actor, "bulk_file_sent", file)


def _received(content: Iterable[bytes], held: IO[bytes]) -> tuple[str, int]:
    """Digest and size of the content, which is written to `held` as it comes. Raises BulkError (`bad_bulk_file`)."""
    digest, size = hashlib.sha256(), 0
    for piece in content:
        digest.update(piece)
        size += held.write(piece)
        if size > LARGEST:
            raise BulkError(f"found more than {LARGEST} bytes; expected at most that", code="bad_bulk_file")
    if not size:
        raise BulkError("found an empty file; expected a list of people", code="bad_bulk_file")
    return digest.hexdigest(), size


@transaction.atomic
def accept_file(*, actor: Actor, file_id: int, refused: int) -> None:
    """A person takes the rows that are in order; those with faults stay refused. `refused`: how many they were shown.

    Who has to be asked is asked now; all others are enrolled as far as the organisation's money goes. Raises
    NotAllowed; BulkError `bulk_file_not_open`, `bulk_file_changed` where another number is refused by now.
    """
    authorise(actor, Action.ACCEPT_BULK_FILE)
    file = _locked(actor.city, file_id, FileState.CHECKED)
    rows = BulkRow.objects.of(actor.city).filter(file=file)
    faulty = rows.filter(state=RowState.FAULTY).count()
    if faulty != refused:
        raise BulkError(f"{faulty} rows are refused, not {refused}", code="bulk_file_changed")
    moment, ready = now(actor.city), rows.filter(state=RowState.READY)
    file.state, file.accepted_by, file.accepted_at = FileState.ACCEPTED, actor.text, moment
    if file.kind == FileKind.ASKING:
        ready.update(state=RowState.ASKED, changed_at=moment)
        file.task = enqueue(city=actor.city, kind=ASK_PEOPLE, payload={"file": file.pk})
    else:
        ready.update(state=RowState.AGREED, changed_at=moment)
    file.save(update_fields=["state", "accepted_by", "accepted_at", "task"])
    enrol_later(actor.city, file.organisation_id)
    _audit(actor, "bulk_file_accepted", file, {"refused": refused})


@transaction.atomic
def cancel_file(*, actor: Actor, file_id: int, note: str) -> int:
    """Stop: nobody else of the file is enrolled. Who is enrolled already stays so. Returns how many rows it ends.

    Raises NotAllowed; BulkError `note_missing`, `bulk_file_not_open`.
    """
    authorise(actor, Action.ACCEPT_BULK_FILE)
    if not note.strip():
        raise BulkError("say why: the note is part of the record", code="note_missing")
    file = _locked(actor.city, file_id, FileState.COMING, FileState.CHECKING, FileState.CHECKED, FileState.ACCEPTED)
    if file.task_id is not None:
        stop(city=actor.city, task_id=file.task_id)
    rows = BulkRow.objects.of(actor.city).filter(file=file, state__in=OPEN)
    ended = rows.update(state=RowState.CANCELLED, changed_at=now(actor.city))
    file.state = FileState.CANCELLED
    file.save(update_fields=["state"])
    _audit(actor, "bulk_file_cancelled", file, {"ended": ended})
    return int(ended)


def _locked(city: City, file_id: int, *states: FileState) -> BulkFile:
    file: BulkFile | None = BulkFile.objects.fetch_one(city, {"id": file_id}, lock=True)
    if file is None or file.state not in states:
        raise BulkError(f"file {file_id} is not there, or not waiting for this step", code="bulk_file_not_open")
    return file


def _audit(actor: Actor, action: str, file: BulkFile, detail: dict[str, int] | None = None) -> None:
    record_audit(
        city=actor.city,
        actor=actor.text,
        action=action,
        subject=f"bulk_file:{file.pk}",
        at=now(actor.city),
        detail=detail,
    )
