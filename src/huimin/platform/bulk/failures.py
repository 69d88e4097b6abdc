"""What can be refused where many are enrolled at once."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["BulkError"]


class BulkError(HuiminError):
    code = "bulk"
