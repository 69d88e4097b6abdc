"""The error for something that cannot be done with a held bill."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["ReviewError"]


class ReviewError(HuiminError):
    code = "review"
