"""How paying out can fail."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["PayoutError"]


class PayoutError(HuiminError):
    """An account or a payout that cannot be taken or moved on as was asked."""

    code = "payout"
