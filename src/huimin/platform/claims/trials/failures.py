"""The error for something that cannot be done with a trial."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["TrialError"]


class TrialError(HuiminError):
    code = "trial"
    retry_after: int | None = None
    """In how many seconds the same may be tried again; None where it may never be, or nothing is known of that."""
