"""Keeping a moment of a session: one insert, and the parts that are the same for everybody once in their life."""

from __future__ import annotations

import calendar
import hashlib
import json
import secrets
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import DEFAULT_DB_ALIAS, connections

from huimin.platform.disclosure.models import Did, ShownMoment, ShownPart
from huimin.platform.disclosure.sessions.parts import Parts, packed
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import Remembered

__all__ = ["MOST_OF_A_SESSION", "MOST_PERSONAL", "Moment", "keep_moment", "keep_reported", "kept_until", "new_session"]

MOST_PERSONAL = 200_000
"""Characters of personal parts of one page. Beyond it the page is kept by its digest alone."""
MOST_OF_A_SESSION = 300
"""Pages opened in one session that one worker keeps; of what is sent every moment is kept."""
_A_MONTH = timedelta(days=31)
"""So that a row's seal, which comes a minute after it, is older than the years too when the row may go."""
_known: Remembered[tuple[int, str], bool] = Remembered(seconds=3600)
_opened: Remembered[str, list[int]] = Remembered(seconds=3600)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be kept. `sent`: what was tapped or filled in, by field. `styles`: style sheets by their address."""

    session: str
    resident_id: int
    address: str
    did: Did
    status: int
    language: str
    large: bool
    keep_until: date
    order: str = ""
    sent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    leads_to: str = ""
    styles: Mapping[str, bytes] = field(default_factory=dict)


def new_session() -> str:
    return secrets.token_hex(16)


def kept_until(cover_to: date) -> date:
    """Five years after the cover ends, and a month."""
    year = cover_to.year + ShownMoment.kept_years
    return date(year, cover_to.month, min(cover_to.day, calendar.monthrange(year, cover_to.month)[1])) + _A_MONTH


def keep_moment(*, actor: Actor, moment: Moment, parts: Parts) -> bool:
    """Append a moment. One statement, and one more where some part was never seen. False where it was one too many.

    Its caller has asked who may open the page, and calls this once it has been made.
    """
    if moment.did is Did.OPENED and _too_many(moment.session):
        return False
    personal = {"parts": list(parts.personal), "sent": moment.sent, "to": moment.leads_to}
    layout = parts.layout
    if sum(map(len, parts.personal)) > MOST_PERSONAL:
        personal, layout = {**personal, "parts": []}, []
    styles = _manifest(moment.styles)
    _keep_parts(actor.city, [*parts.shared.values(), *moment.styles.values(), *([styles] if styles else [])])
    row = _row(actor, moment)
    row.version, row.layout, row.size = parts.version, layout, len(parts.content)
    row.page_digest = _digest(parts.content) if parts.content else ""
    row.styles = _digest(styles) if styles else ""
    row.personal = packed(personal)
    ShownMoment.objects.insert([row])
    return True


def keep_reported(*, actor: Actor, moment: Moment, version: str, page_digest: str) -> None:
    """Append what a channel says it showed on a page of its own: its version and the digest of its bytes.

    Part of the order's transaction: its caller has asked.
    """
    row = _row(actor, moment)
    row.version, row.page_digest = version, page_digest
    row.personal = packed({"parts": [], "sent": moment.sent, "to": ""})
    ShownMoment.objects.queue([row])


def _row(actor: Actor, moment: Moment) -> ShownMoment:
    return ShownMoment(
        city=actor.city,
        session=moment.session,
        key=secrets.token_hex(16),
        resident_id=moment.resident_id,
        by=actor.text,
        order=moment.order,
        at=now(actor.city),
        address=moment.address,
        did=moment.did,
        status=moment.status,
        language=moment.language,
        large=moment.large,
        keep_until=moment.keep_until,
    )


def _too_many(session: str) -> bool:
    """Counted by each worker for itself: it bounds what a robot fills, and costs no statement."""
    count = _opened.get(session, lambda: [0]) or [0]
    count[0] += 1
    return count[0] > MOST_OF_A_SESSION


def _manifest(styles: Mapping[str, bytes]) -> bytes:
    if not styles:
        return b""
    return json.dumps({address: _digest(content) for address, content in styles.items()}, sort_keys=True).encode()


def _keep_parts(city: City, parts: Iterable[bytes]) -> None:
    """Insert the parts that this process has not seen in the database yet."""
    found = {_digest(part): part for part in parts}
    fresh = {digest: part for digest, part in found.items() if not _known.get((city.pk, digest), lambda: None)}
    if not fresh:
        return
    moment = now(city)
    rows = [
        ShownPart(city=city, digest=digest, content=zlib.compress(part, 9), recorded_at=moment)
        for digest, part in sorted(fresh.items())
    ]
    ShownPart.objects.bulk_create(rows, ignore_conflicts=True)
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return  # It may be rolled back: then the next page must write them again.
    for digest in fresh:
        _known.get((city.pk, digest), lambda: True)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
