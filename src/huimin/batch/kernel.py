"""The arithmetic of `adjudication.payment` over columns: whole members in order, every case's terms as arrays.

A test holds it against the evaluator on random plans. Compiled by Numba; no Python object is touched.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["LARGEST_YEAR", "NO_LIMIT", "Terms", "decide_members"]

Array = npt.NDArray[Any]
LARGEST_YEAR = 9 * 10**13
"""Fen of excess in a year above which products with basis points could leave 64 bits: such members go elsewhere."""
NO_LIMIT = np.int64(2**62)
_BASIS = 10_000
QUANTITY, LISTED, ALLOWANCE = 0, 1, 2
NO_DEDUCTIBLE, OF_YEAR, OF_SETTLEMENT = 0, 1, 2
PER_SETTLEMENT, PER_DAY, PER_MONTH, PER_YEAR = 0, 1, 2, 3
BY_EVENT, BY_DAY, BY_MONTH = 0, 1, 2


class Terms(NamedTuple):
    """The plan as arrays. `entry_*` has one row for each benefit that applies in a case, in the plan's order."""

    case_start: Array
    entry_benefit: Array
    entry_kind: Array
    entry_column: Array
    """Of the base: column of `amounts`, or of `listed`."""
    entry_less_start: Array
    less_column: Array
    entry_less_benefits: Array
    """Bits of the benefits whose payments on the bill are taken away."""
    entry_deductible_per: Array
    entry_deductible: Array
    entry_deductible_pool: Array
    entry_tier_start: Array
    tier_above: Array
    tier_rate: Array
    entry_rounding_unit: Array
    entry_rounding_half: Array
    entry_limit_start: Array
    limit_per: Array
    limit_amount: Array
    limit_pool: Array
    entry_minimum: Array
    entry_allowance: Array
    """per, sum, free days, most units (or NO_LIMIT)."""
    sizes: Array
    """benefits, deductible pools, year pools, month pools, day pools, months, days"""


