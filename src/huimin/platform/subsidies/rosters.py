"""The next version of a roster: a file is sent, a worker reads it, one person proposes it, and another agrees."""

from __future__ import annotations

import base64
import hashlib

from django.db import transaction

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Proposal
from huimin.platform.foundation.approvals.services import propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.authorising import authorise
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City
from huimin.platform.foundation.permissions import Action
from huimin.platform.foundation.services import record_audit
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.models import Roster, RosterFile, RosterInForce, RosterVersion
from huimin.platform.subsidies.roster_changes import changes_between, latest_in_force
from huimin.platform.tasks.api import enqueue

__all__ = ["READ_ROSTER", "USE_CASE", "propose_version", "roster_version", "send_roster"]

READ_ROSTER = "read_roster"
USE_CASE = "roster_version"
_LARGEST = 20 * 1024 * 1024


@transaction.atomic
def send_roster(*, actor: Actor, roster: str, file_name: str, data: bytes) -> int:
    """Keep a file and let a worker read it. Returns the file's number.

    Raises NotAllowed; SubsidyError: `bad_roster_file` where there is no such roster, or the file is empty or too large;
    `roster_file_known` where the same bytes were sent for this roster before.
    """
    authorise(actor, Action.IMPORT_ROSTER)
    city = actor.city
    row = Roster.objects.of(city).filter(code=roster).first()
    if row is None or not 0 < len(data) <= _LARGEST:
        text = f"found {len(data)} bytes for the roster {roster!r}; expected 1 to {_LARGEST} for a roster that is there"
        raise SubsidyError(text, code="bad_roster_file")
    digest = hashlib.sha256(data).hexdigest()
    if RosterFile.objects.of(city).filter(roster=row, digest=digest).exists():
        raise SubsidyError("the same file was sent for this roster before", code="roster_file_known")
    task = enqueue(city=city, kind=READ_ROSTER, key=f"{row.pk}-{digest}")
    file = RosterFile(
        city=city,
        roster=row,
        name=file_name[-120:],
        digest=digest,
        content=base64.b64encode(data).decode(),
        received_from=actor.text,
        received_at=now(city),
        task=task,
    )
    RosterFile.objects.insert([file])
    subject, detail = f"roster:{row.code}", {"file": file.pk}
    record_audit(city=city, actor=actor.text, action="roster_sent", subject=subject, at=now(city), detail=detail)
    return int(file.pk)


def propose_version(*, actor: Actor, version_id: int, reason: str) -> Proposal:
    """Propose that a version comes into force. Raises NotAllowed; ApprovalError; SubsidyError (`version_passed`)."""
    authorise(actor, Action.IMPORT_ROSTER)
    version = _version(actor.city, version_id)
    subject = Subject("roster", version.roster.code)
    return propose(actor=actor, use_case=USE_CASE, subject=subject, arguments={"version": version_id}, reason=reason)


def roster_version() -> UseCase:
    """A version coming into force, as the context registers it."""
    return UseCase(USE_CASE, Action.IMPORT_ROSTER, Action.AGREE_TO_ROSTER, _prepare)


def _prepare(proposal: Proposal) -> Prepared:
    city = proposal.city
    version = _version(city, int(proposal.arguments["version"]))
    # The roster's row is the lock: two versions do not come into force side by side.
    list(Roster.objects.of(city).filter(pk=version.roster_id).select_for_update())
    before = latest_in_force(city, version.roster_id)
    if before is not None and before.number >= version.number:
        text = f"version {before.number} is in force; {version.number} is not a later one"
        raise SubsidyError(text, code="version_passed")
    changes = changes_between(city, before.pk if before is not None else None, version.pk)
    would_change = {
        "version": version.number,
        "before": before.number if before is not None else 0,
        "people": version.people,
        "came": len(changes.came),
        "went": len(changes.went),
        "changed": len(changes.changed),
        "file": version.file.digest,
    }
    return Prepared(would_change, lambda actor: _in_force(actor, version))


def _in_force(actor: Actor, version: RosterVersion) -> None:
    city, moment = actor.city, now(actor.city)
    RosterInForce.objects.create(
        city=city, version=version, roster_id=version.roster_id, decided_at=moment, agreed_by=actor.text
    )
    detail = {"version": version.number, "people": version.people}
    record_audit(
        city=city,
        actor=actor.text,
        action="roster_in_force",
        subject=f"roster:{version.roster.code}",
        at=moment,
        detail=detail,
    )


def _version(city: City, version_id: int) -> RosterVersion:
    found: RosterVersion | None = (
        RosterVersion.objects.of(city).select_related("roster", "file").filter(pk=version_id).first()
    )
    if found is None:
        raise SubsidyError(f"there is no version of a roster with the number {version_id}", code="version_passed")
    found.city = city
    return found
