"""Everything of `seals` that other contexts may import."""

from __future__ import annotations

from huimin.platform.seals.selectors import head_of, head_text, read_head
from huimin.platform.seals.verification import verify_seals
from huimin.platform.seals.worker import keep_sealing

__all__ = [
    "head_of",
    "head_text",
    "keep_sealing",
    "read_head",
    "verify_seals",
]
