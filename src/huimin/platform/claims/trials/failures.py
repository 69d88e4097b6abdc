"""The error for something that cannot be done with a trial."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["TrialError"]


class TrialError(HuiminError):
    code = "trial"
