"""What one benefit pays on one bill (deductible, tiers, rounding, limits), and what has been used up so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from huimin.adjudication.applying import Applied
from huimin.adjudication.decisions import BenefitDecision, Cut
from huimin.adjudication.listed_items import ItemsUsed
from huimin.adjudication.program import AllowanceProgram, LimitProgram
from huimin.adjudication.tiers import Tiers, entitlement_between, rounded_to_fen
from huimin.settlement import Settlement

__all__ = ["Bill", "Used", "allowance_sum", "pay"]

_OF_THE_YEAR = ("year", "life")


@dataclass(slots=True)
class Used:
    """What has been used in the year so far.

    Deductibles by pool, excess and entitlement by benefit, limits by pool (and day or month), the cost of listed items,
    and the units of allowances.
    """

    limit: dict[str, int]
    deductible: dict[str, int] = field(default_factory=dict)
    excess: dict[str, int] = field(default_factory=dict)
    entitlement: dict[str, int] = field(default_factory=dict)
    """In fen × basis points, before rounding and limits."""
    item: ItemsUsed = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    months: set[tuple[str, int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Bill:
    """One settlement while it is decided: its day, its quantities by name, and what it used of pools per settlement.

    `listed_cost` is how much of its items' cost counts, by list, so that benefits on one list count a purchase once.
    """

    day: date
    amounts: dict[str, int]
    left_to_person: int
    listed_cost: dict[str, int] = field(default_factory=dict)
    deductible: dict[str, int] = field(default_factory=dict)
    limit: dict[str, int] = field(default_factory=dict)


def allowance_sum(allowance: AllowanceProgram, benefit: str, settlement: Settlement, day: date, used: Used) -> int:
    """The allowance for the units of this bill, in fen. A stay has as many days as there are nights between its two
    dates, and one day where both are the same.
    """
    if allowance.per == "day":
        assert settlement.admission is not None and settlement.discharge is not None, "asked for before"  # noqa: S101
        stay = max(1, (settlement.discharge - settlement.admission).days)
        units = max(0, stay - allowance.free)
    elif allowance.per == "month":
        month = (benefit, day.year, day.month)
        units = int(month not in used.months)
        used.months.add(month)
    else:
        units = 1
    before = used.units.get(benefit, 0)
    if allowance.most is not None:
        units = min(units, allowance.most - before)
    used.units[benefit] = before + units
    return units * allowance.amount


def pay(one: Applied, tiers: Tiers, base: int, used: Used, bill: Bill) -> BenefitDecision:
    """Decide one benefit on one bill. Adds to `used` and `bill` what it uses up in the year and on this settlement.

    The tiers pay the difference between the year's entitlement rounded with this bill and rounded without it. So the
    payments of a year add up to its exact entitlement, rounded once, whatever rates its bills met.
    """
    benefit = one.benefit
    name, allowance = benefit.id, benefit.allowance is not None
    deductible_applied = 0
    if benefit.deductible_per is not None:
        taken_by = used.deductible if benefit.deductible_per == "year" else bill.deductible
        taken = taken_by.get(benefit.deductible_pool, 0)
        left = one.deductible - taken
        if left > 0:
            deductible_applied = base if base < left else left
            taken_by[benefit.deductible_pool] = taken + deductible_applied
    before = used.excess.get(name, 0)
    entitled = used.entitlement.get(name, 0)
    excess = base - deductible_applied
    if not excess:  # nothing is paid, so there is nothing to cut or to round
        return BenefitDecision(name, base, deductible_applied, 0, before, entitled, (), 0, one, allowance)
    used.excess[name] = before + excess
    used.entitlement[name] = entitled_with = entitled + entitlement_between(tiers, before, before + excess)
    payable = rounded_to_fen(entitled_with) - rounded_to_fen(entitled)
    cuts: list[Cut] = []
    if benefit.rounding is not None:
        payable = _rounded(payable, benefit.rounding, cuts)
    pools: list[tuple[dict[str, int], str]] = []
    for limit in one.limits:
        counts, pool = _pool(limit, used, bill)
        pools.append((counts, pool))
        left = limit.amount - counts.get(pool, 0)
        if payable > left:
            payable = _cut(payable, max(0, left), f"{limit.per}_limit", cuts, limit)
    if payable > bill.left_to_person and not allowance:
        payable = _cut(payable, bill.left_to_person, "personal", cuts)
    if payable < benefit.minimum:
        payable = _cut(payable, 0, "minimum", cuts)
    if payable:
        for counts, pool in pools:
            counts[pool] = counts.get(pool, 0) + payable
    return BenefitDecision(
        name, base, deductible_applied, excess, before, entitled, tuple(cuts), payable, one, allowance
    )


def _pool(limit: LimitProgram, used: Used, bill: Bill) -> tuple[dict[str, int], str]:
    """The record in which a limit's use is counted, and the key under which it is."""
    if limit.per in _OF_THE_YEAR:
        return used.limit, limit.pool
    if limit.per == "settlement":
        return bill.limit, limit.pool
    period = str(bill.day) if limit.per == "day" else f"{bill.day:%Y-%m}"
    return used.limit, f"{limit.pool}@{period}"


def _rounded(payable: int, rounding: tuple[int, str], cuts: list[Cut]) -> int:
    unit, how = rounding
    rounded = (payable + (unit // 2 if how == "half_up" else 0)) // unit * unit
    if rounded != payable:
        cuts.append(Cut("rounding", payable - rounded))
    return rounded


def _cut(amount: int, most: int, rule: str, cuts: list[Cut], limit: LimitProgram | None = None) -> int:
    """The amount, or the limit `most` if that is less. What is taken away is added to `cuts`."""
    if amount > most:
        cuts.append(Cut(rule, amount - most, limit))
    return most
