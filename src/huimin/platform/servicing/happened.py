"""What may happen to a policy after it was issued: the kinds of events of its history."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Happened"]


class Happened(StrEnum):
    WITHDRAWN = "withdrawn"
    """Given up. It takes effect on the first day without cover; at once where cover had not begun."""
    CORRECTED = "corrected"
    """A fact on it was wrong, and is another from the beginning."""
    CHANGED = "changed"
    """A fact is another from a day on; of the edition, from the first day, since cover had not begun."""
    PAID_MORE = "paid_more"
    """A difference that was asked for was paid."""
    DIED = "died"
    """The insured died. Cover ends with that day."""