@njit(cache=True, nogil=True)
def _cumulative(above: Array, rate: Array, first: int, last: int, excess: int) -> int:
    exact = 0
    for tier in range(last - 1, first - 1, -1):
        if excess > above[tier]:
            exact += (excess - above[tier]) * rate[tier]
            excess = above[tier]
    return (exact + _BASIS // 2) // _BASIS


@njit(cache=True, nogil=True)
def decide_members(  # noqa: PLR0912, PLR0915 - one loop that the compiler can see whole
    terms: Terms,
    member_start: Array,
    case: Array,
    day: Array,
    month: Array,
    stay: Array,
    personal: Array,
    amounts: Array,
    listed: Array,
    out_start: Array,
    base_out: Array,
    deductible_out: Array,
    excess_out: Array,
    payable_out: Array,
    overflow: Array,
) -> None:
    """Rows of a member stand together, in order. `out_start` is where each row's first benefit is written.

    `personal` is what is left to the person after payers before the plan. `overflow` marks members by position.
    """
    benefits, deductible_pools, year_pools, month_pools, day_pools, months, days = terms.sizes
    deductible_used = np.zeros(deductible_pools, np.int64)
    bill_deductible = np.zeros(deductible_pools, np.int64)
    excess_so_far = np.zeros(benefits, np.int64)
    units = np.zeros(benefits, np.int64)
    months_seen = np.zeros((benefits, months), np.bool_)
    year_used = np.zeros(year_pools, np.int64)
    bill_used = np.zeros(year_pools, np.int64)
    month_used = np.zeros((month_pools, months), np.int64)
    day_used = np.zeros((day_pools, days), np.int64)
    paid = np.zeros(benefits, np.int64)
    for member in range(len(member_start) - 1):
        first_row, end_row = member_start[member], member_start[member + 1]
        deductible_used[:] = 0
        excess_so_far[:] = 0
        units[:] = 0
        months_seen[:] = False
        year_used[:] = 0
        month_used[:] = 0
        if day_pools:
            for row in range(first_row, end_row):
                for pool in range(day_pools):
                    day_used[pool, day[row]] = 0
        for row in range(first_row, end_row):
            left = personal[row]
            bill_deductible[:] = 0
            bill_used[:] = 0
            paid[:] = 0
            out = out_start[row]
            for entry in range(terms.case_start[case[row]], terms.case_start[case[row] + 1]):
                benefit = terms.entry_benefit[entry]
                kind = terms.entry_kind[entry]
                if kind == QUANTITY:
                    base = amounts[terms.entry_column[entry], row]
                    for index in range(terms.entry_less_start[entry], terms.entry_less_start[entry + 1]):
                        base -= amounts[terms.less_column[index], row]
                    less = terms.entry_less_benefits[entry]
                    earlier = 0
                    while less:
                        if less & 1:
                            base -= paid[earlier]
                        less >>= 1
                        earlier += 1
                    base = max(0, base)
                elif kind == LISTED:
                    base = listed[terms.entry_column[entry], row]
                else:
                    count = 1
                    if terms.entry_allowance[entry, 0] == BY_DAY:
                        count = max(0, max(1, stay[row]) - terms.entry_allowance[entry, 2])
                    elif terms.entry_allowance[entry, 0] == BY_MONTH:
                        count = 0 if months_seen[benefit, month[row]] else 1
                        months_seen[benefit, month[row]] = True
                    count = min(count, terms.entry_allowance[entry, 3] - units[benefit])
                    units[benefit] += count
                    base = count * terms.entry_allowance[entry, 1]
                applied = 0
                per = terms.entry_deductible_per[entry]
                if per:
                    pool = terms.entry_deductible_pool[entry]
                    taken = deductible_used[pool] if per == OF_YEAR else bill_deductible[pool]
                    applied = min(base, max(0, terms.entry_deductible[entry] - taken))
                    if per == OF_YEAR:
                        deductible_used[pool] = taken + applied
                    else:
                        bill_deductible[pool] = taken + applied
                excess = base - applied
                before = excess_so_far[benefit]
                excess_so_far[benefit] = before + excess
                if before + excess > LARGEST_YEAR:
                    overflow[member] = True
                    excess_so_far[benefit] = before
                    excess = 0
                payable = 0
                if excess:
                    tiers, tiers_end = terms.entry_tier_start[entry], terms.entry_tier_start[entry + 1]
                    payable = _cumulative(
                        terms.tier_above, terms.tier_rate, tiers, tiers_end, before + excess
                    ) - _cumulative(terms.tier_above, terms.tier_rate, tiers, tiers_end, before)
                unit = terms.entry_rounding_unit[entry]
                if unit:
                    payable = (payable + (unit // 2 if terms.entry_rounding_half[entry] else 0)) // unit * unit
                limits, limits_end = terms.entry_limit_start[entry], terms.entry_limit_start[entry + 1]
                for limit in range(limits, limits_end):
                    pool, scope = terms.limit_pool[limit], terms.limit_per[limit]
                    if scope == PER_YEAR:
                        used = year_used[pool]
                    elif scope == PER_SETTLEMENT:
                        used = bill_used[pool]
                    elif scope == PER_MONTH:
                        used = month_used[pool, month[row]]
                    else:
                        used = day_used[pool, day[row]]
                    payable = min(payable, max(0, terms.limit_amount[limit] - used))
                if kind != ALLOWANCE:
                    payable = min(payable, left)
                if payable < terms.entry_minimum[entry]:
                    payable = 0
                for limit in range(limits, limits_end):
                    pool, scope = terms.limit_pool[limit], terms.limit_per[limit]
                    if scope == PER_YEAR:
                        year_used[pool] += payable
                    elif scope == PER_SETTLEMENT:
                        bill_used[pool] += payable
                    elif scope == PER_MONTH:
                        month_used[pool, month[row]] += payable
                    else:
                        day_used[pool, day[row]] += payable
                if kind != ALLOWANCE:
                    left -= payable
                paid[benefit] = payable
                base_out[out] = base
                deductible_out[out] = applied
                excess_out[out] = excess
                payable_out[out] = payable
                out += 1
