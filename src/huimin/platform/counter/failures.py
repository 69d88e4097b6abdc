"""What can be refused at a counter."""

from __future__ import annotations

from huimin.errors import HuiminError

__all__ = ["CounterError"]


class CounterError(HuiminError):
    code = "counter"
