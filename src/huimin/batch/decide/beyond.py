"""What of a program no column holds."""

from __future__ import annotations

from huimin.adjudication.program import Program

__all__ = ["beyond_columns"]


def beyond_columns(program: Program) -> list[str]:
    """What of a program no column holds, in words: members whom it concerns are decided by the evaluator."""
    used = {benefit.items_on for benefit in program.benefits}
    found = [
        f"the list {name} limits items by month or year: members with bills of such items"
        for name, items in program.item_lists
        if name in used and any(item.month_limit is not None or item.year_limit is not None for item in items or ())
    ]
    if program.life_pools:
        found.append("there are limits for life: members of whom payments of earlier years are known")
    return found
