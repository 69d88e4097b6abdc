"""How clearing with a hospital can fail."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["ClearingError"]


class ClearingError(HuiminError):
    """A statement, or a line of one, that cannot be made or moved on as was asked."""

    code = "clearing"
