"""The loop for plans with a benefit that is not of the commonest form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from huimin.batch.decide.kernel_steps import allowance_units, entitlement, rounded_payment, to_fen
from huimin.batch.decide.kernel_terms import ALLOWANCE, LISTED, PER_MONTH, PER_SETTLEMENT, QUANTITY, Array
from huimin.batch.decide.sums import LARGEST_YEAR

__all__ = ["decide_any"]

_ZERO: Any
_ONE: Any
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@njit(cache=True, nogil=True, error_model="numpy")
def decide_any(  # noqa: PLR0912, PLR0915 - one loop, see kernel_steps
    case_start: Array,
    entry_benefit: Array,
    entry_kind: Array,
    entry_column: Array,
    entry_less_start: Array,
    less_column: Array,
    entry_less_benefits: Array,
    entry_deductible_per: Array,
    entry_deductible: Array,
    entry_deductible_pool: Array,
    entry_tier_start: Array,
    tier_above: Array,
    tier_rate: Array,
    entry_rounding_unit: Array,
    entry_rounding_half: Array,
    entry_limit_start: Array,
    limit_per: Array,
    limit_amount: Array,
    limit_pool: Array,
    entry_minimum: Array,
    entry_allowance: Array,
    sizes: Array,
    member_start: Array,
    rows: Array,
    case: Array,
    day: Array,
    month: Array,
    stay: Array,
    personal: Array,
    amounts: Array,
    listed: Array,
    place: int,
    out_row: Array,
    out_benefit: Array,
    out_base: Array,
    out_deductible: Array,
    out_excess: Array,
    out_payable: Array,
    overflow: Array,
) -> None:
    """See kernel.decide_members. Arguments are those of Terms, Columns and Out by name."""
    benefits, pools, year_pools, month_pools, day_pools, months, days, by_bill = sizes
    # Deductibles and limits: row 0 has what is used in the year, row 1 what is used on the bill.
    deductible_used, used = np.zeros((2, pools), np.int64), np.zeros((2, year_pools), np.int64)
    month_used, day_used = np.zeros((month_pools, months), np.int64), np.zeros((day_pools, days), np.int64)
    excess_so_far, units = np.zeros(benefits, np.int64), np.zeros(benefits, np.int64)
    # What the tiers have paid so far in the year, exact and rounded to the fen.
    entitled, entitled_fen = np.zeros(benefits, np.int64), np.zeros(benefits, np.int64)
    paid = np.zeros(benefits, np.int64)
    seen = np.zeros((benefits, months), np.bool_)
    for member in range(len(member_start) - 1):
        for which in range(pools):
            deductible_used[0, which] = 0
        for which in range(year_pools):
            used[0, which] = 0
        for benefit in range(benefits):
            excess_so_far[benefit] = units[benefit] = entitled[benefit] = entitled_fen[benefit] = 0
        if len(month):
            month_used[:] = 0
            seen[:] = False
        if day_pools:
            for row in range(member_start[member], member_start[member + 1]):
                day_used[:, day[row]] = 0
        for row in range(member_start[member], member_start[member + 1]):
            left = personal[row]
            if by_bill:
                deductible_used[1] = 0
                used[1] = 0
            for benefit in range(benefits):
                paid[benefit] = 0
            for entry in range(case_start[case[row]], case_start[case[row] + _ONE]):
                benefit = entry_benefit[entry]
                kind, column = entry_kind[entry], entry_column[entry]
                if kind == QUANTITY:
                    base = amounts[column, row]
                    for index in range(entry_less_start[entry], entry_less_start[entry + _ONE]):
                        base -= amounts[less_column[index], row]
                    less, earlier = entry_less_benefits[entry], _ZERO
                    while less:
                        base -= paid[earlier] * (less & 1)
                        less, earlier = less >> 1, earlier + _ONE
                    base = max(0, base)
                elif kind == LISTED:
                    base = listed[column, row]
                else:
                    so_far = units[benefit]
                    count = allowance_units(entry_allowance, entry, stay[row], seen, benefit, month[row], so_far)
                    units[benefit] += count
                    base = count * entry_allowance[entry, 1]
                applied, per = 0, entry_deductible_per[entry]
                if per:
                    pool, scope = entry_deductible_pool[entry], np.uint64(per - 1)
                    applied = min(base, max(0, entry_deductible[entry] - deductible_used[scope, pool]))
                    deductible_used[scope, pool] += applied
                before = excess_so_far[benefit]
                after = before + base - applied
                if after > LARGEST_YEAR:
                    overflow[member] = True
                    after = before
                excess_so_far[benefit] = after
                payable = 0
                if after > before:
                    first, last = entry_tier_start[entry], entry_tier_start[entry + _ONE]
                    entitled[benefit] += entitlement(tier_above, tier_rate, first, last, before, after)
                    payable = -entitled_fen[benefit]
                    entitled_fen[benefit] = to_fen(entitled[benefit])
                    payable = rounded_payment(
                        payable + entitled_fen[benefit], entry_rounding_unit[entry], entry_rounding_half[entry]
                    )
                    for limit in range(entry_limit_start[entry], entry_limit_start[entry + _ONE]):
                        pool, scope = limit_pool[limit], limit_per[limit]
                        if scope <= PER_SETTLEMENT:
                            taken = used[scope, pool]
                        else:
                            taken = month_used[pool, month[row]] if scope == PER_MONTH else day_used[pool, day[row]]
                        payable = min(payable, max(0, limit_amount[limit] - taken))
                    if kind != ALLOWANCE:
                        payable = min(payable, left)
                    if payable < entry_minimum[entry]:
                        payable = 0
                    for limit in range(entry_limit_start[entry], entry_limit_start[entry + _ONE]):
                        pool, scope = limit_pool[limit], limit_per[limit]
                        if scope <= PER_SETTLEMENT:
                            used[scope, pool] += payable
                        elif scope == PER_MONTH:
                            month_used[pool, month[row]] += payable
                        else:
                            day_used[pool, day[row]] += payable
                    if kind != ALLOWANCE:
                        left -= payable
                    paid[benefit] = payable
                out_row[place], out_benefit[place] = rows[row], benefit
                out_base[place], out_deductible[place] = base, applied
                out_excess[place], out_payable[place] = after - before, payable
                place += _ONE
