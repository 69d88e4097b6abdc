"""Opening files from strangers: what a file really is, and refusal of what must not be opened."""

from __future__ import annotations

from huimin.documents.opening.kinds import FileKind, kind_of
from huimin.documents.opening.limits import Limits

__all__ = ["FileKind", "Limits", "kind_of"]
