"""Everything of `recalculation` that other contexts may import."""

from __future__ import annotations

from huimin.platform.recalculation.facts_files import write_members, write_settlements
from huimin.platform.recalculation.selectors import RecalculationFacts, latest_recalculations, recalculation_by_id
from huimin.platform.recalculation.services import request_recalculation

__all__ = [
    "RecalculationFacts",
    "latest_recalculations",
    "recalculation_by_id",
    "request_recalculation",
    "write_members",
    "write_settlements",
]
