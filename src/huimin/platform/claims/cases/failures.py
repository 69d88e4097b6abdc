"""What cannot be done about a held bill, and why."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["ReviewError"]


class ReviewError(HuiminError):
    code = "review"
