"""How a quick claim can fail, and the name of its work."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["FETCH", "QuickClaimError"]

FETCH = "fetch_settlements"
"""The kind of task that asks the bureau."""


class QuickClaimError(HuiminError):
    """A claim or a consent that cannot be taken or ended as was asked."""

    code = "quick_claim"
