"""The end of each city's chain. Keep it outside, so that nobody can shorten the chain unnoticed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from huimin.errors import InputError
from huimin.platform.foundation.models import City
from huimin.platform.seals.models import SealBlock

__all__ = ["Head", "continues", "head_of", "head_text", "kept_head", "read_head"]


@dataclass(frozen=True, slots=True)
class Head:
    """The last block of a city, by number and digest."""

    city: str
    block: int
    digest: str
    sealed_at: str

    @property
    def grouped(self) -> str:
        """The digest in groups of eight, to be copied by hand."""
        return " ".join(self.digest[start : start + 8] for start in range(0, len(self.digest), 8))

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.sealed_at)


def head_of(city: City) -> Head | None:
    """The end of the city's chain; None if nothing is sealed yet."""
    last = SealBlock.objects.of(city).order_by("-number").only("number", "digest", "sealed_at").first()
    return None if last is None else Head(city.code, last.number, last.digest, last.sealed_at.isoformat())


def continues(city: City, head: Head) -> bool:
    """Whether the city's chain still holds this block."""
    return SealBlock.objects.of(city).filter(number=head.block, digest=head.digest).exists()


def head_text(head: Head) -> str:
    """One line of JSON."""
    return json.dumps(asdict(head))


def read_head(text: str) -> Head:
    """The head in one line of JSON. Raises InputError (`bad_head`)."""
    try:
        found = json.loads(text)
        return Head(str(found["city"]), int(found["block"]), str(found["digest"]), str(found["sealed_at"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "this is not the head of a seal chain; expected a line that `huimin seals head` printed",
            code="bad_head",
        ) from error


def head_path(city_code: str) -> Path:
    """Where the sealing worker keeps the head, beside the database and not in it."""
    path: Path = settings.HOME / "seals" / f"{city_code}.json"
    return path


def kept_head(city: City) -> Head | None:
    path = head_path(city.code)
    return read_head(path.read_text("utf-8")) if path.is_file() else None
