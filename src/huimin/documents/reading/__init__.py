"""Reading a paper: its best source first, and every source for what the better ones do not say."""

from __future__ import annotations

from huimin.documents.reading.sources import read_here

__all__ = ["read_here"]
