"""A page in parts: those that are the same for everybody, and those that are this person's.

A template marks what is the same for everybody. Whatever it does not mark counts as personal and is encrypted: a page
that forgets a mark costs some room and tells nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Parts", "close_mark", "cut", "open_mark", "packed", "unpacked"]


@dataclass(frozen=True, slots=True)
class Parts:
    """`layout`: the page's parts in their order, digests of `shared` ones and numbers of `personal` ones."""

    content: bytes
    """The bytes without marks: what is sent."""
    layout: list[str | int]
    shared: Mapping[str, bytes]
    personal: Sequence[str]

    @property
    def version(self) -> str:
        """Equal for two pages whose shared parts are the same, in the same order."""
        text = "\n".join(part for part in self.layout if isinstance(part, str))
        return hashlib.sha256(text.encode()).hexdigest()


def open_mark(nonce: str) -> str:
    """`nonce`: drawn anew for each page, so that nobody's input can be taken for a mark."""
    return f"<!--same {nonce}-->"


def close_mark(nonce: str) -> str:
    return f"<!--own {nonce}-->"


def cut(content: bytes, nonce: str) -> Parts:
    """Take a page that was made with marks apart."""
    layout: list[str | int] = []
    shared: dict[str, bytes] = {}
    personal: list[str] = []
    first, *rest = content.split(open_mark(nonce).encode())
    pieces = [(b"", first), *(_split(piece, nonce) for piece in rest)]
    for same, own in pieces:
        if same:
            digest = hashlib.sha256(same).hexdigest()
            shared[digest] = same
            layout.append(digest)
        if own:
            layout.append(len(personal))
            personal.append(own.decode())
    return Parts(b"".join(same + own for same, own in pieces), layout, shared, personal)


def _split(piece: bytes, nonce: str) -> tuple[bytes, bytes]:
    same, _, own = piece.partition(close_mark(nonce).encode())
    return same, own


def packed(content: Mapping[str, Any]) -> str:
    """Compressed text for an encrypted column."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode())).decode()


def unpacked(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b85decode(text)))
    return found
