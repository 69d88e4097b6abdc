"""Why a request cannot be made or decided."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["RequestError"]


class RequestError(HuiminError):
    code = "policy_request"
