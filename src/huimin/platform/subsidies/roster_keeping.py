"""What a worker found in a file, kept: all its faults, or a version with everybody it names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from huimin.platform.foundation.clock import now
from huimin.platform.subsidies.models import RosterEntry, RosterFile, RosterVersion
from huimin.platform.subsidies.roster_files import RowFault

__all__ = ["Found", "keep_faults", "keep_version"]


@dataclass(frozen=True, slots=True)
class Found:
    """A row whose person is in the register."""

    resident_id: int
    row: int
    reason: str
    valid_from: date
    valid_to: date


def keep_faults(file: RosterFile, faults: Sequence[RowFault]) -> None:
    """Nothing of the file is taken. Every fault is kept for whoever sent it."""
    file.faults = json.dumps([asdict(fault) for fault in faults], ensure_ascii=False)
    file.save(update_fields=["faults"])


def keep_version(file: RosterFile, found: Sequence[Found]) -> None:
    """The file is in order: its people are the roster's next version. Nothing is paid by it before it is in force."""
    city, moment = file.city, now(file.city)
    number = RosterVersion.objects.of(city).filter(roster=file.roster_id).count() + 1
    version: RosterVersion = RosterVersion.objects.create(
        city=city, roster_id=file.roster_id, number=number, file=file, people=len(found), created_at=moment
    )
    RosterEntry.objects.bulk_create(
        (
            RosterEntry(
                city=city,
                version=version,
                resident_id=one.resident_id,
                row=one.row,
                reason=one.reason,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                recorded_at=moment,
            )
            for one in found
        ),
        batch_size=2_000,
    )
