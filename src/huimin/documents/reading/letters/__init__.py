"""Letters of a picture: seen by a model that runs here, turned upright, put together as rows, read like a print."""

from __future__ import annotations

from huimin.documents.reading.letters.seeing import read_letters

__all__ = ["read_letters"]
