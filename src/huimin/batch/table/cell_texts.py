"""A cell of any kind as the text that a file would have."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

__all__ = ["cell_text"]


def cell_text(value: Any) -> str:
    """A cell of any kind as the text of a file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return f"{value:.15g}"  # a spreadsheet's own precision: 0.1 + 0.2 is 0.3
    return format(value, "f") if isinstance(value, Decimal) else str(value)
