"""The items of a bill that stand on one of the plan's lists, and how much of their cost counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from huimin.adjudication.condition_facts import UnknownFactError
from huimin.adjudication.program import ItemProgram
from huimin.settlement import Item, Settlement

__all__ = ["ListedItems", "counted_cost", "items_on", "names_code"]

ListedItems = list[tuple[ItemProgram, Item]]
ItemsUsed = dict[tuple[str, ...], int]
"""The fen that have counted under an item's limits so far: by list and item, and by list, item and month."""


def items_on(items: Iterable[ItemProgram], settlement: Settlement) -> ListedItems:
    """The bill's items that are on the list on the day they were dispensed, each with its entry.

    Raises UnknownFactError if the list asks for something about an item, such as its indication, that the bill does not
    report.
    """
    found = []
    for bought in settlement.care.items or ():
        day = _day(bought, settlement)
        entries = [item for item in items if _stands_on(item, bought.code, day) and _can_fit(item, bought)]
        entry = next((item for item in entries if not _not_known(item, bought)), None)
        if entry is not None:
            found.append((entry, bought))
        elif entries:
            raise UnknownFactError(f"the {_not_known(entries[0], bought)[0]} of item {bought.code}")
    return found


def counted_cost(name: str, listed: ListedItems, settlement: Settlement, used: ItemsUsed) -> int:
    """How much of the items' cost counts within their own limits, in fen. Adds it to `used`. `name` is the list's."""
    cost = 0
    for item, bought in listed:
        counted = bought.amount if item.unit_limit is None else min(bought.amount, item.unit_limit)
        day = _day(bought, settlement)
        keys = [(item.month_limit, (name, item.code, f"{day:%Y-%m}")), (item.year_limit, (name, item.code))]
        for most, key in keys:
            if most is not None:
                counted = min(counted, max(0, most - used.get(key, 0)))  # an entry's limit may be lower than the last's
        for most, key in keys:
            if most is not None:
                used[key] = used.get(key, 0) + counted
        cost += counted
    return cost


def _day(bought: Item, settlement: Settlement) -> date:
    return bought.day or settlement.setl_time.date()


def _stands_on(item: ItemProgram, code: str, day: date) -> bool:
    in_time = (item.from_day is None or item.from_day <= day) and (item.to_day is None or day <= item.to_day)
    return names_code(item, code) and in_time


def names_code(item: ItemProgram, code: str) -> bool:
    """Whether the entry is for items with this code, on whatever day."""
    return code.startswith(item.code[:-1]) if item.code.endswith("*") else code == item.code


def _can_fit(item: ItemProgram, bought: Item) -> bool:
    """Whether the entry may be for this item: nothing that is known about the item excludes it."""
    return all(not allowed or value is None or value in allowed for _, allowed, value in _demands(item, bought))


def _not_known(item: ItemProgram, bought: Item) -> list[str]:
    return [what for what, allowed, value in _demands(item, bought) if allowed and value is None]


def _demands(item: ItemProgram, bought: Item) -> tuple[tuple[str, tuple[Any, ...], object], ...]:
    """(name of the fact, the values the entry allows, the item's value) for each fact that the entry may ask for."""
    return (
        ("indication", item.indications, bought.indication),
        ("line of therapy", item.lines, bought.line),
        ("gene test", item.gene_tests, bought.gene_test),
        ("channel", item.channels, bought.channel),
    )
