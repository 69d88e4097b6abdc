"""A proposal and its answer, as services return them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import City

__all__ = ["Answered", "Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposes. `id` is 0 as long as it is not recorded yet."""

    id: int
    city: City
    use_case: str
    subject: Subject
    arguments: Mapping[str, Any]
    would_change: Mapping[str, Any]
    reason: str
    proposed_by: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a proposal."""

    answer: Answer
    answered_by: str
    reason: str
    answered_at: datetime
    would_change: Mapping[str, Any] | None = None
    """What it would have changed when it was answered; None if that was not computed."""
    result: Any = None
    """What the use case returned, if it was carried out."""
