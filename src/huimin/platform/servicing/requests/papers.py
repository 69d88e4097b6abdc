"""Papers that are sent with a request: which files are taken, and how they are kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huimin.platform.foundation.models import City
from huimin.platform.servicing.models import PolicyPaper
from huimin.platform.servicing.requests.failures import RequestError

__all__ = ["MOST_BYTES", "MOST_PAPERS", "Paper", "PaperFacts", "keep_papers", "paper_of", "papers_of", "read_papers"]

MOST_BYTES, MOST_PAPERS = 5_000_000, 5
_FORMS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
"""By how they begin: the name of a file says nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Paper:
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper without its content. `size` in bytes."""

    id: int
    request_id: int
    media_type: str
    size: int


def read_papers(files: Sequence[bytes]) -> list[Paper]:
    """Raises RequestError: `too_many_papers`, `paper_too_large`, `paper_unreadable`."""
    if len(files) > MOST_PAPERS:
        raise RequestError(f"found {len(files)} files; expected at most {MOST_PAPERS}", code="too_many_papers")
    return [_paper(data) for data in files]


def _paper(data: bytes) -> Paper:
    if len(data) > MOST_BYTES:
        text = f"found a file of {len(data)} bytes; expected at most {MOST_BYTES}"
        raise RequestError(text, code="paper_too_large")
    for begin, media_type in _FORMS:
        if data.startswith(begin):
            return Paper(media_type, data)
    raise RequestError("found a file that is no JPEG or PNG picture and no PDF", code="paper_unreadable")


def keep_papers(city: City, request_id: int, papers: Sequence[Paper], at: datetime) -> None:
    """Keep them with a request, each once. Call it inside the transaction of the request."""
    by_digest = {hashlib.sha256(paper.data).hexdigest(): paper for paper in papers}
    rows = [
        PolicyPaper(
            city=city,
            request_id=request_id,
            digest=digest,
            media_type=paper.media_type,
            size=len(paper.data),
            content=base64.b64encode(paper.data).decode(),
            at=at,
        )
        for digest, paper in by_digest.items()
    ]
    if rows:
        PolicyPaper.objects.insert(rows)


def papers_of(city: City, request_ids: Sequence[int]) -> list[PaperFacts]:
    names = ("id", "request", "media_type", "size")
    return [PaperFacts(*row) for row in PolicyPaper.objects.pick(city, names, {"request": list(request_ids)}, ("id",))]


def paper_of(city: City, request_id: int, paper_id: int) -> Paper | None:
    """The paper with its content; None where this request has no such paper."""
    row = PolicyPaper.objects.fetch_one(city, {"id": paper_id, "request": request_id})
    return None if row is None else Paper(row.media_type, base64.b64decode(row.content))
