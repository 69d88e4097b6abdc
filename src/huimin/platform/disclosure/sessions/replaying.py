"""Reading kept sessions: which there are of an order or a person, their moments, and a page as it was sent."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Sum

from huimin.errors import HuiminError
from huimin.platform.disclosure.models import Did, ShownMoment, ShownPart
from huimin.platform.disclosure.sessions.parts import unpacked
from huimin.platform.foundation.models import City

__all__ = [
    "KeptMoment",
    "KeptPage",
    "KeptSession",
    "kept_moments",
    "kept_page",
    "sessions_of_order",
    "sessions_of_person",
]

_MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class KeptSession:
    """`moments`: how many; `size`: bytes that were sent in all."""

    session: str
    resident_id: int
    by: str
    order: str
    first_at: datetime
    last_at: datetime
    moments: int
    size: int


@dataclass(frozen=True, slots=True)
class KeptMoment:
    id: int
    session: str
    resident_id: int
    by: str
    order: str
    at: datetime
    address: str
    did: Did
    status: int
    language: str
    large: bool
    version: str
    page_digest: str
    size: int
    sent: Mapping[str, Sequence[str]]
    leads_to: str
    has_page: bool
    """Whether the bytes themselves are kept."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """`content`: the bytes that were sent. `styles`: the style sheets of that time, by the address in the page."""

    moment: KeptMoment
    content: bytes
    styles: Mapping[str, str]


def sessions_of_order(city: City, reference: str) -> list[KeptSession]:
    """The sessions in which the order was placed, paid or looked at; the first first."""
    keys = ShownMoment.objects.of(city).filter(order=reference).values_list("session", flat=True)
    return _sessions(city, set(keys))


def sessions_of_person(city: City, resident_id: int) -> list[KeptSession]:
    """The latest sessions in which this person was the applicant."""
    rows = ShownMoment.objects.of(city).filter(resident=resident_id).values_list("session")
    latest = rows.annotate(last=Max("at")).order_by("-last")[:_MOST_LISTED]
    return _sessions(city, {session for session, _ in latest})


def _sessions(city: City, keys: Iterable[str]) -> list[KeptSession]:
    rows = ShownMoment.objects.of(city).filter(session__in=list(keys)).values_list("session")
    found = rows.annotate(
        person=Max("resident"),
        who=Max("by"),
        reference=Max("order"),
        first=Min("at"),
        last=Max("at"),
        count=Count("pk"),
        bytes=Sum("size"),
    )
    return [KeptSession(*values) for values in found.order_by("first")]


def kept_moments(city: City, session: str) -> list[KeptMoment]:
    """The session from its first page to its last."""
    rows = ShownMoment.objects.of(city).filter(session=session).order_by("at", "pk")
    return [_moment(row) for row in rows]


def kept_page(city: City, session: str, moment_id: int) -> KeptPage | None:
    """The page of one moment; None where there is none. Raises HuiminError (`shown_page_differs`).

    The parts are put together again and compared with the digest of what was sent.
    """
    row = ShownMoment.objects.of(city).filter(session=session, pk=moment_id).first()
    if row is None or not row.layout:
        return None
    own = unpacked(row.personal)["parts"]
    manifest = json.loads(_parts(city, [row.styles])[row.styles]) if row.styles else {}
    shared = _parts(city, [part for part in row.layout if isinstance(part, str)] + [*manifest.values()])
    content = b"".join(shared[part] if isinstance(part, str) else own[part].encode() for part in row.layout)
    if hashlib.sha256(content).hexdigest() != row.page_digest:
        raise HuiminError(
            f"moment {row.pk}: the parts do not give the bytes that were sent; they were changed in the database",
            code="shown_page_differs",
        )
    styles = {address: shared[digest].decode() for address, digest in manifest.items()}
    return KeptPage(_moment(row), content, styles)


def _parts(city: City, wanted: Iterable[str]) -> dict[str, bytes]:
    rows = ShownPart.objects.of(city).filter(digest__in=set(wanted)).values_list("digest", "content")
    return {digest: zlib.decompress(bytes(content)) for digest, content in rows}


def _moment(row: ShownMoment) -> KeptMoment:
    own = unpacked(row.personal)
    return KeptMoment(
        id=row.pk,
        session=row.session,
        resident_id=row.resident_id,
        by=row.by,
        order=row.order,
        at=row.at,
        address=row.address,
        did=Did(row.did),
        status=row.status,
        language=row.language,
        large=row.large,
        version=row.version,
        page_digest=row.page_digest,
        size=row.size,
        sent=own["sent"],
        leads_to=own["to"],
        has_page=bool(row.layout),
    )
