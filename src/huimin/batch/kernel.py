"""The arithmetic of `adjudication.payment` over columns: whole members in order, every case's terms as arrays.

A test holds it against the evaluator on random plans. Compiled by Numba; no Python object is touched.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from huimin.batch.kernel_terms import (
    ALLOWANCE,
    BY_DAY,
    BY_MONTH,
    COLUMN,
    DEDUCTIBLE,
    DEDUCTIBLE_POOL,
    LESS_BENEFITS,
    LIMIT,
    LIMIT_POOL,
    LISTED,
    LOWER_RATE,
    PER_MONTH,
    PER_SETTLEMENT,
    PLAIN,
    QUANTITY,
    UPPER_ABOVE,
    UPPER_RATE,
    Array,
    Columns,
    Out,
    Terms,
)
from huimin.batch.sums import LARGEST_YEAR

__all__ = ["decide_members"]

_BASIS = 10_000
_ZERO: Any
_ONE: Any
_ZERO, _ONE = np.uint64(0), np.uint64(1)


def decide_members(terms: Terms, member_start: Array, columns: Columns, first: int, out: Out, overflow: Array) -> None:
    """Decide the members whose rows begin at `member_start` in `columns.rows`; its last is where the rows end.

    Lines are written from place `first`. `overflow` marks, by position, members whose sums are too large.
    """
    run: Any = _decide_members
    counted = columns._replace(**{name: getattr(columns, name).view(np.uint64) for name in ("case", "day", "month")})
    run(*terms, member_start.view(np.uint64), *counted, np.uint64(first), *out, overflow)


# Arrays go in one by one: of a tuple's members Numba counts references at every use, which made this ten times slower.
# What a row touches is written in place for the same reason; the parts that are inlined take arrays and numbers.
# Places are unsigned: of a signed one Numba asks at every use whether it counts from the end, a third of the time.


@njit(inline="always")
def _entitlement(above: Array, rate: Array, first: int, last: int, start: int, end: int) -> Any:
    """What the tiers give from `start` to `end` fen of the year's excess, exact: in fen × basis points."""
    exact = 0
    tier = last
    while tier > first and end > start:
        tier -= _ONE
        if end > above[tier]:
            lower = max(start, above[tier])
            exact += (end - lower) * rate[tier]
            end = lower
    return exact


@njit(inline="always")
def _two_tiers(plain: Array, entry: int, start: int, end: int) -> Any:
    """What `_entitlement` gives for two tiers, or for one, of which all is below `UPPER_ABOVE`."""
    lower = min(end, plain[entry, UPPER_ABOVE]) - min(start, plain[entry, UPPER_ABOVE])
    return lower * plain[entry, LOWER_RATE] + (end - start - lower) * plain[entry, UPPER_RATE]


@njit(inline="always")
def _to_fen(entitlement: int) -> Any:
    # No entitlement is negative, and an unsigned division by a constant is a multiplication.
    return np.int64(np.uint64(entitlement + _BASIS // 2) // np.uint64(_BASIS))


@njit(inline="always")
def _rounded(payable: int, unit: int, half: int) -> Any:
    return payable if unit == 0 else (payable + (unit // 2 if half else 0)) // unit * unit


@njit(inline="always")
def _units(allowance: Array, entry: int, stay: int, seen: Array, benefit: int, month: int, before: int) -> Any:
    """The units of an allowance that a bill brings: events, days of the stay, or a month that was not yet seen."""
    count = 1
    if allowance[entry, 0] == BY_DAY:
        count = max(0, max(1, stay) - allowance[entry, 2])
    elif allowance[entry, 0] == BY_MONTH:
        count = 0 if seen[benefit, month] else 1
        seen[benefit, month] = True
    return min(count, allowance[entry, 3] - before)


@njit(cache=True, nogil=True, error_model="numpy")
def _decide_members(  # noqa: PLR0912, PLR0915 - one loop, see above
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
    entry_plain: Array,
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
    benefits, pools, year_pools, month_pools, day_pools, months, days, by_bill = sizes
    # Of deductibles and limits: what is used in the year stands in row 0, what on the bill in row 1.
    # Of limits there is one pool more, of plain entries that have none: nobody looks into it.
    deductible_used, used = np.zeros((2, pools), np.int64), np.zeros((2, year_pools + 1), np.int64)
    month_used, day_used = np.zeros((month_pools, months), np.int64), np.zeros((day_pools, days), np.int64)
    excess_so_far, units = np.zeros(benefits, np.int64), np.zeros(benefits, np.int64)
    # What the tiers gave so far, whatever tiers each bill met: exact, and rounded to the fen.
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
                if entry_plain[entry, PLAIN]:
                    base = amounts[np.uint64(entry_plain[entry, COLUMN]), row]
                    less, earlier = entry_plain[entry, LESS_BENEFITS], _ZERO
                    while less:
                        base -= paid[earlier] * (less & 1)
                        less, earlier = less >> 1, earlier + _ONE
                    base = max(0, base)
                    pool = np.uint64(entry_plain[entry, DEDUCTIBLE_POOL])
                    applied = min(base, max(0, entry_plain[entry, DEDUCTIBLE] - deductible_used[0, pool]))
                    deductible_used[0, pool] += applied
                    before = excess_so_far[benefit]
                    after = before + base - applied
                    if after > LARGEST_YEAR:
                        overflow[member] = True
                        after = before
                    payable = 0
                    if after > before:
                        excess_so_far[benefit] = after
                        entitled[benefit] += _two_tiers(entry_plain, entry, before, after)
                        payable = -entitled_fen[benefit]
                        entitled_fen[benefit] = _to_fen(entitled[benefit])
                        pool = np.uint64(entry_plain[entry, LIMIT_POOL])
                        payable = min(payable + entitled_fen[benefit], left)
                        payable = min(payable, max(0, entry_plain[entry, LIMIT] - used[0, pool]))
                        used[0, pool] += payable
                        left -= payable
                    paid[benefit] = payable
                    out_row[place], out_benefit[place] = rows[row], benefit
                    out_base[place], out_deductible[place] = base, applied
                    out_excess[place], out_payable[place] = after - before, payable
                    place += _ONE
                    continue
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
                    count = _units(entry_allowance, entry, stay[row], seen, benefit, month[row], units[benefit])
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
                    entitled[benefit] += _entitlement(tier_above, tier_rate, first, last, before, after)
                    payable = -entitled_fen[benefit]
                    entitled_fen[benefit] = _to_fen(entitled[benefit])
                    payable = _rounded(
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
