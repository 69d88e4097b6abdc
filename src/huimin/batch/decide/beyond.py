"""The parts of a program that cannot be decided by column."""

from __future__ import annotations

from huimin.adjudication.program import Program

__all__ = ["beyond_columns"]


def beyond_columns(program: Program) -> list[str]:
    """The parts of a program that cannot be decided by column, in words. The evaluator decides the members they
    concern.
    """
    used = {benefit.items_on for benefit in program.benefits}
    found = [
        f"the list {name} limits items by month or year: members with bills of such items"
        for name, items in program.item_lists
        if name in used and any(item.month_limit is not None or item.year_limit is not None for item in items or ())
    ]
    if program.life_pools:
        found.append("there are limits for life: members of whom payments of earlier years are known")
    return found
