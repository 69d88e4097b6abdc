"""A file that a channel sends in parts: announced by its size and digest, so that it can go on where it broke off."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction

from huimin.batch.files.text_tables import TEXT_FILES
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import BulkFile, FileKind, FilePart, FileState
from huimin.platform.bulk.sending import LARGEST, check_later, known_file, new_file, record_sent
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action

__all__ = ["PART_BYTES", "add_part", "announce_file", "missing_parts"]

PART_BYTES = 700_000
"""Of each part but the last. In base 64 it fits into a request, which may have a million bytes."""
FILES_A_DAY = 50
"""That one channel may announce."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def announce_file(
    *,
    actor: Actor,
    organisation: str,
    plan_year: PlanYearFacts,
    kind: FileKind,
    file_name: str,
    size: int,
    digest: str,
) -> int:
    """A file is about to come. Returns its number; of one that this channel announced before, the number it has.

    `digest`: SHA-256 of its bytes. Raises NotAllowed; BulkError `bad_bulk_file`, `too_many_bulk_files`, and
    `bulk_file_known` where somebody else sent the same bytes for the same organisation and plan year.
    """
    authorise(actor, Action.SEND_BULK_FILE)
    fits = 0 < size <= LARGEST and _DIGEST.fullmatch(digest) and Path(file_name).suffix.lower() in TEXT_FILES
    if not fits:
        text = f"found {size} bytes, the digest {digest[:70]!r}; expected a CSV or XLSX file of 1 to {LARGEST} bytes"
        raise BulkError(f"{text}, and its SHA-256 in 64 small hexadecimal digits", code="bad_bulk_file")
    file = new_file(actor, organisation, plan_year, kind, file_name)
    file.size, file.digest, file.state = size, digest, FileState.COMING
    known = known_file(file)
    if known is None:
        _refuse_too_many(file)
        try:
            with transaction.atomic():
                BulkFile.objects.insert([file])
        except IntegrityError:  # announced twice at one moment
            known = known_file(file)
        else:
            record_sent(actor, file)
            return int(file.pk)
    if known is None or known.channel != file.channel:
        raise BulkError("the same file was sent for this organisation before", code="bulk_file_known")
    return int(known.pk)


def _refuse_too_many(file: BulkFile) -> None:
    """A list tells who is in the register, so that nobody may send lists without end."""
    since = file.received_at - timedelta(days=1)
    count = BulkFile.objects.of(file.city).filter(channel=file.channel, received_at__gte=since).count()
    if count >= FILES_A_DAY:
        text = f"this channel has announced {count} files within a day; expected {FILES_A_DAY} at most"
        raise BulkError(text, code="too_many_bulk_files")


@transaction.atomic
def add_part(*, actor: Actor, file_id: int, place: int, content: bytes) -> None:
    """One part of a file that this channel announced; with the last of them the check begins. Safe to send twice.

    Raises NotAllowed; BulkError `bulk_file_not_open`; `bad_bulk_part` where it has another size than this part must
    have; `bulk_part_differs` where other bytes came for this place.
    """
    authorise(actor, Action.SEND_BULK_FILE)
    city = actor.city
    file: BulkFile | None = BulkFile.objects.fetch_one(city, {"id": file_id}, lock=True)
    if file is None or file.channel != actor.code:
        raise BulkError(f"no file {file_id} of this channel waits for parts", code="bulk_file_not_open")
    expected = min(PART_BYTES, file.size - place * PART_BYTES)
    if place < 0 or len(content) != expected or not content:
        text = f"found part {place} of {len(content)} bytes; expected 0 to {_count(file) - 1}, each of {PART_BYTES}"
        raise BulkError(f"{text} bytes but the last", code="bad_bulk_part")
    text = base64.b64encode(content).decode()
    before = FilePart.objects.of(city).filter(file=file, place=place).first()
    if before is not None:
        if before.content != text:
            raise BulkError(f"other bytes came for part {place} before", code="bulk_part_differs")
        return
    if file.state != FileState.COMING:
        raise BulkError(f"no file {file_id} of this channel waits for parts", code="bulk_file_not_open")
    FilePart.objects.insert([FilePart(city=city, file=file, place=place, content=text, recorded_at=now(city))])
    if not _missing(city, file):
        file.state = FileState.CHECKING
        check_later(file, "state")


def missing_parts(city: City, file_id: int) -> list[int]:
    """Which parts have not come yet; none of a file that is not being sent."""
    file = BulkFile.objects.of(city).filter(pk=file_id, state=FileState.COMING).first()
    return _missing(city, file) if file is not None else []


def _missing(city: City, file: BulkFile) -> list[int]:
    there = set(FilePart.objects.of(city).filter(file=file).values_list("place", flat=True))
    return [place for place in range(_count(file)) if place not in there]


def _count(file: BulkFile) -> int:
    return -(-file.size // PART_BYTES)
