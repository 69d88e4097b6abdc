"""What can be refused where others pay the premium."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["SubsidyError"]


class SubsidyError(HuiminError):
    code = "subsidy"
