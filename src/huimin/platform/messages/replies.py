"""Which message a reply answers, and what it says whatever its width and case."""

from __future__ import annotations

import unicodedata

from huimin.platform.foundation.models import City

__all__ = ["ids_in", "key_at_gateway", "plain_reply"]


def key_at_gateway(city: City, key: str) -> str:
    """By which the gateway knows a notice to a resident, and names it when a reply comes."""
    return f"{city.pk}:notice:{key}"


def ids_in(message_key: str, topic: str) -> tuple[int, int] | None:
    """The two numbers in the key of a notice of this topic, such as `was-it-you-7-12`; None for any other message."""
    _, _, key = message_key.partition(f":notice:{topic}-")
    first, _, second = key.partition("-")
    return (int(first), int(second)) if first.isdigit() and second.isdigit() else None


def plain_reply(text: str) -> str:
    """The reply in narrow capitals, without blanks and the stop at its end."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper().strip("。.!！")
