"""A file of a day that a party gives as text with its digest: a payment company's, or a bank's statement."""

from __future__ import annotations

import hashlib
from datetime import date

from huimin.platform.foundation.models import City
from huimin.platform.gateways.door import Call, Door
from huimin.platform.gateways.failures import Unclear

__all__ = ["signed_file"]


def signed_file(door: Door, city: City, call: Call, day: date) -> str:
    """The text, if it is of that day and as long as its digest says. Raises a DoorError."""
    content = door.call(city, call).content
    said, digest = content.get("content"), content.get("sha256")
    text = said if isinstance(said, str) else ""
    if content.get("day") != day.isoformat() or hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Unclear(door.party, call.operation, "contradicts")
    return text
