"""Files and versions of a roster, as pages show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.selectors import open_proposal
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.subsidies.models import RosterFile, RosterInForce, RosterVersion
from huimin.platform.subsidies.roster_changes import Changes, changes_between, latest_in_force
from huimin.platform.subsidies.roster_files import RowFault
from huimin.platform.subsidies.rosters import USE_CASE

__all__ = ["FileSeen", "VersionSeen", "changes_of_version", "files_of_roster", "proposal_of_roster", "version_in_force"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class VersionSeen:
    id: int
    number: int
    people: int
    in_force_since: datetime | None
    agreed_by: str = ""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """One file that was sent, and what came of it: it is being read, has faults, became a version, or could not be
    read at all (`failed`)."""

    id: int
    name: str
    received_at: datetime
    received_from: str
    state: str
    progress: int
    faults: Sequence[RowFault]
    version: VersionSeen | None


def files_of_roster(city: City, roster_id: int) -> list[FileSeen]:
    """The latest files, the last one first."""
    rows = RosterFile.objects.of(city).filter(roster=roster_id).select_related("task").order_by("-received_at", "-pk")
    files = list(rows.defer("content")[:_SHOWN])
    versions = {one.file_id: one for one in RosterVersion.objects.of(city).filter(file__in=[file.pk for file in files])}
    return [_seen(city, file, versions.get(file.pk)) for file in files]


def _seen(city: City, file: RosterFile, version: RosterVersion | None) -> FileSeen:
    file.city = city
    faults = [RowFault(**fault) for fault in json.loads(file.faults)] if file.faults else []
    state = "version" if version is not None else "faults" if faults else "failed"
    if state == "failed" and file.task is not None and file.task.is_under_way:
        state = "reading"
    return FileSeen(
        id=file.pk,
        name=file.name,
        received_at=file.received_at,
        received_from=file.received_from,
        state=state,
        progress=file.task.percent_done if file.task is not None else 0,
        faults=faults,
        version=_version(city, version) if version is not None else None,
    )


def _version(city: City, row: RosterVersion) -> VersionSeen:
    force = RosterInForce.objects.of(city).filter(version=row.pk).first()
    since, agreed = (force.decided_at, force.agreed_by) if force is not None else (None, "")
    return VersionSeen(row.pk, row.number, row.people, since, agreed)


def version_in_force(city: City, roster_id: int) -> VersionSeen | None:
    row = latest_in_force(city, roster_id)
    return _version(city, row) if row is not None else None


def changes_of_version(city: City, roster_id: int, version_id: int) -> Changes:
    """What a version changes of the one that was in force before it, whether or not it is in force itself."""
    row: RosterVersion = RosterVersion.objects.of(city).get(roster=roster_id, pk=version_id)
    earlier = RosterInForce.objects.of(city).filter(roster=roster_id, version__number__lt=row.number)
    before = earlier.order_by("-version__number").first()
    return changes_between(city, before.version_id if before is not None else None, row.pk)


def proposal_of_roster(city: City, code: str) -> Proposal | None:
    """What waits for a second person."""
    return open_proposal(city, USE_CASE, Subject("roster", code))
