"""Why a bill is held, checked before any of it is decided: a held bill uses up no deductible and no limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin.adjudication.applying import Applying
from huimin.adjudication.listed_items import ListedItems, items_on
from huimin.adjudication.program import ItemProgram, Program
from huimin.errors import Refusal
from huimin.settlement import Settlement, quantities
from huimin.settlement.vocabulary import MED_TYPE_NAMES, MED_TYPE_WORDS

__all__ = ["Lists", "listed_items", "needed_amounts", "refused_by_plan", "refused_for_fact"]

Lists = Mapping[str, tuple[ItemProgram, ...] | None]
"""A program's item lists by name; None where the items are not known."""


def refused_for_fact(setl_id: str, fact: str) -> Refusal:
    """The refusal of a bill when a condition asks for a fact that is not known."""
    return Refusal(
        setl_id, "missing_fact", f"the terms ask for {fact}, which is not known of this member or bill", {"fact": fact}
    )


def refused_by_plan(
    program: Program, setl_id: str, med_type: str, day: date | None, cover: tuple[date, date]
) -> Refusal | None:
    """Why the plan cannot decide this bill for reasons outside its benefits; or None.

    `day` is the bill's day by `bill_day`; `cover` is the first and the last day of the member's cover.
    """
    if day is None:
        reason = f"the plan places a bill by its {program.bill_date} date, which was not reported"
        return Refusal(setl_id, "missing_date", reason)
    first, last = max(cover[0], program.cover_from), min(cover[1], program.cover_to)
    if not first <= day <= last:
        reason = f"the bill is of {day}; the member is covered from {first} to {last}"
        return Refusal(setl_id, "uncovered_date", reason, {"day": str(day), "periods": f"{first}–{last}"})
    if not med_type:
        return Refusal(setl_id, "missing_med_type", "med_type was not reported; expected a code such as 21 (inpatient)")
    if med_type not in MED_TYPE_NAMES:
        return Refusal(
            setl_id,
            "unknown_med_type",
            f"med_type: found {med_type!r}; known are {MED_TYPE_WORDS.known}",
            {"field": "med_type", "found": med_type},
        )
    if med_type in program.undecided_med_types:
        reason = f"the plan covers bills of med_type {med_type} in part, by a list that is not known"
        return Refusal(setl_id, "unknown_terms", reason, {"field": "med_type", "found": med_type})
    return None


def needed_amounts(settlement: Settlement, applying: Applying, lists: Lists) -> dict[str, int] | Refusal:
    """The quantities that the benefits need, by name; or why the bill is held: something was not reported."""
    for benefit in applying.demanding:
        if benefit.items_on is not None and settlement.care.items is None and lists[benefit.items_on] is not None:
            reason = f"the benefit {benefit.id} pays for items of a list; the bill's items were not reported"
            return Refusal(settlement.setl_id, "missing_items", reason)
        if benefit.allowance is not None and benefit.allowance.per == "day" and not _has_days(settlement):
            reason = f"the benefit {benefit.id} pays by the day; expected an admission and, not before it, a discharge"
            return Refusal(settlement.setl_id, "missing_date", reason)
    amounts = quantities(settlement, applying.needed)
    if isinstance(amounts, str):
        benefit = next(one.benefit for one in applying.benefits if amounts in one.benefit.needed)
        reason = f"the benefit {benefit.id} needs the quantity {amounts}, a part of which was not reported"
        return Refusal(settlement.setl_id, "missing_amount", reason, {"field": amounts})
    return amounts


def _has_days(settlement: Settlement) -> bool:
    first, last = settlement.admission, settlement.discharge
    return first is not None and last is not None and first <= last


def listed_items(settlement: Settlement, applying: Applying, lists: Lists) -> dict[str, ListedItems]:
    """The bill's items that benefits pay for, by list. Lists that are not known are left out. Raises
    UnknownFactError.
    """
    found: dict[str, ListedItems] = {}
    for one in applying.benefits:
        name = one.benefit.items_on
        items = lists[name] if name is not None else None
        if name is not None and items is not None:
            found[name] = items_on(items, settlement)
    return found
